-- The database, its roles and their passwords; run with psql as superuser at each release, safe to run again.
--
--   psql -X -v ON_ERROR_STOP=1 -f /etc/slipway/roles.sql
--
-- slipway_owner owns the database and migrates it; slipway_django reads and writes every table that the owner makes;
-- slipway_api has only what migrations grant to it. None is a superuser. Passwords are read here, inside psql, from
-- the container's secret files, so that they are never an argument or a variable of the environment.
\set ON_ERROR_STOP on
\set QUIET on
\set owner_password `cat /run/secrets/owner_password`
\set django_password `cat /run/secrets/django_password`
\set api_password `cat /run/secrets/api_password`

-- A statement that sets a password must reach no log, not even when it fails.
set log_statement = 'none';
set log_min_error_statement = 'panic';
set log_min_duration_statement = -1;
set password_encryption = 'scram-sha-256';
set client_min_messages = 'warning';

select '' in (:'owner_password', :'django_password', :'api_password') as a_password_is_missing \gset
\if :a_password_is_missing
    do $$ begin
        raise exception 'roles.sql: owner_password, django_password and api_password must each be a non-empty file in /run/secrets';
    end $$;
\endif

select format('create role %I', name)
from (values ('slipway_owner'), ('slipway_django'), ('slipway_api')) as wanted (name)
where not exists (select from pg_roles where rolname = name)
\gexec

alter role slipway_owner with login inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'owner_password';
alter role slipway_django with login inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'django_password';
alter role slipway_api with login inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'api_password';

-- The schema check plans each of the API's statements with the API's rights: SET ROLE is allowed, inheriting is not.
grant slipway_api to slipway_owner, slipway_django with inherit false, set true;

-- A migration that gets no lock tells who holds it.
grant pg_read_all_stats to slipway_owner;

select 'create database slipway owner slipway_owner template template0 encoding ''UTF8'''
where not exists (select from pg_database where datname = 'slipway')
\gexec

alter database slipway owner to slipway_owner;
revoke all on database slipway from public;
revoke connect on database postgres, template1 from public;
grant connect on database slipway to slipway_django, slipway_api;

alter role slipway_django in database slipway set statement_timeout = '30s';
alter role slipway_django in database slipway set idle_in_transaction_session_timeout = '60s';
alter role slipway_api in database slipway set statement_timeout = '10s';
alter role slipway_api in database slipway set idle_in_transaction_session_timeout = '15s';

\connect slipway
set client_min_messages = 'warning';

revoke all on schema public from public;
grant usage on schema public to slipway_django, slipway_api;

-- For what the owner makes from now on, and for what a restore has brought.
alter default privileges for role slipway_owner revoke execute on functions from public;
alter default privileges for role slipway_owner in schema public
    grant select, insert, update, delete on tables to slipway_django;
alter default privileges for role slipway_owner in schema public grant usage, select on sequences to slipway_django;
grant select, insert, update, delete on all tables in schema public to slipway_django;
grant usage, select on all sequences in schema public to slipway_django;
