#!/bin/bash
# Deletes pods that ended longer ago than KEEP_HOURS, evicted ones among them, and lists claims that no pod uses. A pod of a Job that
# still works is left: the Job counts it. Claims are never deleted here: whether their data is still wanted is for people to say.
set -euo pipefail

jobs=$(kubectl get jobs --selector "$SELECTOR" --output json |
  jq -c '[.items[] | select(any(.status.conditions[]?; (.type == "Complete" or .type == "Failed") and .status == "True") | not) | .metadata.uid]')
pods=$(mktemp)
trap 'rm -f "$pods"' EXIT
kubectl get pods --selector "$SELECTOR" --output json >"$pods"

jq -r --argjson hours "$KEEP_HOURS" --argjson working "$jobs" '
    (now - $hours * 3600 | todate) as $before
    | .items[]
    | select(.status.phase == "Succeeded" or .status.phase == "Failed")
    | select(any(.metadata.ownerReferences[]?; .uid as $owner | $working | index($owner)) | not)
    | select((([.status.containerStatuses[]?.state.terminated.finishedAt // empty] | max) // .metadata.creationTimestamp) < $before)
    | .metadata.name' "$pods" |
  while read -r pod; do
    kubectl delete pod "$pod" --wait=false
  done

kubectl get persistentvolumeclaims --selector "$SELECTOR" --output json |
  jq -r --slurpfile pods "$pods" '
    [$pods[0].items[].spec.volumes[]?.persistentVolumeClaim.claimName // empty] as $used
    | .items[]
    | select(.metadata.annotations["portal/bound-on-use"] != "true")
    | select(.metadata.name as $name | $used | index($name) | not)
    | "No pod uses the claim \(.metadata.name), \(.spec.resources.requests.storage). Delete it if its data is no longer wanted."'
