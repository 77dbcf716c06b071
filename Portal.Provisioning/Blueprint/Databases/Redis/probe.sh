#!/bin/bash
# live: the server answers, even while it loads its data.
# ready: it has loaded, a replica is in step with its master, and a member of a cluster sees a cluster that works. An update goes on to the next
# server when this one is ready: a master is not taken away while its replica lacks what it would have to hand over.
# Members are formed, introduced and repaired under names that are published ready or not, so none of that waits for this.
#   ENGINE, CLUSTER yes|no; password in /run/secrets/redis/admin
set -euo pipefail
REDISCLI_AUTH=$(cat /run/secrets/redis/admin)
export REDISCLI_AUTH
ask() { printf '%s\n' "$@" | "$ENGINE-cli" --user admin --no-auth-warning | tr -d '\r'; }
case $1 in
  live) answer=$(ask ping) ;;
  ready) if [ "$CLUSTER" = yes ]; then answer=$(ask ping 'info replication' 'cluster info'); else answer=$(ask ping 'info replication'); fi ;;
  *) echo "live or ready" >&2; exit 2 ;;
esac
case $1:$answer in
  live:PONG | live:*LOADING*) exit 0 ;;
  ready:PONG*) ;;
  *) echo "$answer"; exit 1 ;;
esac
case $answer in *master_link_status:down*) echo "not in step with its master"; exit 1 ;; esac
if [ "$CLUSTER" = yes ]; then
  case $answer in *cluster_state:ok*) ;; *) echo "the cluster does not work as seen from here"; exit 1 ;; esac
fi
