"""A user's copy of their data, put together by the database: it never passes through the worker's memory."""

from datetime import timedelta

from django.db import connection

from django_admin.jobs.errors import JobImpossible
from django_admin.jobs.models import Job
from django_admin.mail import outbox

KEPT = timedelta(days=7)
# Database and API hold a whole export in memory, a few times over.
MAX_BYTES = 10_000_000
TOO_LARGE = "Your data is too large to be exported here. Please write to whoever runs this site."

SIZE = """
select coalesce(sum(octet_length(title) + octet_length(description) + 250), 0)
from item
where owner_id = %(account)s
"""
EXPORT = """
update job set expires_at = statement_timestamp() + %(kept)s, result = jsonb_build_object(
    'exported_at', statement_timestamp(),
    'account', (
        select jsonb_build_object(
            'id', id, 'email', email, 'email_verified_at', email_verified_at, 'display_name', display_name,
            'created_at', created_at, 'updated_at', updated_at, 'last_login', last_login
        )
        from account where id = %(account)s
    ),
    'profile', (
        select jsonb_build_object('bio', bio, 'avatar_url', avatar_url, 'updated_at', updated_at)
        from profile where account_id = %(account)s
    ),
    'items', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', id, 'title', title, 'description', description, 'version', version,
            'created_at', created_at, 'updated_at', updated_at
        ) order by created_at desc, id desc), '[]')
        from item where owner_id = %(account)s
    ),
    'sessions', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'created_at', created_at, 'last_used_at', last_used_at, 'expires_at', expires_at,
            'revoked_at', revoked_at, 'user_agent', user_agent, 'ip', host(ip)
        ) order by created_at desc), '[]')
        from auth_session where account_id = %(account)s
    ),
    'providers', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'provider', provider, 'email', email, 'created_at', created_at
        ) order by created_at), '[]')
        from oauth_account where account_id = %(account)s
    ),
    'security_events', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'action', action, 'ip', host(ip), 'user_agent', user_agent, 'created_at', created_at
        ) order by created_at desc), '[]')
        from (
            select action, ip, user_agent, created_at
            from audit_event where account_id = %(account)s
            order by created_at desc
            limit 5000
        ) as latest
    ),
    'mails', (
        select coalesce(jsonb_agg(jsonb_build_object(
            'template', template, 'recipient', recipient, 'status', status, 'created_at', created_at, 'sent_at', sent_at
        ) order by created_at desc), '[]')
        from email_outbox where account_id = %(account)s
    )
)
where id = %(job)s
"""


def export(job: Job) -> None:
    """Put the copy into the job and post the mail that says so; raise `JobImpossible` if it is too large."""
    if job.account is None:
        raise JobImpossible("The account is gone.")
    values = {"account": job.account.pk, "job": job.pk, "kept": KEPT}
    with connection.cursor() as cursor:
        cursor.execute(SIZE, values)
        (size,) = cursor.fetchone()
        if size > MAX_BYTES:
            raise JobImpossible(TOO_LARGE)
        cursor.execute(EXPORT, values)
    outbox.post("export_ready", job.account.email, job.account, job_id=str(job.pk))
