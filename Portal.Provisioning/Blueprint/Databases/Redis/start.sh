#!/bin/bash
# Writes what depends on the pod and on the passwords, then becomes the server.
#   ENGINE redis|valkey, CLUSTER yes|no, POD_NAME, POD_IP, DOMAIN, SHARD; passwords in /run/secrets/redis
set -euo pipefail
umask 077
hash() { printf %s "$(cat "/run/secrets/redis/$1")" | sha256sum | cut -d ' ' -f 1; }
app="#$(hash app)"
# While the password is being replaced, the one before is accepted too.
[ ! -e /run/secrets/redis/app-previous ] || app="$app #$(hash app-previous)"
cat > /run/redis/users.acl <<ACL
user default off
user app on $app ~* &* +@all -@admin -@dangerous +info +cluster|slots +cluster|shards +cluster|nodes +cluster|myid +cluster|keyslot +cluster|countkeysinslot +readonly +readwrite +keys
user admin on #$(hash admin) ~* &* +@all
user replica on #$(hash replica) +psync +replconf +ping
user exporter on #$(hash exporter) ~* +@connection +info +config|get +cluster|info +cluster|slots +cluster|nodes +slowlog|get +slowlog|len +latency|latest +latency|histogram +memory|stats +client|list -@write +ping
ACL
{
  echo 'include /conf/redis.conf'
  echo 'aclfile /run/redis/users.acl'
  echo 'masteruser replica'
  echo "masterauth $(cat /run/secrets/redis/replica)"
  if [ "$CLUSTER" = yes ]; then
    echo 'include /conf/cluster.conf'
    echo "cluster-announce-ip $POD_IP"
    echo "cluster-announce-hostname $POD_NAME.$DOMAIN"
  elif [ "$POD_NAME" != "$SHARD-0" ]; then
    echo "replicaof $SHARD-0.$DOMAIN 6379"
  fi
} > /run/redis/server.conf
exec "$ENGINE-server" /run/redis/server.conf
