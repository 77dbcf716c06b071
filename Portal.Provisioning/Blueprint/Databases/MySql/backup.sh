#!/bin/bash
# Dumps everything from a server that follows along, checks that the dump is whole, then removes those that are too old.
#   SOURCE (host), KEEP_DAYS; password in /run/secrets/mysql/backup; dumps go to /dumps
set -euo pipefail
MYSQL_PWD=$(cat /run/secrets/mysql/backup)
export MYSQL_PWD
name=/dumps/$(date -u +%Y%m%dT%H%M%SZ).sql.gz
rm -f /dumps/*.part
mysqldump -h "$SOURCE" -u backup --single-transaction --quick --routines --triggers --events --hex-blob \
  --set-gtid-purged=ON --all-databases | gzip > "$name.part"
gzip -t "$name.part"
zcat "$name.part" | tail -n 1 | grep -q 'Dump completed'
mv "$name.part" "$name"
# Only after a good dump, so that a backup that fails for days does not eat its predecessors.
find /dumps -name '*.sql.gz' -mtime "+$KEEP_DAYS" -delete
printf '{"msg":"dump complete","file":"%s","bytes":%s}\n' "$name" "$(stat -c %s "$name")"
