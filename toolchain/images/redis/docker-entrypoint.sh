#!/bin/bash
# Keeps the official image's contract: options or a .conf file alone mean redis-server, which never runs as root.
set -euo pipefail

if [[ ${1-} == -* || ${1-} == *.conf ]]; then set -- redis-server "$@"; fi

if [[ ${1-} == redis-server && $(id -u) == 0 ]]; then
  find . ! -user redis -exec chown redis '{}' +
  exec setpriv --reuid=redis --regid=redis --clear-groups "$0" "$@"
fi

if [[ ${1-} == redis-server ]]; then
  umask 0077
  # The official build has protected mode off, because in a container every client is remote; an option after it wins.
  if [[ ${2-} == *.conf ]]; then
    if ! grep -q '^[[:space:]]*protected-mode' "$2"; then set -- "$1" "$2" --protected-mode no "${@:3}"; fi
  elif [[ ${2-} != - && ${2-} != -v && ${2-} != --version && ${2-} != -h && ${2-} != --help ]]; then
    set -- "$1" --protected-mode no "${@:2}"
  fi
fi
exec "$@"
