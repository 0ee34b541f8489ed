#!/bin/bash
# Keeps the official image's contract: make a cluster when the folder is empty, run what the user mounted, then serve.
set -Eeuo pipefail

fail() { printf 'postgres: %s\n' "$@" >&2; exit 1; }

# NAME or NAME_FILE, never both; the result is exported as NAME.
setting() {
  local name=$1 file_name=$1_FILE default=${2-}
  if [[ -n ${!name-} && -n ${!file_name-} ]]; then fail "both $name and $file_name are set: keep one of them"; fi
  local value=${!name-$default}
  if [[ -n ${!file_name-} ]]; then value=$(<"${!file_name}"); fi
  export "$name=$value"
  unset "$file_name"
}

become_postgres() {
  mkdir -p "$PGDATA" /var/run/postgresql
  find "$PGDATA" ! -user postgres -exec chown postgres '{}' +
  find /var/run/postgresql ! -user postgres -exec chown postgres '{}' +
  chmod 00700 "$PGDATA"
  chmod 03775 /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
}

require_password() {
  if [[ -n $POSTGRES_PASSWORD || ${POSTGRES_HOST_AUTH_METHOD-} == trust ]]; then return; fi
  fail "the cluster is new and the superuser has no password" \
    "give POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, or POSTGRES_HOST_AUTH_METHOD=trust to let anybody in"
}

make_cluster() {
  local arguments=()
  if [[ -n ${POSTGRES_INITDB_WALDIR-} ]]; then arguments+=(--waldir "$POSTGRES_INITDB_WALDIR"); fi
  # The extra arguments are one string by the official contract, quoted as in a shell.
  eval "arguments+=(${POSTGRES_INITDB_ARGS-})"
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${arguments[@]}"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
}

in_database() {
  PGHOST='' PGHOSTADDR='' PGPASSWORD=$POSTGRES_PASSWORD \
    psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc --username "$POSTGRES_USER" "$@"
}

make_database() {
  if [[ $POSTGRES_DB == postgres ]]; then return; fi
  in_database --dbname postgres --set db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db" ;'
}

run_mounted_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh)
        printf 'postgres: running %s\n' "$file"
        # shellcheck source=/dev/null
        if [[ -x $file ]]; then "$file"; else . "$file"; fi ;;
      *.sql) printf 'postgres: running %s\n' "$file"; in_database --dbname "$POSTGRES_DB" -f "$file" ;;
      *.sql.gz) printf 'postgres: running %s\n' "$file"; gunzip -c "$file" | in_database --dbname "$POSTGRES_DB" ;;
      /docker-entrypoint-initdb.d/'*') ;;
      *) printf 'postgres: leaving %s alone\n' "$file" ;;
    esac
  done
}

# The official image's mounted shell scripts may call this name.
docker_process_sql() { in_database --dbname "$POSTGRES_DB" "$@"; }

fill_cluster() {
  # Over the local socket only: nobody may connect before the files have run.
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")" -w start
  make_database
  run_mounted_files
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
}

main() {
  if [[ ${1-} == -* ]]; then set -- postgres "$@"; fi
  if [[ ${1-} != postgres ]]; then exec "$@"; fi
  local argument
  for argument in "$@"; do
    case $argument in -\? | --help | --describe-config | -V | --version) exec "$@" ;; esac
  done
  if [[ $(id -u) == 0 ]]; then become_postgres "$@"; fi
  if [[ ! -s $PGDATA/PG_VERSION ]]; then
    setting POSTGRES_PASSWORD
    setting POSTGRES_USER postgres
    setting POSTGRES_DB "$POSTGRES_USER"
    setting POSTGRES_INITDB_ARGS
    require_password
    mkdir -p "$PGDATA"
    chmod 00700 "$PGDATA"
    make_cluster
    fill_cluster "${@:2}"
    unset PGPASSWORD
    printf 'postgres: the new cluster is ready\n'
  fi
  exec "$@"
}

main "$@"
