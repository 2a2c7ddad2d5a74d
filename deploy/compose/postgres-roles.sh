#!/bin/bash
# Runs once, when the database server's volume is empty: a role and databases for Ballast, others for Temporal.
# Neither may read the other's, nor make roles (docs/postgresql.md).
set -euo pipefail

psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
  --set ballast_password="$BALLAST_DB_PASSWORD" --set temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
CREATE ROLE ballast LOGIN PASSWORD :'ballast_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE ballast OWNER ballast;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE ballast, temporal, temporal_visibility FROM PUBLIC;
SQL
