#!/bin/bash
# Beside a broker that is not the only one. Writes $RUN/in-step when the broker, since it started, has once been in step in all its partitions.
# The broker is not ready before, so an update does not go on to the next one while this one lacks what it would have to take over.
# After that a look costs nothing: what falls behind later is for alerts, and no reason to take a broker from its clients.
#   POD_INDEX, FIRST_NODE_ID; PORT; LOOP (seconds between looks, 0 for one); password in /run/secrets/kafka/admin
# A partition without a leader counts as in step: there is nobody to catch up with, another broker is the cause, and brokers that start
# together must not wait for each other. Nothing is ended for being late; it is only not ready.
set -uo pipefail
umask 077
: "${PORT:=9092}" "${LOOP:=10}" "${RUN:=/run/kafka}" "${BIN:=/opt/kafka/bin}"
id=$((FIRST_NODE_ID + POD_INDEX))
say() { printf '{"agent":"kafka","msg":"%s"}\n' "$*"; }
printf 'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="%s";\n' \
  "$(cat /run/secrets/kafka/admin)" > "$RUN/in-step.properties"

behind() { # how many partitions this broker should have and lags in
  local answer line count=0
  answer=$("$BIN/kafka-topics.sh" --bootstrap-server "127.0.0.1:$PORT" --command-config "$RUN/in-step.properties" --describe --under-replicated-partitions) || return 1
  while read -r line; do
    [[ $line =~ Leader:[[:space:]]+([^[:space:]]+)[[:space:]]+Replicas:[[:space:]]+([0-9,]+)[[:space:]]+Isr:[[:space:]]*([0-9,]*) ]] || continue
    [ "${BASH_REMATCH[1]}" != none ] && [ "${BASH_REMATCH[1]}" != -1 ] || continue
    case ,${BASH_REMATCH[2]}, in *,$id,*) ;; *) continue ;; esac
    case ,${BASH_REMATCH[3]}, in *,$id,*) ;; *) count=$((count + 1)) ;; esac
  done <<< "$answer"
  echo "$count"
}

look() {
  local lags
  [ ! -e "$RUN/in-step" ] || return 0
  # The tool is a program of a second or two of CPU: it is not asked before the broker can answer.
  (exec 3<> "/dev/tcp/127.0.0.1/$PORT") 2> /dev/null || return 1
  lags=$(behind) || { say "the broker does not say how it stands"; return 1; }
  [ "$lags" = 0 ] || { say "broker $id catches up in $lags partitions"; return 1; }
  touch "$RUN/in-step"
  say "broker $id is in step"
}

trap 'exit 0' TERM INT
if [ "$LOOP" = 0 ]; then look; exit $?; fi
while :; do
  look
  sleep "$LOOP" &
  wait $!
done
