-- name: claim
-- A second request with the key waits here until the first has ended, and then gets no row.
insert into idempotent_request (scope, key, route, request_hash)
values ($1, $2, $3, $4)
on conflict (scope, route, key) do nothing
returning id

-- name: answer_of
select request_hash, status, body, headers
from idempotent_request
where scope = $1 and key = $2 and route = $3

-- name: keep_answer
update idempotent_request
set status = $2, body = $3::jsonb, headers = $4::jsonb
where id = $1
