#!/bin/sh
# Brings Temporal's two databases to the schema of the admin-tools image; harmless when they are there already.
set -eu
for database in temporal temporal_visibility; do
  case $database in
    temporal) schema=temporal ;;
    *) schema=visibility ;;
  esac
  tool="temporal-sql-tool --plugin postgres12_pgx --ep postgres --port 5432 --user temporal --db $database"
  # setup-schema refuses a database that has a version already: then only the update is due.
  $tool setup-schema -v 0.0 || echo "$database is set up already"
  $tool update-schema --schema-name "postgresql/v12/$schema"
done
