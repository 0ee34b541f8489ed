-- name: actor
-- Who asks, as long as the session is open and the account switched on.
select a.id as account_id, s.id as session_id, a.is_staff
from auth_session s
join account a on a.id = s.account_id
where s.id = $1 and a.id = $2 and s.revoked_at is null and s.expires_at > now() and a.is_active

-- name: open_session
insert into auth_session (account_id, last_used_at, expires_at, user_agent, ip)
values ($1, now(), now() + $2::interval, $3, $4)
returning id

-- name: add_refresh_token
insert into refresh_token (session_id, token_hash, issued_at, expires_at)
values ($1, $2, now(), now() + $3::interval)

-- name: lock_refresh_token
-- Two uses of one token at the same time wait for each other here, so that the second is seen as one.
select
    t.id,
    t.session_id,
    s.account_id,
    t.used_at is not null as is_used,
    t.expires_at > now() and s.expires_at > now() and s.revoked_at is null and a.is_active as is_open
from refresh_token t
join auth_session s on s.id = t.session_id
join account a on a.id = s.account_id
where t.token_hash = $1
for update of t, s

-- name: use_refresh_token
update refresh_token set used_at = now() where id = $1

-- name: touch_session
update auth_session
set last_used_at = now(), expires_at = now() + $2::interval, user_agent = $3, ip = $4
where id = $1

-- name: revoke_session
update auth_session
set revoked_at = now(), revoked_reason = $3
where id = $1 and account_id = $2 and revoked_at is null and expires_at > now()
returning id

-- name: revoke_sessions
-- Every session of an account, but for one that may be spared.
update auth_session
set revoked_at = now(), revoked_reason = $2
where account_id = $1 and revoked_at is null and id is distinct from $3::uuid
returning id

-- name: sessions_of
select id, created_at, last_used_at, expires_at, user_agent, host(ip) as ip
from auth_session
where account_id = $1 and revoked_at is null and expires_at > now()
order by last_used_at desc, id desc
limit 200
