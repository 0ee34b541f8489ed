#!/bin/sh
# Keeps the official image's contract: options, and the names of traefik's own commands, are given to traefik.
set -e

case "${1-}" in
  -* | version | healthcheck) set -- traefik "$@" ;;
esac
exec "$@"
