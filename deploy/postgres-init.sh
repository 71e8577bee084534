#!/bin/bash
# Run once by the PostgreSQL image on an empty volume: one role and its databases for us, one for Temporal.
set -euo pipefail
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 \
  --set ours="$DATABASE_PASSWORD" --set theirs="$TEMPORAL_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE shouwang LOGIN PASSWORD :'ours';
CREATE DATABASE shouwang OWNER shouwang;
CREATE ROLE temporal LOGIN PASSWORD :'theirs';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
\connect temporal_visibility
CREATE EXTENSION IF NOT EXISTS btree_gin;
SQL
