#!/bin/sh
# A backup every BACKUP_EVERY seconds into the repository that RESTIC_REPOSITORY and RESTIC_PASSWORD_FILE name, encrypted:
# the database first and then the photos, so that every photo a row names is there.
set -eu
one() {
    pg_dump --host=/run/postgresql --format=custom --compress=0 cps |
        restic backup --quiet --host cps --tag database --stdin --stdin-filename cps.dump
    (cd /var/lib/cps && restic backup --quiet --host cps --tag files .)
    restic forget --quiet --host cps --group-by tags --keep-hourly 48 --keep-daily 30 --keep-monthly 12 --prune
}
case ${1:-} in
once) one; exit ;;
restic) exec "$@" ;;
esac
restic cat config >/dev/null 2>&1 || restic init
while :; do
    one && date -u +%FT%TZ > /tmp/last && echo "backup: done" || echo "backup: FAILED, tried again in ${BACKUP_EVERY:-3600} s" >&2
    sleep "${BACKUP_EVERY:-3600}" &
    wait $!
done
