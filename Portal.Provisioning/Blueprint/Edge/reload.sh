#!/bin/sh
# Makes the nginx beside it read its certificate again when the Secret is renewed in place. usage: reload.sh FOLDER PIDFILE
# What nginx refuses, half a pair for one, it reports in its own log and goes on with what it has.
set -u
state() { cat "$1/tls.crt" "$1/tls.key" | md5sum; }
# The file outlives an nginx that crashed, and the number may be somebody else's by then.
is_nginx() { case "$(tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null)" in "nginx: master"*) true ;; *) false ;; esac; }
seen=
while true; do
  now=$(state "$1")
  if [ "$now" != "$seen" ]; then
    # Also at the start: nginx may have read what was there before the last change.
    if pid=$(cat "$2" 2>/dev/null) && is_nginx "$pid" && kill -HUP "$pid"; then
      seen=$now
      echo "nginx was told to read the certificate."
    else
      echo "nginx does not run yet; trying again."
    fi
  fi
  sleep "$EVERY_SECONDS"
done
