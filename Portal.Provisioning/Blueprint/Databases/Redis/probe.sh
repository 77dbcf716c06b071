#!/bin/bash
# live: the server answers, even while it loads its data. ready: it has loaded.
set -euo pipefail
REDISCLI_AUTH=$(cat /run/secrets/redis/admin)
export REDISCLI_AUTH
answer=$("$ENGINE-cli" --user admin --no-auth-warning ping)
case "$1:$answer" in
  *:PONG) exit 0 ;;
  live:*LOADING*) exit 0 ;;
  *) echo "$answer"; exit 1 ;;
esac
