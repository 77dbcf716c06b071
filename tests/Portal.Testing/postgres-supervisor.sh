#!/usr/bin/env bash
# Runs one throw-away PostgreSQL for as long as standard input stays open: the test process holds the other end of that
# pipe, so the server goes and its directory with it however that process ends, kill -9 included.
set -euo pipefail
directory=$1 bin=$2

as=()
if [ "$(id -u)" -eq 0 ]; then # the server refuses to run as root
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  chown postgres "$directory"
fi

server=
finish() {
  trap '' INT TERM HUP
  if [ -n "$server" ]; then
    # More than once: a server that has only begun to start does not listen to the first.
    for _ in $(seq 50); do
      kill -QUIT "$server" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$server" 2>/dev/null || true
  fi
  rm -rf "$directory"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

cd "$directory"
"${as[@]}" "$bin/initdb" --pgdata="$directory/data" --username=portal --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
  --no-sync --no-instructions >"$directory/server.log" 2>&1 || { cat "$directory/server.log" >&2; exit 1; }
"${as[@]}" "$bin/postgres" -D "$directory/data" -k "$directory" -c listen_addresses= -c max_connections=300 \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c shared_buffers=64MB \
  >>"$directory/server.log" 2>&1 </dev/null &
server=$!
cat >/dev/null
