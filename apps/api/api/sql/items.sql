-- name: page_first
-- The newest items.
select id, owner_id, title, description, created_at, updated_at
from item
order by created_at desc, id desc
limit $1

-- name: page_after
-- Newest first; the cursor is the last row seen, so a page costs the same at any depth.
select id, owner_id, title, description, created_at, updated_at
from item
where (created_at, id) < ($1, $2)
order by created_at desc, id desc
limit $3
