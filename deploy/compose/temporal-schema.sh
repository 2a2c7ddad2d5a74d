#!/bin/sh
# Brings Temporal's two databases to the schema of its version; does nothing where they have it.
set -eu

schema=/etc/temporal/schema/postgresql/v12

bring_up() {
  sql="temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal --database $1"
  $sql setup-schema --version 0.0
  $sql update-schema --schema-dir "$schema/$2/versioned"
}

bring_up temporal temporal
bring_up temporal_visibility visibility
