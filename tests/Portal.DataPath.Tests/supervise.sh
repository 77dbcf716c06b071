#!/usr/bin/env bash
# Runs one program for as long as standard input stays open: the test process holds the other end of that pipe, so the program
# goes however that process ends, kill -9 included.
#   supervise.sh LOG PROGRAM [ARGUMENT...]
set -uo pipefail
log=$1
shift
exec 3<&0
reader=
setsid "$@" >>"$log" 2>&1 </dev/null 3<&- &
program=$!

finish() {
  trap '' INT TERM HUP
  [ -z "$reader" ] || kill "$reader" 2>/dev/null
  kill -TERM -- "-$program" 2>/dev/null
  for _ in $(seq 50); do
    kill -0 -- "-$program" 2>/dev/null || return
    sleep 0.1
  done
  kill -KILL -- "-$program" 2>/dev/null
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

# Ends by itself when the program does, so that a program that does not start is seen at once.
(wait_for() { while kill -0 "$program" 2>/dev/null; do sleep 0.2; done; kill -TERM $$ 2>/dev/null; }; wait_for) 3<&- &
# In the background, because bash runs a trap only after a program in the foreground has ended.
cat <&3 >/dev/null &
reader=$!
wait "$reader"
