-- name: add_token
insert into one_time_token (account_id, purpose, token_hash, email, expires_at)
values ($1, $2, $3, $4, now() + $5::interval)

-- name: find_token
-- To refuse a bad token before a password is hashed for it.
select account_id, purpose, email
from one_time_token
where token_hash = $1 and purpose = $2 and used_at is null and expires_at > now()

-- name: find_used_token
select account_id, purpose, email
from one_time_token
where token_hash = $1 and purpose = any($2::text[]) and used_at is not null and expires_at > now()

-- name: use_token
-- One caller alone gets the row.
update one_time_token
set used_at = now()
where token_hash = $1 and purpose = any($2::text[]) and used_at is null and expires_at > now()
returning account_id, purpose, email

-- name: retire_tokens
-- The unused ones of these purposes are good for nothing from now on.
update one_time_token
set used_at = now()
where account_id = $1 and purpose = any($2::text[]) and used_at is null
