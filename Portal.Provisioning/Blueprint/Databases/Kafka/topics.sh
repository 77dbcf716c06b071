#!/bin/bash
# Creates the topics, adds partitions (never fewer), sets retention and the application's account and rights. Safe to run again.
#   BOOTSTRAP; TOPICS "name:partitions:retention_ms ..."; REPLICATION; passwords in /run/secrets/kafka
set -euo pipefail
umask 077
bin=/opt/kafka/bin
admin=/tmp/admin.properties
printf 'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="%s";\n' \
  "$(cat /run/secrets/kafka/admin)" > "$admin"
topics() { "$bin/kafka-topics.sh" --bootstrap-server "$BOOTSTRAP" --command-config "$admin" "$@"; }
configs() { "$bin/kafka-configs.sh" --bootstrap-server "$BOOTSTRAP" --command-config "$admin" "$@"; }
acls() { "$bin/kafka-acls.sh" --bootstrap-server "$BOOTSTRAP" --command-config "$admin" --add --allow-principal User:app "$@" > /dev/null; }

until (exec 3<> "/dev/tcp/${BOOTSTRAP%:*}/${BOOTSTRAP#*:}") 2> /dev/null; do sleep 1; done
until "$bin/kafka-broker-api-versions.sh" --bootstrap-server "$BOOTSTRAP" --command-config "$admin" > /dev/null; do sleep 3; done

configs --alter --entity-type users --entity-name app --add-config "SCRAM-SHA-512=[password=$(cat /run/secrets/kafka/app)]"
# In two steps: a consumer group knows no Write.
acls --operation Read --operation Write --operation Describe --operation DescribeConfigs --topic '*'
acls --operation Read --operation Describe --group '*'

for topic in $TOPICS; do
  IFS=: read -r name partitions retention <<< "$topic"
  topics --create --if-not-exists --topic "$name" --partitions "$partitions" --replication-factor "$REPLICATION"
  have=$(topics --describe --topic "$name" | sed -n 's/.*PartitionCount: *\([0-9]*\).*/\1/p')
  if [ "$have" -lt "$partitions" ]; then
    topics --alter --topic "$name" --partitions "$partitions"
  fi
  configs --alter --entity-type topics --entity-name "$name" --add-config "retention.ms=$retention"
done
topics --describe --under-replicated-partitions
