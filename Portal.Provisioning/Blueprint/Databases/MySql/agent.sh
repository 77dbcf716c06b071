#!/bin/bash
# Runs beside every server. Makes it what the topology file says, primary or replica, and keeps saying whether it is fit to serve.
# Idempotent: every pass looks at the server and takes the next step.
#   MY_ADDR (host:port under which the others reach this server), DATABASE, TOPOLOGY (file with the primary's host:port),
#   SECRETS (directory of passwords), MAX_LAG (seconds), LOOP (seconds between passes, 0 for one pass)
# Writes $STATE_DIR/role (primary, replica, clone, errant, unknown) and $STATE_DIR/ready (there while fit to serve).
set -u
: "${SOCKET:=/run/mysqld/mysqld.sock}" "${TOPOLOGY:=/topology/primary}" "${SECRETS:=/run/secrets/mysql}" "${STATE_DIR:=/run/mysqld/state}" "${MAX_LAG:=30}" "${LOOP:=5}"
mkdir -p "$STATE_DIR"
log(){ printf '{"ts":"%s","agent":"mysql","self":"%s","msg":"%s"}\n' "$(date -u +%FT%TZ)" "$MY_ADDR" "$*"; }
cnf="$STATE_DIR/.root.cnf"; ( umask 077; printf '[client]\nuser=root\npassword="%s"\nsocket=%s\n' "$(cat "$SECRETS/root")" "$SOCKET" > "$cnf" )
q(){ mysql --defaults-extra-file="$cnf" -N -B -e "$1" 2>>"$STATE_DIR/err"; }
col(){ mysql --defaults-extra-file="$cnf" -E -e 'SHOW REPLICA STATUS' 2>/dev/null | sed -n "s/^ *$1: //p"; }
setrole(){ echo "$1" > "$STATE_DIR/role"; }
ready(){ touch "$STATE_DIR/ready"; }
unready(){ rm -f "$STATE_DIR/ready"; }

as_primary(){
  if [ -n "$(col Source_Host)" ]; then     # promoted: drain what was received, then stop following
    q "STOP REPLICA IO_THREAD"; local i
    for i in $(seq 1 120); do [ "$(q "SELECT COUNT(*) FROM performance_schema.replication_applier_status_by_worker WHERE APPLYING_TRANSACTION<>''")" = 0 ] && \
       [ "$(q "SELECT GTID_SUBSET(RECEIVED_TRANSACTION_SET, @@GLOBAL.gtid_executed) FROM performance_schema.replication_connection_status LIMIT 1")" = 1 ] && break; sleep 0.5; done
    q "STOP REPLICA; RESET REPLICA ALL" && log "promoted, following nobody"
  fi
  q "SET GLOBAL rpl_semi_sync_source_enabled=ON; SET GLOBAL rpl_semi_sync_replica_enabled=OFF; SET GLOBAL super_read_only=OFF; SET GLOBAL read_only=OFF" || return 1
  # accounts the stack needs; idempotent, and only here, so that they replicate with ordinary GTIDs
  local rp cp g; rp=$(cat "$SECRETS/repl"); cp=$(cat "$SECRETS/clone")
  if [ "$(q "SELECT COUNT(*) FROM mysql.user WHERE user IN ('repl','clone_donor')")" != 2 ]; then
    q "CREATE USER IF NOT EXISTS 'repl'@'%' IDENTIFIED BY '$rp' REQUIRE SSL; GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%';
       CREATE USER IF NOT EXISTS 'clone_donor'@'%' IDENTIFIED BY '$cp' REQUIRE SSL; GRANT BACKUP_ADMIN ON *.* TO 'clone_donor'@'%';" && log "created replication accounts"
  fi
  # application database and the service accounts: one template serves every ordinal, so MYSQL_DATABASE/MYSQL_USER cannot be used (they would run on replicas too)
  local f u; if [ -n "${DATABASE:-}" ]; then
    q "CREATE DATABASE IF NOT EXISTS \`$DATABASE\`"
    for u in app exporter backup; do f="$SECRETS/$u"; [ -r "$f" ] || continue; [ "$(q "SELECT COUNT(*) FROM mysql.user WHERE user='$u'")" = 0 ] || continue
      case $u in app) g="GRANT SELECT,INSERT,UPDATE,DELETE,CREATE,ALTER,DROP,INDEX,REFERENCES,CREATE VIEW,SHOW VIEW,TRIGGER,EXECUTE,LOCK TABLES ON \`$DATABASE\`.* TO";;
        exporter) g="GRANT PROCESS,REPLICATION CLIENT,SELECT ON *.* TO";; backup) g="GRANT SELECT,RELOAD,PROCESS,LOCK TABLES,REPLICATION CLIENT,REPLICATION SLAVE,SHOW VIEW,TRIGGER,EVENT ON *.* TO";; *) continue;; esac
      q "CREATE USER '$u'@'%' IDENTIFIED BY '$(cat "$f")'; $g '$u'@'%'" && log "created account $u"; done; fi
  setrole primary; ready
}

as_replica(){
  local ph=${PRIMARY%:*} pp=${PRIMARY##*:} src; src="$(col Source_Host):$(col Source_Port)"
  if [ "$src" != "$PRIMARY" ]; then
    unready; setrole unknown
    local rp cp; rp=$(cat "$SECRETS/repl"); cp=$(cat "$SECRETS/clone")
    rq(){ mysql -h "$ph" -P "$pp" -u repl --ssl-mode=REQUIRED -N -B -e "$1" 2>/dev/null; }
    MYSQL_PWD="$rp" ; export MYSQL_PWD
    rq "SELECT 1" >/dev/null || { log "primary $PRIMARY not reachable yet"; unset MYSQL_PWD; return 1; }
    local mine theirs purged pexec; theirs=$(rq "SELECT @@GLOBAL.gtid_executed" | tr -d '\n\\n'); purged=$(rq "SELECT @@GLOBAL.gtid_purged" | tr -d '\n\\n'); unset MYSQL_PWD
    mine=$(q "SELECT @@GLOBAL.gtid_executed" | tr -d '\n\\n')
    local errant subset
    errant=$(q "SELECT GTID_SUBTRACT('$mine','$theirs')" | tr -d '\n\\n')
    if [ -n "$errant" ]; then
      # only a pristine instance (no schema of its own) may throw its history away
      if [ "$(q "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name NOT IN ('mysql','sys','information_schema','performance_schema')")" = 0 ]; then
        q "SET GLOBAL super_read_only=OFF; RESET BINARY LOGS AND GTIDS" && log "pristine instance: local GTIDs $errant dropped"; mine=""
      else log "ERRANT transactions $errant: refusing to follow; rebuild this replica (delete its PVC)"; setrole errant; return 1; fi
    fi
    subset=$(q "SELECT GTID_SUBSET('$purged','$mine')")
    if [ "$subset" != 1 ]; then
      log "primary has purged what we lack: CLONE from $PRIMARY"; setrole clone
      q "SET GLOBAL super_read_only=OFF; SET GLOBAL clone_valid_donor_list='$PRIMARY'"
      mysql --defaults-extra-file="$cnf" -e "CLONE INSTANCE FROM 'clone_donor'@'$ph':$pp IDENTIFIED BY '$cp' REQUIRE SSL" 2>&1 | sed 's/^/clone: /'
      return 1                     # mysqld exits by itself after the clone (error 3707 without a supervisor): the kubelet restarts the container
    fi
    q "STOP REPLICA; RESET REPLICA ALL"
    q "CHANGE REPLICATION SOURCE TO SOURCE_HOST='$ph', SOURCE_PORT=$pp, SOURCE_USER='repl', SOURCE_PASSWORD='$rp', SOURCE_SSL=1, SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=5, SOURCE_RETRY_COUNT=100000, GTID_ONLY=1, REQUIRE_ROW_FORMAT=1" || return 1
    log "following $PRIMARY"
  fi
  q "SET GLOBAL rpl_semi_sync_source_enabled=OFF; SET GLOBAL rpl_semi_sync_replica_enabled=ON; SET GLOBAL super_read_only=ON; START REPLICA" || return 1
  setrole replica
  local io sql lag; io=$(col Replica_IO_Running); sql=$(col Replica_SQL_Running); lag=$(col Seconds_Behind_Source)
  # a replica whose primary is gone still answers reads (stale but consistent): only a broken applier or a measured lag makes it unready
  if [ "$sql" = Yes ] && { [ "$lag" = NULL ] || [ "${lag:-0}" -le "$MAX_LAG" ]; }; then ready; else unready; log "unready: io=$io sql=$sql lag=$lag err=$(col Last_SQL_Error)"; fi
}

pass(){
  # the image's entrypoint first runs a TEMPORARY server on the same socket (--skip-networking): never act on that one
  [ "$(q 'SELECT @@skip_networking')" = 0 ] || { unready; return 1; }
  PRIMARY=$(cat "$TOPOLOGY" 2>/dev/null) || { unready; return 1; }
  if [ "$PRIMARY" = "$MY_ADDR" ]; then as_primary; else as_replica; fi
}
trap 'exit 0' TERM INT
if [ "$LOOP" = 0 ]; then pass; exit $?; fi
trim_slow_log(){ local f=/run/mysqld/slow.log; [ "$(stat -c %s "$f" 2>/dev/null || echo 0)" -lt 67108864 ] || : > "$f"; }
while :; do pass; trim_slow_log; sleep "$LOOP" & wait $!; done
