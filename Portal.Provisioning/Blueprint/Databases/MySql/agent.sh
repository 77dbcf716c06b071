#!/bin/bash
# Runs beside every server. Makes it what the topology says, primary or replica, and keeps saying whether it is fit to serve.
# Idempotent: every pass looks at the server and takes the next step.
#   MY_ADDR (host:port under which the others reach this server), DATABASE
#   TOPOLOGY: directory with primary (host:port of the server that takes the writes) and servers (host:port of all of them)
#   SECRETS: directory of passwords; app-previous is there while the application's password is being replaced
#   MAX_LAG (seconds), PEER_PATIENCE (seconds that a silent server may hold up the opening, or a replica that has started), LOOP (seconds
#   between passes, 0 for one pass)
# Writes $STATE_DIR/role (primary, opening, replica, clone, errant, unknown) and $STATE_DIR/ready (there while fit to serve).
#
# Fit to serve is the server that is open, and a replica that applies what it receives, within MAX_LAG, and since it started has once had all
# that the primary had at one moment. An update goes on to the next server when this one is fit, so it never takes the one that is ahead from
# those that are behind. Nobody waits for a replica: the primary opens without, so servers that start together cannot wait for each other.
#
# A server is open when it takes writes. At most one is: each comes up closed, and one is opened only when all the others that
# answer are closed and nothing that they committed is missing here. Each opening is a row of portal.openings, which replicates,
# so whoever is to be opened knows who was before.
set -u
: "${SOCKET:=/run/mysqld/mysqld.sock}" "${TOPOLOGY:=/topology}" "${SECRETS:=/run/secrets/mysql}" "${STATE_DIR:=/run/mysqld/state}"
: "${MAX_LAG:=30}" "${PEER_PATIENCE:=30}" "${LOOP:=5}"
mkdir -p "$STATE_DIR"
log() { printf '{"ts":"%s","agent":"mysql","self":"%s","msg":"%s"}\n' "$(date -u +%FT%TZ)" "$MY_ADDR" "$*"; }
secret() { cat "$SECRETS/$1"; }
root_cnf="$STATE_DIR/.root.cnf"
(umask 077; printf '[client]\nuser=root\npassword="%s"\nsocket=%s\n' "$(secret root)" "$SOCKET" > "$root_cnf")

# Statements go through standard input: arguments can be read by others.
q() { printf '%s\n' "$1" | mysql --defaults-extra-file="$root_cnf" -N -B 2> "$STATE_DIR/error"; }
must() { q "$1" || { log "failed: $(tr -d '"\\' < "$STATE_DIR/error" | tail -n 1)"; return 1; }; }
peer() { local at=$1; printf '%s\n' "$2" | MYSQL_PWD=$(secret repl) mysql -h "${at%:*}" -P "${at##*:}" -u repl --ssl-mode=REQUIRED --connect-timeout=3 -N -B 2> "$STATE_DIR/peer-error"; }
col() { mysql --defaults-extra-file="$root_cnf" -E -e 'SHOW REPLICA STATUS' 2> /dev/null | sed -n "s/^ *$1: //p"; }
executed="REPLACE(@@GLOBAL.gtid_executed, CHAR(10), '')"
last_opening="SELECT COALESCE(MAX(number), 0) FROM portal.openings"

role() { echo "$1" > "$STATE_DIR/role"; }
ready() { touch "$STATE_DIR/ready"; }
unready() { rm -f "$STATE_DIR/ready"; }
source_of() { local host; host=$(col Source_Host); [ -z "$host" ] || echo "$host:$(col Source_Port)"; }

end_connections() {
  local id
  for id in $(q "SELECT id FROM information_schema.processlist WHERE user = 'app'"); do q "KILL $id"; done
}

close() {
  local was
  was=$(q 'SELECT @@GLOBAL.super_read_only') || return 1
  [ "$was" = 0 ] || return 0
  # Waits for transactions that are being committed; one that does not end is ended, and the next pass tries again.
  must 'SET SESSION lock_wait_timeout = 10; SET PERSIST super_read_only = ON' || { end_connections; return 1; }
  # A pool would go on using connections to a server that refuses its writes. New ones go where the Service points.
  log "closed: takes no writes"
  end_connections
}

is_pristine() {
  [ "$(q "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name NOT IN ('mysql','sys','information_schema','performance_schema')")" = 0 ]
}

attach() { # follow this server from now on, with everything it has
  local at=$1 answer theirs purged mine errant
  answer=$(peer "$at" "SELECT CONCAT('=', $executed), CONCAT('=', REPLACE(@@GLOBAL.gtid_purged, CHAR(10), ''))") || { log "$at does not answer yet"; return 1; }
  IFS=$'\t' read -r theirs purged <<< "$answer"
  theirs=${theirs#=} purged=${purged#=}
  mine=$(q "SELECT $executed") || return 1
  errant=$(q "SELECT REPLACE(GTID_SUBTRACT('$mine', '$theirs'), CHAR(10), '')") || return 1
  if [ -n "$errant" ]; then
    # Only a server that never held data may throw its history away: the image's first start leaves some.
    is_pristine || { log "ERRANT transactions $errant: refuses to follow $at. Rebuild this server: delete its claim and its pod"; role errant; return 1; }
    must 'SET GLOBAL super_read_only = OFF; RESET BINARY LOGS AND GTIDS' || return 1
    log "new server: dropped $errant"
    mine=""
  fi
  if [ "$(q "SELECT GTID_SUBSET('$purged', '$mine')")" != 1 ]; then
    log "$at no longer has what is missing here: clones it"
    role clone
    must "SET GLOBAL super_read_only = OFF; SET GLOBAL clone_valid_donor_list = '$at'" || return 1
    # The server ends by itself after a clone, and its container starts again.
    q "CLONE INSTANCE FROM 'clone_donor'@'${at%:*}':${at##*:} IDENTIFIED BY '$(secret clone)' REQUIRE SSL"
    log "clone: $(tail -n 1 "$STATE_DIR/error")"
    return 1
  fi
  must "STOP REPLICA; RESET REPLICA ALL;
    CHANGE REPLICATION SOURCE TO SOURCE_HOST='${at%:*}', SOURCE_PORT=${at##*:}, SOURCE_USER='repl', SOURCE_PASSWORD='$(secret repl)', SOURCE_SSL=1,
      SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=5, SOURCE_RETRY_COUNT=100000, GTID_ONLY=1, REQUIRE_ROW_FORMAT=1;
    SET GLOBAL super_read_only = ON; START REPLICA" || return 1
  log "follows $at"
}

follow_until() { # nothing that this server committed is missing here
  local at=$1 theirs=$2
  [ "$(q "SELECT GTID_SUBSET('$theirs', @@GLOBAL.gtid_executed)")" != 1 ] || return 0
  log "waits for what $at has committed"
  [ "$(source_of)" = "$at" ] || attach "$at" || return 1
  must 'START REPLICA'
  return 1
}

is_silent() { # true once a server has not answered for as long as it may hold us up
  local mark="$STATE_DIR/silent-${1%%:*}-${1##*:}" now
  now=$(date +%s)
  [ -e "$mark" ] || echo "$now" > "$mark"
  [ $((now - $(cat "$mark"))) -ge "$PEER_PATIENCE" ] || { log "$1 does not answer and may take writes: waits up to $PEER_PATIENCE s for it"; return 1; }
  log "$1 has not answered for $PEER_PATIENCE s: goes on without it"
}

forget_silence() { rm -f "$STATE_DIR"/silent-*; }

may_open() {
  local mine opened_by at answer closed theirs number
  mine=$(q "$last_opening") || mine=0
  opened_by=$(q "SELECT server FROM portal.openings WHERE number = $mine")
  while read -r at; do
    # A pod that does not exist has no name.
    [ -n "$at" ] && [ "$at" != "$MY_ADDR" ] && getent hosts "${at%:*}" > /dev/null || continue
    if ! answer=$(peer "$at" "SELECT @@GLOBAL.super_read_only, CONCAT('=', $executed), ($last_opening)"); then
      # Without the account of replication it is new and was never open.
      ! grep -q 'ERROR 1045' "$STATE_DIR/peer-error" || continue
      is_silent "$at" || return 1
      continue
    fi
    rm -f "$STATE_DIR/silent-${at%%:*}-${at##*:}"
    IFS=$'\t' read -r closed theirs number <<< "$answer"
    theirs=${theirs#=}
    [ "$closed" = 1 ] || { log "$at still takes writes"; return 1; }
    # Open after us, or last before us: it has what we must have. What any other server has beyond that is errant, and said there.
    if [ "$number" -gt "$mine" ] || [ "$at" = "$opened_by" ]; then follow_until "$at" "$theirs" || return 1; fi
  done < "$TOPOLOGY/servers"
  if [ -n "$(source_of)" ]; then
    [ "$(q "SELECT GTID_SUBSET(RECEIVED_TRANSACTION_SET, @@GLOBAL.gtid_executed) FROM performance_schema.replication_connection_status WHERE CHANNEL_NAME = ''")" = 1 ] ||
      { log "applies what it has received"; must 'START REPLICA SQL_THREAD'; return 1; }
  fi
}

as_primary() {
  if [ "$(q 'SELECT @@GLOBAL.super_read_only')" = 1 ] || [ -n "$(source_of)" ] || is_pristine; then
    role opening
    unready
    may_open || return 1
    must 'STOP REPLICA; RESET REPLICA ALL; SET PERSIST_ONLY super_read_only = ON; SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF' || return 1
    forget_silence
    log "open: takes the writes"
  fi
  must 'SET GLOBAL rpl_semi_sync_source_enabled = ON; SET GLOBAL rpl_semi_sync_replica_enabled = OFF' || return 1
  accounts && record_opening && app_password || { unready; return 1; }
  role primary
  ready
}

# Whether this server has once had all that the primary had at one moment, since it started and under this primary. Until then the lag that it
# measures says nothing, for it knows only what it has received.
caught_up() { # whether the primary is closed, and what it has committed; empty when it does not answer
  local closed=$1 theirs=$2 now life aim="$STATE_DIR/aim" mark="$STATE_DIR/caught-up" known="" seen="" want=""
  life="$(cat "$STATE_DIR/life") $PRIMARY"
  now=$(date +%s)
  [ "$(cat "$mark" 2> /dev/null)" != "$life" ] || return 0
  [ ! -e "$aim" ] || { read -r known; read -r seen; read -r want; } < "$aim"
  [ "$known" = "$life" ] || { seen=$now; want=""; }
  if [ "$closed" = 0 ]; then seen=$now; want=${want:-$theirs}; fi
  printf '%s\n%s\n%s\n' "$life" "$seen" "$want" > "$aim"
  if [ -z "$want" ] || [ "$(q "SELECT GTID_SUBSET('$want', @@GLOBAL.gtid_executed)")" != 1 ]; then
    # While there is no open primary, old answers are better than none: an outage of the primary must not take the reads along.
    [ $((now - seen)) -ge "$PEER_PATIENCE" ] || { log "catches up with $PRIMARY before it serves reads"; return 1; }
    log "$PRIMARY has not been open for $PEER_PATIENCE s: serves reads with what is here"
  fi
  echo "$life" > "$mark"
}

record_opening() {
  [ "$(q 'SELECT server FROM portal.openings ORDER BY number DESC LIMIT 1')" != "$MY_ADDR" ] || return 0
  must "CREATE DATABASE IF NOT EXISTS portal;
    CREATE TABLE IF NOT EXISTS portal.openings (number BIGINT AUTO_INCREMENT PRIMARY KEY, server VARCHAR(255) NOT NULL, opened_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
    CREATE TABLE IF NOT EXISTS portal.restores (number INT PRIMARY KEY, file VARCHAR(255) NOT NULL, finished_at TIMESTAMP NULL);
    GRANT SELECT ON portal.openings TO 'repl'@'%';
    INSERT INTO portal.openings (server) VALUES ('$MY_ADDR')"
}

account() { # name, password, rights: made here only, so that it replicates
  [ "$(q "SELECT COUNT(*) FROM mysql.user WHERE user = '$1'")" = 0 ] || return 0
  must "CREATE USER '$1'@'%' IDENTIFIED BY '$2' ${4:-}; $3" && log "created account $1"
}

accounts() {
  # Not IF NOT EXISTS alone: that is a transaction of its own each time.
  [ "$(q "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '$DATABASE'")" = 1 ] || must "CREATE DATABASE IF NOT EXISTS \`$DATABASE\`" || return 1
  account repl "$(secret repl)" "GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'" 'REQUIRE SSL' || return 1
  account clone_donor "$(secret clone)" "GRANT BACKUP_ADMIN ON *.* TO 'clone_donor'@'%'" 'REQUIRE SSL' || return 1
  account app "$(secret app)" "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER, EXECUTE, LOCK TABLES ON \`$DATABASE\`.* TO 'app'@'%'" || return 1
  account exporter "$(secret exporter)" "GRANT PROCESS, REPLICATION CLIENT, SELECT ON *.* TO 'exporter'@'%'" || return 1
  account backup "$(secret backup)" "GRANT SELECT, RELOAD, PROCESS, LOCK TABLES, REPLICATION CLIENT, REPLICATION SLAVE, SHOW VIEW, TRIGGER, EVENT ON *.* TO 'backup'@'%'" || return 1
  account restore "$(secret restore)" "GRANT ALL ON \`$DATABASE\`.* TO 'restore'@'%'; GRANT ALL ON portal.* TO 'restore'@'%';
    GRANT PROCESS, CREATE USER, CONNECTION_ADMIN, SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER ON *.* TO 'restore'@'%'"
}

app_password() { # the application's password is the one in the Secret; the one before is valid too while it is still mounted
  local error
  error=$(printf 'SELECT 1' | MYSQL_PWD=$(secret app) mysql -h 127.0.0.1 -P "${MY_ADDR##*:}" -u app --connect-timeout=3 -N -B 2>&1 > /dev/null)
  # Any other refusal, a locked account for one, says nothing about the password.
  case $error in *'ERROR 1045'*)
    if [ -e "$SECRETS/app-previous" ]; then
      must "ALTER USER 'app'@'%' IDENTIFIED BY '$(secret app)' RETAIN CURRENT PASSWORD" && log "the application's new password is valid beside the one before"
    else
      must "ALTER USER 'app'@'%' IDENTIFIED BY '$(secret app)'" && log "the application's password is the one that is mounted"
    fi || return 1 ;;
  esac
  [ ! -e "$SECRETS/app-previous" ] || return 0
  [ "$(q "SELECT COUNT(*) FROM mysql.user WHERE user = 'app' AND User_attributes ->> '\$.additional_password' IS NOT NULL")" = 0 ] && return 0
  must "ALTER USER 'app'@'%' DISCARD OLD PASSWORD" && log "the application's old password is no longer valid"
}

as_replica() {
  local mine answer closed theirs errant sql io lag
  close || return 1
  forget_silence
  mine=$(q "SELECT $executed") || return 1
  answer=$(peer "$PRIMARY" "SELECT @@GLOBAL.super_read_only, CONCAT('=', $executed)") || answer=""
  IFS=$'\t' read -r closed theirs <<< "$answer"
  if [ "$(source_of)" != "$PRIMARY" ]; then
    # Until the new primary is open it may itself be catching up, so whom we follow now stays.
    [ "$closed" = 0 ] || { log "waits until $PRIMARY is open"; [ -z "$(source_of)" ] || q 'START REPLICA'; return 1; }
    unready
    role unknown
    attach "$PRIMARY" || return 1
  elif [ -n "$answer" ]; then
    errant=$(q "SELECT REPLACE(GTID_SUBTRACT('$mine', '${theirs#=}'), CHAR(10), '')")
    [ -z "$errant" ] || { log "ERRANT transactions $errant, which $PRIMARY does not have. Rebuild this server: delete its claim and its pod"; role errant; unready; return 1; }
  fi
  must 'SET GLOBAL rpl_semi_sync_source_enabled = OFF; SET GLOBAL rpl_semi_sync_replica_enabled = ON; START REPLICA' || return 1
  role replica
  caught_up "$closed" "${theirs#=}" || { unready; return 1; }
  sql=$(col Replica_SQL_Running)
  io=$(col Replica_IO_Running)
  lag=$(col Seconds_Behind_Source)
  # With its primary gone it still answers reads; only a broken applier, a measured lag, or no connection to a primary that is open makes it unfit.
  if [ "$sql" = Yes ] && { [ "$io" = Yes ] || [ "$closed" != 0 ]; } && { [ "$lag" = NULL ] || [ "${lag:-0}" -le "$MAX_LAG" ]; }; then ready; else
    unready
    log "unready: sql=$sql io=$io lag=$lag $(col Last_SQL_Error | tr -d '"\\')"
  fi
}

pass() {
  # The image's first start runs a temporary server on the same socket, without a network: it is left alone.
  local life
  # A server that crashes may be back before anybody has looked: its process file tells.
  life=$(stat -c %y "${SOCKET%/*}/mysqld.pid" 2> /dev/null)
  [ "$life" = "$(cat "$STATE_DIR/life" 2> /dev/null)" ] || { unready; echo "$life" > "$STATE_DIR/life"; }
  [ "$(q 'SELECT @@skip_networking')" = 0 ] && PRIMARY=$(cat "$TOPOLOGY/primary") || { unready; return 1; }
  if [ "$PRIMARY" = "$MY_ADDR" ]; then as_primary; else as_replica; fi
}

trim_slow_log() { local log=${SOCKET%/*}/slow.log; [ "$(stat -c %s "$log" 2> /dev/null || echo 0)" -lt 67108864 ] || : > "$log"; }
trap 'exit 0' TERM INT
if [ "$LOOP" = 0 ]; then pass; exit $?; fi
while :; do
  pass
  trim_slow_log
  sleep "$LOOP" &
  wait $!
done
