#!/bin/sh
# Fills each template of /etc/nginx/templates with the environment's variables, as the official image does.
set -eu

templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
output=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
filter=${NGINX_ENVSUBST_FILTER:-}

[ -d "$templates" ] || exit 0
if [ ! -w "$output" ]; then
  echo "$0: $output is not writable, so no template was filled" >&2
  exit 0
fi
# Only variables that exist: nginx has its own words that begin with a dollar sign.
names=$(awk -v filter="$filter" 'BEGIN { for (n in ENVIRON) if (n ~ /^[A-Za-z_][A-Za-z0-9_]*$/ && n ~ filter) printf "${%s} ", n }')
find "$templates" -follow -type f -name "*$suffix" | while IFS= read -r template; do
  target=$output/${template#"$templates"/}
  target=${target%"$suffix"}
  mkdir -p "$(dirname "$target")"
  envsubst "$names" < "$template" > "$target"
done
