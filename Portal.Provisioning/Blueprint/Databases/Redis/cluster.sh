#!/bin/bash
# Forms, repairs and changes the cluster. Every command is safe to run again at any time.
#   form      the Job: members meet, masters get slots, replicas follow; a shard that was added gets its part of the slots
#   watch     the sidecar of every pod: introduces members again whose address has changed, forgets those that are gone for good
#   handover  before a pod ends: a master gives its slots to a replica
# PEERS lists the members shard by shard, PER_SHARD says how many a shard has; without them they are read from $TOPOLOGY at each look.
# SELF, ENGINE, DOMAIN; password in /run/secrets/redis/admin
set -u
: "${CLI:=$ENGINE-cli}" "${TOPOLOGY:=/topology}"
REDISCLI_AUTH=$(cat /run/secrets/redis/admin)
export REDISCLI_AUTH
members() {
  read -r -a peers <<< "${PEERS:-$(cat "$TOPOLOGY/peers")}"
  per_shard=${PER_SHARD:-$(cat "$TOPOLOGY/per-shard")}
  n=${#peers[@]}
  shards=$((n / per_shard))
}
log() { printf '{"ts":"%s","agent":"redis","msg":"%s"}\n' "$(date -u +%FT%TZ)" "$*"; }
r() { local at=$1; shift; timeout 5 "$CLI" --user admin --no-auth-warning -h "${at%:*}" -p "${at##*:}" "$@" 2> /dev/null | tr -d '\r'; }
whole() { "$CLI" --user admin --no-auth-warning --cluster "$@"; }
# CLUSTER MEET takes addresses only.
ip_of() { local host=${1%:*}; case $host in *[!0-9.]*) getent ahostsv4 "$host" | awk 'NR == 1 { print $1 }' ;; *) echo "$host" ;; esac; }
info() { r "$1" cluster info | sed -n "s/^$2://p"; }
id() { r "$1" cluster myid; }
nodes() { r "$1" cluster nodes; }
myself() { nodes "$1" | grep myself; }
holds_slots() { [ "$(wc -w <<< "$1")" -gt 8 ]; }
links_down() { local p count=0; for p in "${peers[@]}"; do r "$p" info replication | grep -q '^master_link_status:down' && count=$((count + 1)); done; echo "$count"; }

meet_all() { # from one member, introduce everyone by present address
  local p ip
  for p in "${peers[@]}"; do
    [ "$p" != "$1" ] || continue
    ip=$(ip_of "$p")
    [ -z "$ip" ] || r "$1" cluster meet "$ip" "${p##*:}" > /dev/null
  done
}

known_to_all() {
  local p i all
  meet_all "${peers[0]}"
  for i in $(seq 60); do
    all=1
    for p in "${peers[@]}"; do [ "$(info "$p" cluster_known_nodes)" -ge "$n" ] 2> /dev/null || all=0; done
    [ "$all" = 0 ] || return 0
    sleep 0.5
  done
  log "gossip did not converge"
  return 1
}

attach_replicas() { # every pod that holds no slots and follows nobody follows whoever is master of its shard now
  local s k i at master line out
  for s in $(seq 0 $((shards - 1))); do
    master=${peers[$((s * per_shard))]}
    for k in $(seq 0 $((per_shard - 1))); do
      at=${peers[$((s * per_shard + k))]}
      ! holds_slots "$(myself "$at")" || master=$at
    done
    for k in $(seq 0 $((per_shard - 1))); do
      at=${peers[$((s * per_shard + k))]}
      [ "$at" != "$master" ] || continue
      line=$(myself "$at")
      case $line in *slave*) continue ;; esac
      # "Unknown node" until gossip has told it.
      for i in $(seq 40); do
        out=$(r "$at" cluster replicate "$(id "$master")")
        [ "$out" != OK ] || break
        sleep 0.5
      done
      [ "$out" = OK ] || { log "$at cannot follow $master: $out"; return 1; }
    done
  done
}

# Members that are not in the list: pods that were removed. One that still holds slots is never forgotten.
strangers() {
  local line address
  while read -r line; do
    read -r _ address _ <<< "$line"
    address=${address#*,}
    address=${address%%,*}
    case " ${peers[*]%:*} " in *" $address "* | *" $address."*) continue ;; esac
    case $line in *myself*) ;; *' fail '* | *,fail\ * | *noaddr*) holds_slots "$line" || echo "${line%% *}" ;; esac
  done < <(nodes "$1" | grep "$DOMAIN")
}
forget_strangers() { local gone; for gone in $(strangers "$1"); do r "$1" cluster forget "$gone" > /dev/null; log "$1 forgets $gone, which is no member any more"; done; }

unsettled() { nodes "$1" | grep -E 'fail|handshake|noaddr|disconnected|->-|-<-'; }
stable() { # every member sees a whole, quiet cluster: resharding refuses, or worse, on anything less
  local p i good
  for i in $(seq 60); do
    good=1
    for p in "${peers[@]}"; do
      forget_strangers "$p"
      [ "$(info "$p" cluster_state)" = ok ] && [ -z "$(unsettled "$p")" ] || good=0
    done
    # The client's own check too: that all agree on every slot, which gossip brings about later than the rest.
    [ "$good" = 0 ] || [ "$(links_down)" != 0 ] || ! whole check "${peers[0]}" > /tmp/check.log 2>&1 || return 0
    sleep 0.5
  done
  log "not settled: $(for p in "${peers[@]}"; do unsettled "$p" | cut -c 1-110 | sed "s/^/[$p sees] /"; done | tr '\n' ';') replicas without their master: $(links_down)"
  return 1
}

level() { # does nothing where the masters hold like numbers of slots already
  stable || return 1
  whole rebalance "${peers[0]}" --cluster-use-empty-masters > /tmp/rebalance.log 2>&1 || { log "rebalance: $(grep -v '^$' /tmp/rebalance.log | tail -n 3 | tr -d '"\\' | tr '\n' ' ')"; return 1; }
  stable
}

form() {
  local p i
  for p in "${peers[@]}"; do
    for i in $(seq 60); do
      [ "$(r "$p" ping)" != PONG ] || break
      [ "$i" != 60 ] || { log "no answer from $p"; return 1; }
      sleep 1
    done
  done
  known_to_all || return 1
  if [ "$(info "${peers[0]}" cluster_slots_assigned)" = 0 ]; then
    for i in $(seq 0 $((shards - 1))); do
      r "${peers[$((i * per_shard))]}" cluster addslotsrange $((16384 * i / shards)) $((16384 * (i + 1) / shards - 1)) > /dev/null
    done
    log "slots assigned"
  fi
  attach_replicas || return 1
  # A move of slots that was broken off is finished first.
  if nodes "${peers[0]}" | grep -qE -- '->-|-<-' || for p in "${peers[@]}"; do myself "$p"; done | grep -qE -- '->-|-<-'; then
    log "finishes a move of slots that was broken off"
    whole fix "${peers[0]}" --cluster-yes > /tmp/fix.log 2>&1 || { log "fix: $(tail -n 1 /tmp/fix.log)"; return 1; }
  fi
  level || return 1
  for p in "${peers[@]}"; do [ "$(info "$p" cluster_slots_ok)" = 16384 ] && [ "$(info "$p" cluster_size)" = "$shards" ] || { log "$p sees $(info "$p" cluster_slots_ok) slots in $(info "$p" cluster_size) shards"; return 1; }; done
  log "cluster ok: $shards shards, every replica in sync"
}

heal() { # once
  local state known bad replication master now was
  members
  [ "$(r "$SELF" ping)" = PONG ] || return 1
  known=$(info "$SELF" cluster_known_nodes)
  # Not formed yet: that is the Job's work.
  [ "$known" != 1 ] || return 0
  forget_strangers "$SELF"
  state=$(info "$SELF" cluster_state)
  bad=$(nodes "$SELF" | grep -vcE ' connected|myself')
  if [ "$state" != ok ] || [ "$bad" -gt 0 ]; then
    log "state=$state disconnected=$bad: introduces members again"
    meet_all "$SELF"
  fi
  # The bus may know the master's new address while replication still dials the old one: all is ok, and the shard has nobody to elect.
  replication=$(r "$SELF" info replication)
  case $replication in *master_link_status:down*)
    master=$(myself "$SELF" | awk '{ print $4 }')
    now=$(nodes "$SELF" | awk -v m="$master" '$1 == m { split($2, a, "@"); sub(/:[0-9]+$/, "", a[1]); print a[1] }')
    was=$(sed -n 's/^master_host://p' <<< "$replication")
    if [ "$master" != - ] && [ -n "$now" ] && [ "$now" != "$was" ]; then
      log "master moved from $was to $now: follows it again"
      r "$SELF" cluster replicate "$master" > /dev/null
    fi ;;
  esac
}

handover() { # to the connected replica with the lowest name: the one that stays when pods are taken away
  local me known replica i
  [ "$(r "$SELF" role | head -n 1)" = master ] || return 0
  me=$(id "$SELF")
  # A replica that is just back may still be thought to have failed here, for as long as gossip takes.
  for i in $(seq 30); do
    known=$(nodes "$SELF" | awk -v m="$me" '$4 == m')
    replica=$(awk '$3 ~ /slave/ && $3 !~ /fail/ && $8 == "connected" { split($2, a, ","); split(a[1], b, "@"); print a[2], b[1] }' <<< "$known" | sort -V | head -n 1 | awk '{ print $NF }')
    [ -z "$replica" ] && [ -n "$known" ] || break
    sleep 0.1
  done
  [ -n "$replica" ] || return 0
  r "$replica" cluster failover > /dev/null
  for i in $(seq 50); do
    [ "$(r "$SELF" role | head -n 1)" != slave ] || { log "handed over to $replica"; return 0; }
    sleep 0.1
  done
  log "handover timed out"
}

case ${1:-} in
  form) members && form ;;
  heal) heal ;;
  handover) handover ;;
  watch)
    trap 'exit 0' TERM INT
    while :; do
      heal
      sleep 10 &
      wait $!
    done ;;
  *) echo "form, watch, heal or handover" >&2; exit 2 ;;
esac
