-- name: answer
-- Proves that the database runs statements for this role; it touches no table, so it holds before any migration.
select 1 as answer
