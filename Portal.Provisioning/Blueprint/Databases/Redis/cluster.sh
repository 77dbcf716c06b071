#!/bin/bash
# Forms, repairs and changes the cluster. Every command is safe to run again at any time.
#   form      the Job after creation: members meet, masters get slots, replicas follow
#   watch     the sidecar of every pod: introduces members again whose address has changed
#   handover  before a pod ends: a master gives its slots to a replica
#   grow      after a shard was added: empty masters get their part of the slots
#   shrink    before the last shard of PEERS is removed: it is emptied and forgotten
# PEERS lists the members shard by shard, PER_SHARD says how many a shard has; SELF, ENGINE; password in /run/secrets/redis/admin
set -u
: "${CLI:=$ENGINE-cli}" "${REDIS_USER:=admin}" "${PER_SHARD:=2}"
REDISCLI_AUTH=$(cat /run/secrets/redis/admin); export REDISCLI_AUTH
r(){ local hp=$1; shift; timeout 5 $CLI --user "$REDIS_USER" --no-auth-warning -h "${hp%:*}" -p "${hp##*:}" "$@" 2>/dev/null; }
ip_of(){ local h=${1%:*}; case $h in *[!0-9.]*) getent ahostsv4 "$h" | awk 'NR==1{print $1}';; *) echo "$h";; esac; }   # CLUSTER MEET takes addresses only
info(){ r "$1" cluster info | tr -d '\r' | sed -n "s/^$2://p"; }
id(){ r "$1" cluster myid | tr -d '\r'; }
log(){ printf '{"ts":"%s","agent":"redis","msg":"%s"}\n' "$(date -u +%FT%TZ)" "$*"; }
set -- ${1:-form}; peers=($PEERS); n=${#peers[@]}; shards=$((n/PER_SHARD))
meet_all(){ # from the first peer that answers, introduce everyone by present address
  local a=$1 p ip; for p in "${peers[@]}"; do [ "$p" = "$a" ] && continue; ip=$(ip_of "$p") || continue; [ -n "$ip" ] && r "$a" cluster meet "$ip" "${p##*:}" >/dev/null; done; }
myline(){ r "$1" cluster nodes | tr -d '\r' | grep myself; }
attach_replicas(){ # every pod of a shard that holds no slots and follows nobody follows whoever is master of that shard now
  local s i k me m line mm; for s in $(seq 0 $((shards-1))); do
    mm=""; for k in $(seq 0 $((PER_SHARD-1))); do line=$(myline "${peers[$((s*PER_SHARD+k))]}"); [ "$(echo "$line" | wc -w)" -gt 8 ] && mm=${peers[$((s*PER_SHARD+k))]}; done
    [ -n "$mm" ] || mm=${peers[$((s*PER_SHARD))]}; m=$(id "$mm")
    for k in $(seq 0 $((PER_SHARD-1))); do me=${peers[$((s*PER_SHARD+k))]}; [ "$me" = "$mm" ] && continue
      line=$(myline "$me"); case "$line" in *slave*) continue;; esac
      local done=0 out; for i in $(seq 1 40); do out=$(r "$me" cluster replicate "$m" | tr -d '\r'); [ "$out" = OK ] && { done=1; break; }; sleep 0.5; done   # 'Unknown node' until gossip has told it
      [ $done = 1 ] || { log "$me cannot replicate $mm: $out"; return 1; }
    done; done; }
stable(){ # every peer sees a whole, quiet cluster; redis-cli --cluster refuses (or worse) on anything less
  local p i good; for i in $(seq 1 60); do good=1; for p in "${peers[@]}"; do [ "$(info "$p" cluster_state)" = ok ] && ! r "$p" cluster nodes | grep -qE 'fail|handshake|noaddr|disconnected' || good=0; done
    [ $good = 1 ] && [ "$(links_down)" = 0 ] && return 0; sleep 0.5; done; log "not stable: $(for p in "${peers[@]}"; do r "$p" cluster nodes | tr -d '\r' | grep -E 'fail|handshake|noaddr|disconnected' | cut -c1-110 | sed "s/^/[$p sees] /"; done | tr '\n' ';') links_down=$(links_down)"; return 1; }
grow(){ form_peers_known && attach_replicas && stable && $CLI --user "$REDIS_USER" --no-auth-warning --cluster rebalance "${peers[0]%:*}:${peers[0]##*:}" --cluster-use-empty-masters && log grown; }
form_peers_known(){ local p i all; meet_all "${peers[0]}"; for i in $(seq 1 60); do all=1; for p in "${peers[@]}"; do [ "$(info "$p" cluster_known_nodes)" -ge "$n" ] 2>/dev/null || all=0; done; [ $all = 1 ] && return 0; sleep 0.5; done; log "gossip did not converge"; return 1; }
shrink(){ stable || return 1; local k ids="" w="" x; for k in $(seq 0 $((PER_SHARD-1))); do x=$(id "${peers[$(((shards-1)*PER_SHARD+k))]}"); ids="$ids $x"; done
  for x in $ids; do case "$(r "${peers[0]}" cluster nodes | tr -d '\r' | grep "^$x")" in *master*) w=$x;; esac; done
  [ -n "$w" ] || { log "no master in the last shard"; return 1; }
  local t; for t in 1 2 3 4 5; do [ "$(r "${peers[0]}" cluster nodes | grep "^$w" | wc -w)" = 8 ] && break      # 8 fields = no slots left
    $CLI --user "$REDIS_USER" --no-auth-warning --cluster rebalance "${peers[0]}" --cluster-weight "$w=0"; sleep 2; stable; done
  [ "$(r "${peers[0]}" cluster nodes | grep "^$w" | wc -w)" = 8 ] || { log "slots left on $w"; return 1; }
  for x in $ids; do [ "$x" = "$w" ] || $CLI --user "$REDIS_USER" --no-auth-warning --cluster del-node "${peers[0]}" "$x" || return 1; done
  $CLI --user "$REDIS_USER" --no-auth-warning --cluster del-node "${peers[0]}" "$w" || return 1; log shrunk; }
links_down(){ local p c=0; for p in "${peers[@]}"; do r "$p" info replication | tr -d '\r' | grep -q '^master_link_status:down' && c=$((c+1)); done; echo $c; }   # a replica that never finished its first sync cannot be elected
form(){
  local i p; for p in "${peers[@]}"; do for i in $(seq 1 60); do [ "$(r "$p" ping | tr -d '\r')" = PONG ] && break; sleep 1; done; [ "$i" = 60 ] && { log "no answer from $p"; return 1; }; done
  form_peers_known || return 1
  if [ "$(info "${peers[0]}" cluster_slots_assigned)" = 0 ]; then
    for i in $(seq 0 $((shards-1))); do r "${peers[$((i*PER_SHARD))]}" cluster addslotsrange $((16384*i/shards)) $((16384*(i+1)/shards-1)) >/dev/null; done; log "slots assigned"
  fi
  attach_replicas || return 1
  for i in $(seq 1 60); do [ "$(info "${peers[0]}" cluster_state)" = ok ] && [ "$(info "${peers[0]}" cluster_slots_ok)" = 16384 ] && \
    [ "$(r "${peers[0]}" cluster nodes | grep -c -w slave)" -ge $((n-shards)) ] && [ "$(links_down)" = 0 ] && { log "cluster ok, every replica in sync"; return 0; }; sleep 0.5; done
  log "state $(info "${peers[0]}" cluster_state) slots_ok $(info "${peers[0]}" cluster_slots_ok)"; return 1; }
heal(){ # once: if I do not see every peer connected, introduce them again
  [ "$(r "$SELF" ping | tr -d '\r')" = PONG ] || return 1
  local bad; bad=$(r "$SELF" cluster nodes | tr -d '\r' | grep -vc -E ' connected|myself'); local st; st=$(info "$SELF" cluster_state); local known; known=$(info "$SELF" cluster_known_nodes)
  [ "$known" = 1 ] && return 0          # not formed yet: that is the Job's work
  if [ "$st" != ok ] || [ "$bad" -gt 0 ]; then log "state=$st disconnected=$bad: introducing peers again"; meet_all "$SELF"; fi
  # the bus may know the master's new address while replication still dials the old one (seen on 7.0.15): state is ok, the shard has no electable replica
  local rep; rep=$(r "$SELF" info replication | tr -d '\r'); case "$rep" in *master_link_status:down*)
    local mid now was; mid=$(r "$SELF" cluster nodes | tr -d '\r' | awk '/myself/{print $4}'); now=$(r "$SELF" cluster nodes | tr -d '\r' | awk -v m="$mid" '$1==m{split($2,a,"@"); sub(/:[0-9]+$/,"",a[1]); print a[1]}'); was=$(echo "$rep" | sed -n 's/^master_host://p')
    [ "$mid" != - ] && [ -n "$now" ] && [ "$now" != "$was" ] && { log "master moved $was -> $now: replicating again"; r "$SELF" cluster replicate "$mid" >/dev/null; };; esac; }
handover(){ # I am a master: let one of my replicas take over cleanly
  local role; role=$(r "$SELF" role | head -1); [ "$role" = master ] || return 0
  local me; me=$(id "$SELF"); local rep; rep=$(r "$SELF" cluster nodes | tr -d '\r' | awk -v m="$me" '$4==m && $3 ~ /slave/ && $8=="connected"{split($2,a,"@"); print a[1]; exit}')
  [ -n "$rep" ] || return 0; rep=${rep%%,*}
  r "$rep" cluster failover >/dev/null; local i; for i in $(seq 1 50); do [ "$(r "$SELF" role | head -1)" = slave ] && { log "handed over to $rep"; return 0; }; sleep 0.1; done; log "handover timed out"; }
case $1 in form) form;; grow) grow;; shrink) shrink;; heal) heal;; handover) handover;; watch) trap 'exit 0' TERM; while :; do heal; sleep 10 & wait $!; done;; esac
