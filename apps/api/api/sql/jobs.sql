-- name: unfinished
select id, kind, status, created_at, finished_at, result, error
from job
where account_id = $1 and kind = $2 and status in ('queued', 'running')
order by created_at desc
limit 1

-- name: add
insert into job (account_id, kind)
values ($1, $2)
returning id, kind, status, created_at, finished_at, result, error

-- name: one
select id, kind, status, created_at, finished_at, result, error
from job
where id = $1 and account_id = $2
