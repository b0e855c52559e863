#!/usr/bin/env bash
# Builds everything and runs every test. The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
configuration="${CONFIGURATION:-Release}"
results="artifacts/test-results"
rm -rf "$results"

# Not "dotnet build", which leaves two empty folders in the temporary folder each time (SDK 10.0.401).
dotnet msbuild LightningSharp.slnx -restore -nologo -m -v:quiet -p:Configuration="$configuration" || { echo "0 passed, 1 failed"; exit 1; }

status=0
for project in tests/*/*.Tests.csproj; do
  name="$(basename "$project" .csproj)"
  echo "== $name"
  lower="$(echo "$configuration" | tr '[:upper:]' '[:lower:]')"
  "artifacts/bin/$name/$lower/$name" --results-directory "$results" --report-trx --report-trx-filename "$name.trx" \
    --hangdump --hangdump-timeout 10m --hangdump-type None "$@" || status=1
done

read -r passed failed skipped < <(grep -ho '<Counters [^>]*>' "$results"/*.trx 2>/dev/null | awk '
  function field(name,   m) { if (match($0, " " name "=\"[0-9]+\"")) { m = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", m); return m } return 0 }
  { total += field("total"); executed += field("executed"); passed += field("passed"); failed += field("failed") + field("error") + field("timeout") + field("aborted") }
  END { print passed + 0, failed + 0, total - executed }')
[ "${passed:-0}" -gt 0 ] || status=1
[ "$status" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1
echo "${passed:-0} passed, ${failed:-0} failed, ${skipped:-0} skipped"
exit "$status"
