#!/usr/bin/env bash
# restore.sh --from DIR|ARCHIVE [--skip-label WORD]: puts the newest good backup of the audit back into its database.
# The archive is read through before the database is touched.
set -euo pipefail

from='' skip=''
while [ $# -gt 0 ]; do
  case $1 in
    --from) from=${2:?--from wants a folder or an archive}; shift 2 ;;
    --skip-label) skip=${2:?--skip-label wants a word}; shift 2 ;;
    *) echo "restore.sh: unknown argument $1" >&2; exit 2 ;;
  esac
done
[ -n "$from" ] || { echo 'usage: restore.sh --from DIR|ARCHIVE [--skip-label WORD]' >&2; exit 2; }

archive=$from
if [ -d "$from" ]; then
  archive=$(find "$from" -name 'pqc-audit-*.tar.gz' ${skip:+! -name "*-$skip.tar.gz"} | sort | tail -n 1)
fi
[ -f "$archive" ] || { echo "restore.sh: no backup in $from" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xzf "$archive" -C "$work"
[ -s "$work/database.sql" ] || { echo "restore.sh: $archive holds no database" >&2; exit 1; }

echo "restoring $archive, made at $(cat "$work/made-at.txt")"
kubectl exec -i deployment/postgres -- psql -v ON_ERROR_STOP=1 --single-transaction -U postgres -d pqc_audit < "$work/database.sql"
echo 'restored'
