#!/bin/bash
# Deletes pods that finished longer ago than KEEP_HOURS. What their volumes hold is never touched.
set -euo pipefail
before=$(date -u -d "@$(($(date +%s) - KEEP_HOURS * 3600))" +%Y-%m-%dT%H:%M:%SZ)
kubectl get pods --selector "$SELECTOR" --output json |
  jq -r --arg before "$before" '
    .items[]
    | select(.status.phase == "Succeeded" or .status.phase == "Failed")
    | select(([.status.containerStatuses[]?.state.terminated.finishedAt // empty] | max) // .metadata.creationTimestamp < $before)
    | .metadata.name' |
  while read -r pod; do
    kubectl delete pod "$pod" --wait=false
  done
