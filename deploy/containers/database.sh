#!/bin/sh
# PostgreSQL in its container: makes the cluster, the role and the database `cps` the first time, then serves its socket.
set -eu
bin=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
if [ ! -e "$data/PG_VERSION" ]; then
    rm -rf "$data.new"
    "$bin/initdb" --pgdata="$data.new" --data-checksums --encoding=UTF8 --locale=C.UTF-8 --auth=peer >/dev/null
    printf '%s\n' 'CREATE ROLE cps LOGIN;' 'CREATE DATABASE cps OWNER cps;' 'REVOKE ALL ON DATABASE cps FROM PUBLIC;' |
        while read -r statement; do
            echo "$statement" | "$bin/postgres" --single -D "$data.new" postgres >/dev/null
        done
    mv "$data.new" "$data" # whole, or not at all
fi
exec "$bin/postgres" -D "$data" -c listen_addresses= -c unix_socket_directories=/run/postgresql \
    -c shared_buffers="${SHARED_BUFFERS:-256MB}" -c max_connections=100 -c jit=off \
    -c idle_in_transaction_session_timeout=10min -c log_min_error_statement=panic -c log_error_verbosity=terse \
    -c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0
