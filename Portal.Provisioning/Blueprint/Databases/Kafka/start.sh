#!/bin/bash
# Before the server: writes this node's properties and formats its log directory once. The image's own entrypoint is not used,
# because it wants to write below /opt/kafka.
#   ROLE broker | controller | broker,controller; POD_NAME, POD_INDEX, FIRST_NODE_ID, DOMAIN, VOTERS; passwords in /run/secrets/kafka
set -euo pipefail
umask 077
secrets=/run/secrets/kafka
controller=$(cat "$secrets/controller")
admin=$(cat "$secrets/admin")
exporter=$(cat "$secrets/exporter")
plain=org.apache.kafka.common.security.plain.PlainLoginModule
scram=org.apache.kafka.common.security.scram.ScramLoginModule
{
  cat /conf/server.properties
  echo "process.roles=$ROLE"
  echo "node.id=$((FIRST_NODE_ID + POD_INDEX))"
  echo "controller.quorum.voters=$VOTERS"
  echo "listener.name.controller.plain.sasl.jaas.config=$plain required username=\"controller\" password=\"$controller\" user_controller=\"$controller\";"
  case $ROLE in
    controller) echo 'listeners=CONTROLLER://:9093' ;;
    broker) echo 'listeners=BROKER://:9092' ;;
    *) echo 'listeners=BROKER://:9092,CONTROLLER://:9093' ;;
  esac
  if [ "$ROLE" != controller ]; then
    echo "advertised.listeners=BROKER://$POD_NAME.$DOMAIN:9092"
    echo 'inter.broker.listener.name=BROKER'
    echo "listener.name.broker.scram-sha-512.sasl.jaas.config=$scram required username=\"admin\" password=\"$admin\";"
  fi
} > /run/kafka/server.properties
# The accounts that are needed before the topics Job has run are born here. On a formatted directory this does nothing.
exec /opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id "$(cat "$secrets/cluster-id")" --config /run/kafka/server.properties \
  --add-scram "SCRAM-SHA-512=[name=admin,password=$admin]" --add-scram "SCRAM-SHA-512=[name=exporter,password=$exporter]"
