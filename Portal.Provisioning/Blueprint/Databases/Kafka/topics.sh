#!/bin/bash
# Brings topics, accounts and the place of replicas to what is wanted. Safe to run again, also after it was broken off.
#   BOOTSTRAP; BROKERS "id ..."; REPLICATION; TOPICS "name:partitions:retention_ms ..."
#   APP_USER, APP_USER_PREVIOUS (empty when there is none); passwords in /run/secrets/kafka: admin, app, app-previous, exporter
# Partitions are added and never taken away. A broker that holds nothing yet gets its part of all replicas.
set -euo pipefail
umask 077
: "${THROTTLE_BYTES:=50000000}" "${BIN:=/opt/kafka/bin}"
secrets=/run/secrets/kafka
work=/tmp
config=$work/admin.properties
printf 'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="%s";\n' \
  "$(cat "$secrets/admin")" > "$config"
tool() { local name=$1; shift; "$BIN/$name.sh" --bootstrap-server "$BOOTSTRAP" --command-config "$config" "$@"; }
say() { printf '{"agent":"kafka","msg":"%s"}\n' "$*"; }

wait_for_brokers() {
  local id answer missing=all
  until (exec 3<> "/dev/tcp/${BOOTSTRAP%:*}/${BOOTSTRAP#*:}") 2> /dev/null; do sleep 1; done
  while [ -n "$missing" ]; do
    [ "$missing" = all ] || sleep 3
    missing=""
    answer=$(tool kafka-broker-api-versions) || answer=""
    for id in $BROKERS; do
      case $answer in *"(id: $id rack:"*) ;; *) missing="$missing $id" ;; esac
    done
    [ -z "$missing" ] || say "waits for the brokers$missing"
  done
}

account() { # name, file of its password
  # Through a file: arguments can be read by others.
  printf 'SCRAM-SHA-512=[password=%s]\n' "$(cat "$secrets/$2")" > "$work/account.properties"
  tool kafka-configs --alter --entity-type users --entity-name "$1" --add-config-file "$work/account.properties"
}
allow() { local user=$1; shift; tool kafka-acls --add --allow-principal "User:$user" "$@" > /dev/null; }

accounts() {
  local user
  account exporter exporter
  allow exporter --operation Describe --operation DescribeConfigs --topic '*'
  allow exporter --operation Describe --group '*'
  allow exporter --operation Describe --operation DescribeConfigs --cluster
  for user in "$APP_USER" $APP_USER_PREVIOUS; do
    [ "$user" = "$APP_USER" ] && account "$user" app || account "$user" app-previous
    # In two steps: a consumer group knows no Write.
    allow "$user" --operation Read --operation Write --operation Describe --operation DescribeConfigs --topic '*'
    allow "$user" --operation Read --operation Describe --group '*'
  done
}

drop_old_accounts() { # editions of the application's account that are not in use any more
  local user
  for user in $(tool kafka-configs --describe --entity-type users | sed -n "s/.*user-principal '\(app\(-[0-9]*\)\{0,1\}\)'.*/\1/p" | sort -u); do
    case " $APP_USER $APP_USER_PREVIOUS " in *" $user "*) continue ;; esac
    tool kafka-acls --remove --force --allow-principal "User:$user" --topic '*' > /dev/null
    tool kafka-acls --remove --force --allow-principal "User:$user" --group '*' > /dev/null
    tool kafka-configs --alter --entity-type users --entity-name "$user" --delete-config SCRAM-SHA-512
    say "account $user is gone"
  done
}

topics() {
  local topic name partitions retention have
  for topic in $TOPICS; do
    IFS=: read -r name partitions retention <<< "$topic"
    tool kafka-topics --create --if-not-exists --topic "$name" --partitions "$partitions" --replication-factor "$REPLICATION"
    have=$(tool kafka-topics --describe --topic "$name" | sed -n 's/.*PartitionCount: *\([0-9]*\).*/\1/p')
    [ "$have" -ge "$partitions" ] || tool kafka-topics --alter --topic "$name" --partitions "$partitions"
    tool kafka-configs --alter --entity-type topics --entity-name "$name" --add-config "retention.ms=$retention"
  done
}

moving() { ! tool kafka-reassign-partitions --list | grep -q 'No partition reassignments found'; }

spread() {
  local described id plan names empty=""
  # What an earlier run began is let finish.
  while moving; do sleep 5; done
  described=$(tool kafka-topics --describe)
  for id in $BROKERS; do
    grep -qE "Replicas: ([0-9]+,)*$id(,|[[:space:]]|\$)" <<< "$described" || empty="$empty $id"
  done
  names=$(sed -n 's/^Topic: *\([^[:space:]]*\)[[:space:]].*PartitionCount.*/\1/p' <<< "$described")
  printf '{"version":1,"topics":[%s]}\n' "$(for id in $names; do printf '{"topic":"%s"},' "$id"; done | sed 's/,$//')" > "$work/topics.json"
  plan=$(tool kafka-reassign-partitions --generate --topics-to-move-json-file "$work/topics.json" --broker-list "${BROKERS// /,}")
  sed -n '/^Current partition replica assignment/{n;p;}' <<< "$plan" > "$work/plan.json"
  if [ -n "$empty" ] && [ "$(wc -w <<< "$BROKERS")" -gt 1 ]; then
    say "spreads the replicas over$empty as well"
    sed -n '/^Proposed partition reassignment configuration/{n;p;}' <<< "$plan" > "$work/plan.json"
    tool kafka-reassign-partitions --execute --reassignment-json-file "$work/plan.json" --throttle "$THROTTLE_BYTES" > "$work/execute.log"
    while moving; do sleep 5; done
  fi
  # Also lifts a throttle that a run which was broken off has left.
  tool kafka-reassign-partitions --verify --reassignment-json-file "$work/plan.json" > "$work/verify.log"
  ! grep -iE 'still in progress|failed|is not set' "$work/verify.log"
}

settled() { # every replica is in step
  local deadline=$((SECONDS + 600)) behind
  until behind=$(tool kafka-topics --describe --under-replicated-partitions) && [ -z "$behind" ]; do
    [ "$SECONDS" -lt "$deadline" ] || { echo "$behind"; return 1; }
    sleep 3
  done
}

wait_for_brokers
accounts
topics
spread
settled
drop_old_accounts
say "topics are as wanted"
