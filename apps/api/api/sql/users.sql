-- name: page
select id, email, display_name, is_active, is_staff, email_verified_at is not null as email_verified, created_at
from account
where (created_at, id) < ($1, $2)
order by created_at desc, id desc
limit $3

-- name: search
select id, email, display_name, is_active, is_staff, email_verified_at is not null as email_verified, created_at
from account
where (created_at, id) < ($1, $2) and (email ilike $4 or display_name ilike $4)
order by created_at desc, id desc
limit $3
