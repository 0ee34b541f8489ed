#!/bin/sh
# Keeps the official image's contract: the first user by variables or a secret file, the port by a variable.
set -eu

if [ -n "${PGADMIN_DEFAULT_PASSWORD_FILE:-}" ]; then
    PGADMIN_DEFAULT_PASSWORD=$(cat "$PGADMIN_DEFAULT_PASSWORD_FILE")
fi
if [ ! -s /var/lib/pgadmin/pgadmin4.db ]; then
    PGADMIN_SETUP_EMAIL=${PGADMIN_DEFAULT_EMAIL:?} PGADMIN_SETUP_PASSWORD=${PGADMIN_DEFAULT_PASSWORD:?} \
        python setup.py setup-db
fi
unset PGADMIN_DEFAULT_PASSWORD
exec gunicorn --bind "[::]:${PGADMIN_LISTEN_PORT:-80}" --workers 1 --threads 25 --access-logfile - pgAdmin4:app
