#!/bin/sh
# Keeps the official image's contract: an option, or a word that is no command, is given to node.
set -e

if [ "${1#-}" != "${1-}" ] || [ -z "$(command -v "${1-}")" ] || { [ -f "$1" ] && [ ! -x "$1" ]; }; then
  set -- node "$@"
fi
exec "$@"
