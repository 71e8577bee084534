#!/bin/sh
# Builds static/report.css and static/app.css; see static/README.md. Usage: static/src/build.sh [empty folder]
set -eu
src=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
cd "$work"
[ -d node_modules/govuk-frontend ] || npm install --no-audit --no-fund govuk-frontend@6.6.0 sass@1.108.2
for bundle in report app; do
  npx sass --style=compressed --no-source-map --quiet-deps --load-path=node_modules/govuk-frontend/dist \
    "$src/$bundle.scss" "$bundle.css"
  # One class prefix for the library's parts and our own.
  { printf '/* Parts from GOV.UK Frontend 6.6.0, MIT, Crown Copyright: static/README.md */\n'
    sed 's/govuk-/sw-/g' "$bundle.css"; } > "$src/../$bundle.css"
  printf '%s.css: %s bytes gzip\n' "$bundle" "$(gzip -9 < "$src/../$bundle.css" | wc -c)"
done
