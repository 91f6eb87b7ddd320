#!/usr/bin/env bash
# backup.sh --to DIR [--label WORD]: one archive of the audit's database and objects. Reads the cluster, changes
# nothing in it. Secrets are named and not kept: they come from the vault.
set -euo pipefail

to='' label=''
while [ $# -gt 0 ]; do
  case $1 in
    --to) to=${2:?--to wants a folder}; shift 2 ;;
    --label) label=${2:?--label wants a word}; shift 2 ;;
    *) echo "backup.sh: unknown argument $1" >&2; exit 2 ;;
  esac
done
[ -n "$to" ] || { echo 'usage: backup.sh --to DIR [--label WORD]' >&2; exit 2; }

mkdir -p "$to"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

kubectl exec deployment/postgres -- pg_dump --clean --if-exists -U postgres pqc_audit > "$work/database.sql"
[ -s "$work/database.sql" ] || { echo 'backup.sh: the database dump is empty' >&2; exit 1; }
kubectl get deployments,services,configmaps,networkpolicies -l app=pqc-audit -o yaml > "$work/objects.yaml"
kubectl get secrets -l app=pqc-audit -o name > "$work/secret-names.txt"
date -u +%FT%TZ > "$work/made-at.txt"

archive="$to/pqc-audit-$(date -u +%Y%m%dT%H%M%SZ)${label:+-$label}.tar.gz"
tar -czf "$archive.part" -C "$work" .
tar -tzf "$archive.part" > /dev/null
mv "$archive.part" "$archive"
echo "$archive"
