#!/bin/bash
# Asks each location's Service as a visitor would, and says with the pod's last words what is wrong with the way that a request takes:
# one line for what is the case, one ("To do:") for what to do about it. What the application itself answers is its own, a 404 or a 500 as well.
# An endpoint and a network policy need a moment after a pod is ready, so each location is asked again until the deadline.
set -uo pipefail

host='@HOST_NAME@'                  # the name that requests are sent for
host_names='@HOST_NAMES@'           # all that the certificate has to carry
certificate='@CERTIFICATE@'         # what the edges have to show; empty when others put it there
private_path='@PRIVATE_PATH@'       # a path of a service, of which nothing is kept; empty without a route for one
attack='@ATTACK@'                   # refused, passed, or any where the firewall's rules leave it open
unknown='unknown.invalid'
shown=/tmp/shown.pem

# ask URL ADDRESS [OPTION...]: what the answer was, in $status $cache $location $error, and curl's code.
ask() {
  local url=$1 address=$2 port=443 code=0
  local -a said
  shift 2
  case $url in http://*) port=80 ;; esac
  name=${url#*//}
  name=${name%%/*}
  said=()
  mapfile -t said < <(
    curl --silent --noproxy '*' --output /dev/null --connect-timeout 3 --max-time 10 --user-agent 'Mozilla/5.0 (compatible; portal-check)' \
      --connect-to "$name:$port:$address" --write-out '%{exitcode}\n%{http_code}\n%header{x-cache}\n%{redirect_url}\n%{errormsg}\n' "$@" "$url"
  )
  code=${said[0]:-2} status=${said[1]:-000} cache=${said[2]:-} location=${said[3]:-} error=${said[4]:-no answer}
  return "$code"
}

# wrong WHAT STEP: remembers the last finding.
wrong() { what=$1 step=$2; return 1; }

# Trusts the very certificate that has to be shown, or that is shown where its authority is not ours to judge: what curl then refuses is
# another certificate, another name, or one that has ended.
known() {
  trust=$certificate
  [ -z "$trust" ] || return 0
  trust=$shown
  curl --silent --noproxy '*' --insecure --output /dev/null --connect-timeout 3 --max-time 10 --connect-to "$host:443:$1" --write-out '%{certs}' "https://$host/healthz" |
    awk '/-BEGIN CERTIFICATE-/ { found = 1 } found { print } /-END CERTIFICATE-/ { exit }' > "$shown"
}

tls() {
  local name code
  known "$2"
  for name in $host_names; do
    code=0
    ask "https://$name/healthz" "$2" --cacert "$trust" || code=$?
    case $code in
      0) ;;
      60) wrong "The edge of $1 shows a certificate that is not right for $name: $error." "@CERTIFICATE_STEP@"; return ;;
      77) wrong "The edge of $1 shows no certificate." "@CERTIFICATE_STEP@"; return ;;
      *) wrong "The edge of $1 does not answer over TLS: $error." "Look at the log of its pods, and whether the cluster's network lets this namespace's Jobs reach them."; return ;;
    esac
    [ "$status" = 200 ] || { wrong "The edge of $1 answers $status for $name before it asks anybody." "Look at the log of its pods."; return; }
  done
}

# through NAME ADDRESS PATH: a request that nobody has kept an answer for.
through() {
  ask "https://$host$3" "$2" --cacert "$trust" || { wrong "The edge of $1 breaks off the request for $3: $error." "Look at the log of its pods."; return; }
  case $status in
    502 | 503 | 504)
      wrong "A request for $3 gets $status through the edge of $1: nobody behind it answers." "Look at the load balancer, at the ingress, and at the service that the path is routed to; restart what does not answer." ;;
  esac
}

redirect() {
  ask "http://$host/" "$2" && [ "$status" = 308 ] && [ "$location" = "https://$host/" ] ||
    wrong "The edge of $1 answers $status to plain http where it has to send to https (308)." "Look at the log of its pods; restart the edges if their configuration is an older one."
}

stranger() {
  ask "https://$unknown/" "$2" --insecure && [ "$status" = 421 ] ||
    wrong "The edge of $1 answers $status for a host name that is not its own, where it has to refuse (421)." "Look at the log of its pods; restart the edges if their configuration is an older one."
}

firewall() {
  local plain=$1
  ask "https://$host/?q=%3Cscript%3Ealert(1)%3C/script%3E&portal-check=$once" "$3" --cacert "$trust" || { wrong "The edge of $2 breaks off a request: $error." "Look at the log of its pods."; return; }
  case $attack-$status in
    refused-403 | any-*) ;;
    refused-*) wrong "The firewall answers an attack with $status where it has to refuse it (403)." "Look at the log of the load balancer; its firewall is to block, and its rules have to be loaded." ;;
    # Who refuses everything, a blocked address or the site itself, does not do so for the attack.
    passed-403) [ "$plain" = 403 ] || wrong "The firewall refuses a request that it has to let pass and only note." "Look at the log of the load balancer; its firewall is to detect and not to block." ;;
  esac
}

edge() { # NAME HTTPS-ADDRESS HTTP-ADDRESS
  local plain
  once="$GENERATION-$RANDOM$RANDOM"
  tls "$1" "$2" && redirect "$1" "$3" && stranger "$1" "$2" && through "$1" "$2" "/?portal-check=$once" || return
  [ -n "$cache" ] || { wrong "The edge of $1 does not say whether it had the answer (X-Cache)." "Look at the log of its pods; restart the edges if their configuration is an older one."; return; }
  plain=$status
  said="The edge of $1 answers $plain for https://$host/ ($cache)"
  [ "$plain" -lt 400 ] || said="$said, which is the application's own"
  if [ -n "$private_path" ]; then
    through "$1" "$2" "$private_path?portal-check=$once" || return
    [ "$cache" = BYPASS ] || { wrong "The edge of $1 may keep answers of $private_path: it says ${cache:-nothing} instead of BYPASS." "Add the path to the private paths of the edges, and look at the log of their pods."; return; }
    said="$said, and $status for $private_path"
  fi
  firewall "$plain" "$1" "$2" && echo "$said."
}

check() {
  until edge "$@"; do
    if [ "$SECONDS" -ge "$DEADLINE_SECONDS" ]; then
      printf '%s\nTo do: %s\n' "$what" "$step" | tee /dev/termination-log
      exit 1
    fi
    sleep 1
  done
}

@CHECKS@
