-- name: flags
select name, enabled from feature_flag order by name
