#!/bin/sh
# Keeps the official image's contract: a configuration file alone means serve, the registry's own commands need no prefix.
set -e

case "${1-}" in
  *.yaml | *.yml) set -- registry serve "$@" ;;
  serve | garbage-collect | help | -*) set -- registry "$@" ;;
esac
exec "$@"
