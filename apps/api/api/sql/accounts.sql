-- name: by_email
select
    id,
    email,
    password,
    is_active,
    email_verified_at is not null as is_verified,
    coalesce(locked_until > now(), false) as is_locked
from account
where email = $1

-- name: by_id
select
    id,
    email,
    password,
    is_active,
    email_verified_at is not null as is_verified,
    coalesce(locked_until > now(), false) as is_locked
from account
where id = $1

-- name: lock_by_id
-- What changes an account waits for whoever changes it already.
select
    id,
    email,
    password,
    is_active,
    email_verified_at is not null as is_verified,
    coalesce(locked_until > now(), false) as is_locked
from account
where id = $1
for update

-- name: add_account
insert into account (email, password, display_name, email_verified_at)
values ($1, $2, $3, case when $4::boolean then now() end)
on conflict (email) do nothing
returning id

-- name: add_profile
insert into profile (account_id, avatar_url, updated_at) values ($1, $2, now())
on conflict (account_id) do nothing

-- name: note_failed_login
-- The fifth failure locks; while locked nothing is counted. An account that there is not is counted nowhere.
update account
set
    failed_logins = case when failed_logins + 1 >= $2 then 0 else failed_logins + 1 end,
    locked_until = case when failed_logins + 1 >= $2 then now() + $3::interval else locked_until end
where id = $1 and (locked_until is null or locked_until <= now())
returning failed_logins = 0 as is_locked

-- name: note_login
-- Fails to find the account if it was locked while the password was checked.
update account
set failed_logins = 0, locked_until = null, last_login = now()
where id = $1 and is_active and (locked_until is null or locked_until <= now())
returning id

-- name: set_password
update account
set password = $2, failed_logins = 0, locked_until = null, updated_at = now()
where id = $1

-- name: verify_email
update account
set email_verified_at = coalesce(email_verified_at, now()), updated_at = now()
where id = $1 and email = $2
returning id

-- name: change_email
update account set email = $2, email_verified_at = now(), updated_at = now() where id = $1

-- name: is_email_verified
select exists (select from account where id = $1 and email = $2 and email_verified_at is not null) as is_verified

-- name: change_name
update account set display_name = $2, updated_at = now() where id = $1

-- name: change_profile
insert into profile (account_id, bio, avatar_url, updated_at)
values ($1, case when $2::boolean then $3 else '' end, case when $4::boolean then $5 end, now())
on conflict (account_id) do update
set
    bio = case when $2::boolean then excluded.bio else profile.bio end,
    avatar_url = case when $4::boolean then excluded.avatar_url else profile.avatar_url end,
    updated_at = now()

-- name: delete_account
-- What belongs to the account goes with it, by the rules of the foreign keys.
delete from account where id = $1

-- name: me
-- One's own account, if its session is open: who asks and what is asked for in one round trip.
select
    a.id,
    a.email,
    a.email_verified_at is not null as email_verified,
    (
        select t.email
        from one_time_token t
        where t.account_id = a.id and t.purpose = 'change_email' and t.used_at is null and t.expires_at > now()
        order by t.created_at desc
        limit 1
    ) as pending_email,
    a.display_name,
    coalesce(p.bio, '') as bio,
    p.avatar_url,
    a.is_staff,
    starts_with(a.password, 'argon2$') as has_password,
    a.created_at
from auth_session s
join account a on a.id = s.account_id
left join profile p on p.account_id = a.id
where s.id = $1 and a.id = $2 and s.revoked_at is null and s.expires_at > now() and a.is_active
