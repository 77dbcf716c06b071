#!/bin/bash
# Replaces the application's database by a backup: once for each number, whatever runs this script again.
#   TARGET (host of the primary), DATABASE, NUMBER, BACKUP (file name, empty for the newest); KEEP_DAYS for backup.sh
#   OWNER (namespace of the environment whose backup it is; empty for this one's): its backup was brought to /dumps/from-NUMBER
#   passwords in /run/secrets/mysql/restore and backup
# Dropped and loaded, not loaded beside and renamed: RENAME TABLE moves neither views nor routines, and no table that has a trigger.
# Replicas follow through the binary log. What was there before is dumped first, so that a restore can be taken back.
set -euo pipefail
restore_password=$(cat /run/secrets/mysql/restore)
say() { printf '{"restore":%s,"msg":"%s"}\n' "$NUMBER" "$*"; }
refuse() { say "$*"; exit 1; }
sql() { MYSQL_PWD=$restore_password mysql -h "$TARGET" -u restore -N -B "$@"; }
folder=/dumps${OWNER:+/from-$NUMBER}
# The folder stays empty, as a sign that its backup was fetched.
tidy() { [ -z "${OWNER:-}" ] || [ ! -d "$folder" ] || find "$folder" -type f -delete; }

deadline=$((SECONDS + 600))
until sql <<< 'SELECT 1' > /dev/null; do
  [ "$SECONDS" -lt "$deadline" ] || refuse "$TARGET does not answer"
  sleep 3
done
if [ -n "$(sql <<< "SELECT 1 FROM portal.restores WHERE number = $NUMBER AND finished_at IS NOT NULL")" ]; then
  say "was done already"
  tidy
  exit 0
fi

# The choice is kept, so that a second try loads the same backup as the first.
chosen=$(sql <<< "SELECT file FROM portal.restores WHERE number = $NUMBER")
chosen=${chosen:-$BACKUP}
[ -n "$chosen" ] || [ ! -d "$folder" ] || chosen=$(find "$folder" -maxdepth 1 -name 'app-*.sql.gz' -printf '%f\n' | sort | tail -n 1)
[ -n "$chosen" ] || refuse "there is no backup to restore${OWNER:+: none of $OWNER was fetched}"
file=$folder/$chosen
[ -f "$file" ] || refuse "there is no backup $chosen"
gzip -t "$file" || refuse "$chosen is damaged"
zcat "$file" | tail -n 1 | grep 'Dump completed' > /dev/null || refuse "$chosen is not whole: its last line does not say that the dump was completed"

sql <<< "INSERT IGNORE INTO portal.restores (number, file) VALUES ($NUMBER, '$chosen')"
before=before-restore-$NUMBER.sql.gz
[ -f "/dumps/$before" ] || SOURCE=$TARGET NAME=$before NUMBER='' /bin/bash "${0%/*}/backup.sh"

# Half a database takes no writes: the application is shut out until all of it is there, also when this fails.
sql <<< "ALTER USER 'app'@'%' ACCOUNT LOCK"
connections=$(sql <<< "SELECT id FROM information_schema.processlist WHERE user = 'app'")
for id in $connections; do
  sql <<< "KILL $id" || say "connection $id had ended"
done
sql <<< "DROP DATABASE IF EXISTS \`$DATABASE\`; CREATE DATABASE \`$DATABASE\`"
zcat "$file" | sql "$DATABASE"
sql <<< "UPDATE portal.restores SET finished_at = CURRENT_TIMESTAMP WHERE number = $NUMBER; ALTER USER 'app'@'%' ACCOUNT UNLOCK"
tidy
say "restored $chosen${OWNER:+ of $OWNER}; what was there before is in $before"
