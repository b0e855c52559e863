#!/usr/bin/env bash
# The battery must be able to fail: applies each seeded bug of this folder to a copy of the sources, builds it, and expects a red test.
# Usage: tests/battery/run.sh [patch ...]      Without arguments all of them. The last line is "N of N seeded bugs caught".
set -uo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
git -C "$root" archive HEAD | tar -x -C "$copy"
cd "$copy" && git init -q && git add -A && git -c user.name=battery -c user.email=battery@localhost commit -qm sources

declare -A tests=(
  [01]="*DurableFileTests" [02]="*CheckpointFileTests *FuzzTests" [03]="*ResumeTests" [04]="*KillAndResumeTests" [05]="*DiskFaultTests *ModelCheckpoint*"
  [06]="*InterruptionTests" [07]="*SoakTests" [08]="*DataLoaderErrorTests" [09]="*StateDictLoaderTests" [10]="*InterruptionTests")
program="artifacts/bin/LightningSharp.Tests/debug/LightningSharp.Tests"

run() { # which: the classes that must notice
  local filters=()
  for class in $1; do filters+=(--filter-class "$class"); done
  timeout 900 "$program" "${filters[@]}" >"$copy/test.log" 2>&1
}

build() { timeout 1800 dotnet build -v q tests/LightningSharp.Tests >"$copy/build.log" 2>&1 || { tail -20 "$copy/build.log"; return 1; }; }

build || { echo "the sources do not build"; exit 2; }
patches=("$@"); [ $# -gt 0 ] || patches=("$here"/*.patch)
caught=0
for patch in "${patches[@]}"; do
  name="$(basename "$patch" .patch)"
  which="${tests[${name%%-*}]}"
  run "$which" || { echo "$name: red without the bug"; tail -6 "$copy/test.log"; continue; }
  git apply "$(realpath "$here/$name.patch")" || { echo "$name: does not apply; renew the patch"; continue; }
  if ! build; then echo "$name: does not build"
  elif run "$which"; then echo "$name: NOT caught by $which"
  else caught=$((caught + 1)); echo "$name: caught by $(grep -m1 '^failed' "$copy/test.log" | cut -c1-160)"
  fi
  git checkout -q -- .
done
echo "$caught of ${#patches[@]} seeded bugs caught"
[ "$caught" -eq "${#patches[@]}" ]
