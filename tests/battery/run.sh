#!/usr/bin/env bash
# The battery must be able to fail: applies each seeded bug of this folder to a copy of the sources, builds it, and expects a red test.
# Usage: tests/battery/run.sh [name ...]        names as in 01 or 01-no-flush-before-rename; without any, all of them
#        BATTERY_COPY=<folder> keeps the copy, so that the next call builds only what changed.
# The last line is "N of N seeded bugs caught".
set -uo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../.." && pwd)"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
if [ -n "${BATTERY_COPY:-}" ]; then
  copy="$BATTERY_COPY"
  mkdir -p "$copy"
else
  copy="$(mktemp -d)"
  trap 'rm -rf "$copy"' EXIT
fi
git -C "$root" archive HEAD | tar -x -C "$copy"
cd "$copy" || exit 2
git init -q && git add -A && git -c user.name=battery -c user.email=battery@localhost commit -qm sources --allow-empty

# The tests that are there for the bug; one of them must go red.
declare -A tests=(
  [01]="--filter-class *DurableFileTests"
  [02]="--filter-class *CheckpointFileTests --filter-class *FuzzTests"
  [03]="--filter-class *LightningSharp.Tests.ResumeTests"
  [04]="--filter-method *KillAndResumeTests.A_stop_signal_saves_the_last_step*"
  [05]="--filter-class *DiskFaultTests"
  [06]="--filter-class *InterruptionTests"
  [07]="--filter-method *SoakTests.Threads_that_allocate*"
  [08]="--filter-class *DataLoaderErrorTests"
  [09]="--filter-class *StateDictLoaderTests"
  [10]="--filter-class *InterruptionTests")
program="artifacts/bin/LightningSharp.Tests/debug/LightningSharp.Tests"

run() { # which: the filters of the tests that must notice
  set -f
  # shellcheck disable=SC2086
  timeout 900 "$program" $1 >"$copy/test.log" 2>&1
  local code=$?
  set +f
  return $code
}

build() { timeout 1800 dotnet build -v q -nodeReuse:false tests/LightningSharp.Tests >"$copy/build.log" 2>&1 || { tail -20 "$copy/build.log"; return 1; }; }

# A bug file: what it is, "- text" to find in src/LightningSharp, "+ text" to put there, and "@ file" when the text is in others as well.
apply() {
  local old new name file content
  old="$(sed -n 's/^- //p' "$1")" new="$(sed -n 's/^+ //p' "$1")" name="$(sed -n 's/^@ //p' "$1")"
  mapfile -t files < <(grep -rlF --include="${name:-*.cs}" -- "$old" src/LightningSharp)
  [ "${#files[@]}" -eq 1 ] || { echo "$(basename "$1"): its text is in ${#files[@]} files: renew it"; return 1; }
  file="${files[0]}"
  content="$(cat "$file"; printf x)"
  content="${content//"$old"/"$new"}"
  printf '%s' "${content%x}" >"$file"
}

if [ $# -gt 0 ]; then
  bugs=()
  for name in "$@"; do bugs+=("$here/$(basename "$name" | cut -c1-2)"-*.bug); done
else
  bugs=("$here"/*.bug)
fi

build || { echo "the sources do not build"; exit 2; }
caught=0
for bug in "${bugs[@]}"; do
  name="$(basename "$bug" .bug)"
  which="${tests[${name%%-*}]}"
  run "$which" || { echo "$name: red without the bug"; grep -m3 -A3 '^failed' "$copy/test.log"; continue; }
  apply "$bug" || continue
  if ! build; then echo "$name: does not build"
  elif run "$which"; then echo "$name: NOT caught by $which"
  elif grep -q 'failed: 0' "$copy/test.log" || ! grep -q '^failed' "$copy/test.log"; then echo "$name: no red test, but the program ended badly"; tail -3 "$copy/test.log"
  else caught=$((caught + 1)); echo "$name: caught by $(grep -m1 '^failed' "$copy/test.log" | sed 's/^failed //' | cut -c1-160)"
  fi
  git checkout -q -- .
done
echo "$caught of ${#bugs[@]} seeded bugs caught"
[ "$caught" -eq "${#bugs[@]}" ]
