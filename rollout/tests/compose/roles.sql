\set owner_password `cat /run/secrets/owner_password`
select 'create role slipway_owner' where not exists (select from pg_roles where rolname = 'slipway_owner')
\gexec
alter role slipway_owner with login password :'owner_password';
select 'create database slipway owner slipway_owner' where not exists (select from pg_database where datname = 'slipway')
\gexec
