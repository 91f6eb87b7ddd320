#!/usr/bin/env bash
# evidence-export.sh --older-than DAYS --to DIR: copies evidence files past an age out of the frontend into an archive,
# with a list of their digests. Deletes nothing: that is another step, with its own approval.
set -euo pipefail

days='' to=''
while [ $# -gt 0 ]; do
  case $1 in
    --older-than) days=${2:?--older-than wants a number of days}; shift 2 ;;
    --to) to=${2:?--to wants a folder}; shift 2 ;;
    *) echo "evidence-export.sh: unknown argument $1" >&2; exit 2 ;;
  esac
done
case $days in '' | *[!0-9]*) echo 'usage: evidence-export.sh --older-than DAYS --to DIR' >&2; exit 2 ;; esac
[ -n "$to" ] || { echo 'usage: evidence-export.sh --older-than DAYS --to DIR' >&2; exit 2; }

inside() { kubectl --namespace aureus exec deployment/aureus-frontend -- "$@"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
inside find /app/evidence -type f -mtime "+$days" > "$work/names"
count=0
while IFS= read -r name; do
  [ -n "$name" ] || continue
  mkdir -p "$work/files/$(dirname "${name#/}")"
  # No standard input for kubectl: it would swallow the list.
  inside cat "$name" < /dev/null > "$work/files/${name#/}"
  count=$((count + 1))
done < "$work/names"
if [ "$count" -eq 0 ]; then
  echo "nothing in /app/evidence is older than $days days"
  exit 0
fi
(cd "$work/files" && find . -type f -exec sha256sum {} + | sort -k 2) > "$work/SHA256SUMS"
mkdir -p "$to"
archive="$to/aureus-evidence-$(date -u +%Y%m%dT%H%M%SZ).tar.gz"
tar -czf "$archive" -C "$work" files SHA256SUMS
echo "$archive: $count files"
