#!/bin/sh
# Brings one backup of another environment from the object store to /dumps/from-NUMBER: once for each number, so that a second try of the
# restore loads the same backup as the first.
#   FOLDER (of that environment in the store, with rclone's name of the store before it), OWNER (its namespace), NUMBER, BACKUP (file name, empty for the newest)
#   RCLONE_CONFIG_STORE_*: the store and its credentials
set -eu
say() { printf '{"restore":%s,"msg":"%s"}\n' "$NUMBER" "$*"; }
refuse() { say "$*"; exit 1; }
place=/dumps/from-$NUMBER
if [ -d "$place" ]; then
  say "was fetched already"
  exit 0
fi

# What earlier restores and broken-off tries have left.
rm -rf /dumps/from-*
if [ -z "$BACKUP" ]; then
  # An empty folder is none to S3: both mean that nothing was copied there.
  found=$(rclone lsf --files-only --include '/app-*.sql.gz' "$FOLDER") || case $? in 3) found="" ;; *) refuse "the object store does not answer as it should" ;; esac
  BACKUP=$(printf '%s\n' "$found" | sort | tail -n 1)
fi
[ -n "$BACKUP" ] || refuse "the object store has no backup of $OWNER"
# rclone compares the checksum of what has arrived.
rclone copyto "$FOLDER/$BACKUP" "$place.part/$BACKUP" || case $? in
  3 | 4) refuse "the object store has no backup $BACKUP of $OWNER" ;;
  *) refuse "$BACKUP of $OWNER could not be fetched" ;;
esac
[ -f "$place.part/$BACKUP" ] || refuse "the object store has no backup $BACKUP of $OWNER"
mv "$place.part" "$place"
say "fetched $BACKUP of $OWNER"
