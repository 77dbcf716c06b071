#!/bin/bash
# Deletes pods that finished longer ago than KEEP_HOURS. What their volumes hold is never touched.
set -euo pipefail
kubectl get pods --selector "$SELECTOR" --output json |
  jq -r --argjson hours "$KEEP_HOURS" '
    (now - $hours * 3600 | todate) as $before
    | .items[]
    | select(.status.phase == "Succeeded" or .status.phase == "Failed")
    | select((([.status.containerStatuses[]?.state.terminated.finishedAt // empty] | max) // .metadata.creationTimestamp) < $before)
    | .metadata.name' |
  while read -r pod; do
    kubectl delete pod "$pod" --wait=false
  done
