-- name: account_of
select account_id from oauth_account where provider = $1 and subject = $2

-- name: link
insert into oauth_account (account_id, provider, subject, email)
values ($1, $2, $3, $4)
on conflict (account_id, provider) do nothing
returning id
