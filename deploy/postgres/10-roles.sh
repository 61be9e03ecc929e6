#!/bin/bash
# Once, when the cluster is made. The owner makes the application's role, because it gives that role its schools later.
set -eu
psql --username postgres --dbname campanile --set ON_ERROR_STOP=1 \
    --set owner="$(cat /run/secrets/owner_password)" --set app="$(cat /run/secrets/app_password)" <<'SQL'
CREATE ROLE campanile_owner LOGIN CREATEROLE CREATEDB PASSWORD :'owner';
ALTER DATABASE campanile OWNER TO campanile_owner;
ALTER SCHEMA public OWNER TO campanile_owner;
SET ROLE campanile_owner;
CREATE ROLE campanile_app LOGIN NOINHERIT PASSWORD :'app';
ALTER ROLE campanile_app SET search_path = no_school_selected;
ALTER ROLE campanile_app SET timezone = 'UTC';
SQL
