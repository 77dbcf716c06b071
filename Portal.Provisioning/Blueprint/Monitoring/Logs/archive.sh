#!/bin/bash
# Writes the log lines of each whole day that is not archived yet to ARCHIVE/YYYY-MM-DD.jsonl.gz, and removes files of days that are
# older than KEEP_DAYS. usage: archive.sh [YYYY-MM-DD]   with a day: that day again, in place of the file that is there.
#
# A page ends wherever PAGE lines are reached, also in the middle of lines with the same time, and the next one can only begin at a
# time. So the lines with the last time of a full page are left to the next page, which begins with them.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly query='{component=~".+"}'
readonly day_seconds=86400

day_of() { date -u -d "@$1" +%Y-%m-%d; }

# One page of lines from a time on, in nanoseconds, as JSON lines in the order of time.
page() {
  curl --silent --show-error --fail --max-time 120 --retry 5 --retry-connrefused --get "$LOKI/loki/api/v1/query_range" \
    --data-urlencode "query=$query" --data "direction=forward" --data "limit=$PAGE" --data "start=$1" --data "end=$2" >"$work/answer"
  jq -c '[.data.result[] | .stream as $labels | .values[] | {time: .[0], labels: $labels, line: .[1]}] | sort_by(.time) | .[]' "$work/answer" >"$work/page"
}

# Times have 19 digits: as texts they sort like numbers, and jq would round them as numbers.
last_time() { tail -n 1 "$work/page" | jq -r .time; }

archive_day() {
  local day=$1 start end from full last count=0 lines
  start=$(date -u -d "$day 00:00:00" +%s)
  end=$(((start + day_seconds) * 1000000000))
  from=$((start * 1000000000))
  while true; do
    page "$from" "$end"
    full=$(wc -l <"$work/page")
    if [ "$full" -ge "$PAGE" ]; then
      last=$(last_time)
      jq -c --arg last "$last" 'select(.time != $last)' "$work/page" >"$work/whole"
      if [ ! -s "$work/whole" ]; then
        echo "More than $PAGE lines of $day have the same time, $last: they cannot be read in pages." >&2
        return 1
      fi
      from=$last
    else
      mv "$work/page" "$work/whole"
    fi

    count=$((count + $(wc -l <"$work/whole")))
    # Compressed page by page into the volume: a day need not fit into memory, and gzip files one after another are one gzip file.
    gzip -c "$work/whole" >>"$ARCHIVE/$day.part"
    [ "$full" -ge "$PAGE" ] || break
  done

  lines=$(gzip -dc "$ARCHIVE/$day.part" | wc -l)
  if [ "$lines" -ne "$count" ]; then
    echo "The file of $day has $lines lines and should have $count." >&2
    return 1
  fi

  sync
  mv "$ARCHIVE/$day.part" "$ARCHIVE/$day.jsonl.gz"
  echo "Archived $day: $count lines."
}

remove_old() {
  local oldest=$1 file day
  for file in "$ARCHIVE"/*.jsonl.gz; do
    day=$(basename "$file" .jsonl.gz)
    if [[ -e "$file" && "$day" < "$oldest" ]]; then
      rm "$file"
      echo "Removed $day."
    fi
  done
}

# What an earlier run left unfinished.
rm -f "$ARCHIVE"/*.part

now=$(date -u +%s)
midnight=$((now - now % day_seconds))
if [ $# -gt 0 ]; then
  archive_day "$1"
else
  # Before writing, so that a full volume gets its room back.
  remove_old "$(day_of $((midnight - KEEP_DAYS * day_seconds)))"
  for back in $(seq "$LOOK_BACK_DAYS" -1 1); do
    day=$(day_of $((midnight - back * day_seconds)))
    [ -e "$ARCHIVE/$day.jsonl.gz" ] || archive_day "$day"
  done
fi
