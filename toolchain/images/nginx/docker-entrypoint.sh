#!/bin/sh
# Keeps the official image's contract: before nginx starts, the files of /docker-entrypoint.d run in their order.
set -e

tell() { [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$0: $*"; }

if [ "${1-}" = nginx ] || [ "${1-}" = nginx-debug ]; then
  for file in /docker-entrypoint.d/*; do
    case "$file" in
      *.envsh)
        if [ -x "$file" ]; then tell "sourcing $file"; . "$file"; else tell "leaving $file alone, it is not executable"; fi ;;
      *.sh)
        if [ -x "$file" ]; then tell "running $file"; "$file"; else tell "leaving $file alone, it is not executable"; fi ;;
      *) tell "leaving $file alone" ;;
    esac
  done
fi
exec "$@"
