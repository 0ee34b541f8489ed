-- name: record
insert into audit_event (account_id, action, ip, user_agent, request_id, detail)
values ($1, $2, $3, $4, $5, $6::jsonb)
