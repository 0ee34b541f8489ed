#!/bin/sh
# Keeps the official image's contract: options, and the names of traefik's own commands, are given to traefik.
set -e

if [ "${1#-}" != "${1-}" ]; then
  set -- traefik "$@"
elif traefik "${1-}" --help 2>/dev/null | grep -q "traefik ${1-} "; then
  set -- traefik "$@"
fi
exec "$@"
