-- name: page
-- Newest first; the cursor is the last row seen, so a page costs the same at any depth.
select id, owner_id, title, description, version, created_at, updated_at
from item
where (created_at, id) < ($1, $2)
order by created_at desc, id desc
limit $3

-- name: search
select id, owner_id, title, description, version, created_at, updated_at
from item
where (created_at, id) < ($1, $2) and title ilike $4
order by created_at desc, id desc
limit $3

-- name: search_recent
-- What has no trigram is found by no index: if rare, it would be looked for in the whole table. So among the newest only.
select id, owner_id, title, description, version, created_at, updated_at
from (
    select id, owner_id, title, description, version, created_at, updated_at
    from item
    where (created_at, id) < ($1, $2)
    order by created_at desc, id desc
    limit 20000
) recent
where title ilike $4
order by created_at desc, id desc
limit $3

-- name: page_of_owner
select id, owner_id, title, description, version, created_at, updated_at
from item
where (created_at, id) < ($1, $2) and owner_id = $4
order by created_at desc, id desc
limit $3

-- name: search_of_owner
select id, owner_id, title, description, version, created_at, updated_at
from item
where (created_at, id) < ($1, $2) and owner_id = $4 and title ilike $5
order by created_at desc, id desc
limit $3

-- name: one
select id, owner_id, title, description, version, created_at, updated_at
from item
where id = $1

-- name: lock
-- A change waits for whoever changes the item already.
select owner_id, version from item where id = $1 for update

-- name: create
-- Who asks, the item and its audit event in one round trip; no row comes back if the session is over.
with actor as (
    select a.id
    from auth_session s
    join account a on a.id = s.account_id
    where s.id = $1 and a.id = $2 and s.revoked_at is null and s.expires_at > now() and a.is_active
),
created as (
    insert into item (owner_id, title, description)
    select actor.id, $3::text, $4::text from actor
    returning id, owner_id, title, description, version, created_at, updated_at
),
recorded as (
    insert into audit_event (account_id, action, ip, user_agent, request_id, detail)
    select owner_id, 'item_created', $5::inet, $6::text, $7::text, jsonb_build_object('item', id) from created
)
select id, owner_id, title, description, version, created_at, updated_at from created

-- name: change
update item
set
    title = coalesce($2::text, title),
    description = coalesce($3::text, description),
    version = version + 1,
    updated_at = now()
where id = $1
returning id, owner_id, title, description, version, created_at, updated_at

-- name: delete
delete from item where id = $1
