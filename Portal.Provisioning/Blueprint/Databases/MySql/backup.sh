#!/bin/bash
# Dumps the application's database, checks that the dump is whole, then removes those that are too old.
#   SOURCE (host), DATABASE, KEEP_DAYS; NAME (file name, app-TIME.sql.gz by default)
#   NUMBER (of a backup that was asked for) and JOB (that runs this): a backup is made once for each, however often what comes after it fails
#   password in /run/secrets/mysql/backup; dumps go to /dumps
set -euo pipefail
MYSQL_PWD=$(cat /run/secrets/mysql/backup)
export MYSQL_PWD
say() { printf '{"msg":"%s"}\n' "$*"; }
if [ -n "${NUMBER:-}" ] && [ "$(cat /dumps/.asked 2> /dev/null)" = "$NUMBER" ]; then
  say "backup $NUMBER is there already"
  exit 0
fi
if [ -n "${JOB:-}" ] && [ "$(cat /dumps/.job 2> /dev/null)" = "$JOB" ]; then
  say "this Job has made its backup already"
  exit 0
fi

deadline=$((SECONDS + 600))
until unfinished=$(mysql -h "$SOURCE" -u backup -N -B -e "SELECT COUNT(*) FROM portal.restores WHERE finished_at IS NULL AND number = (SELECT MAX(number) FROM portal.restores)"); do
  [ "$SECONDS" -lt "$deadline" ] || exit 1
  sleep 3
done
if [ "$unfinished" != 0 ] && [ -z "${NAME:-}" ]; then
  say "a restore is not finished: what is there now is not worth keeping"
  exit 1
fi

file=/dumps/${NAME:-app-$(date -u +%Y%m%dT%H%M%SZ).sql.gz}
find /dumps -maxdepth 1 -type f -name '*.part' -mmin +1440 -delete
mysqldump -h "$SOURCE" -u backup --single-transaction --quick --routines --triggers --events --hex-blob --no-tablespaces \
  --set-gtid-purged=OFF "$DATABASE" | gzip > "$file.part"
gzip -t "$file.part"
zcat "$file.part" | tail -n 1 | grep 'Dump completed' > /dev/null
mv "$file.part" "$file"
# Only after a good dump, so that a backup that fails for days does not eat its predecessors; and never the one that a restore is about to load.
[ -n "${NAME:-}" ] || find /dumps -maxdepth 1 -name '*.sql.gz' -mtime "+$KEEP_DAYS" -delete
[ -z "${NUMBER:-}" ] || echo "$NUMBER" > /dumps/.asked
[ -z "${JOB:-}" ] || echo "$JOB" > /dumps/.job
printf '{"msg":"dump complete","file":"%s","bytes":%s}\n' "$file" "$(stat -c %s "$file")"
