-- name: add_mail
-- In the same transaction as what it tells of; a worker sends it.
insert into email_outbox (account_id, recipient, template, context)
values ($1, $2, $3, $4::jsonb)
returning id
