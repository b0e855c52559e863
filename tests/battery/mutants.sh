#!/usr/bin/env bash
# Builds the tests and the program that changes the library (Mutants), and runs it on a copy of the test program. See run.sh and mutate.sh.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
[ -n "${MUTANTS_BUILT:-}" ] || touch src/LightningSharp/Trainer.cs # compiles again, so that the generated sources are written
[ -n "${MUTANTS_BUILT:-}" ] || dotnet build -v q -c Release -nodeReuse:false -p:EmitCompilerGeneratedFiles=true tests/LightningSharp.Tests
dotnet build -v q -c Release -nodeReuse:false tests/battery/Mutants
bin="artifacts/bin/LightningSharp.Tests/mutants" faults="artifacts/bin/LightningSharp.Faults/mutants" # beside the others: tests find the repository and each other from there
rm -rf "$bin" "$faults"
cp -al artifacts/bin/LightningSharp.Tests/release "$bin"
cp -al artifacts/bin/LightningSharp.Faults/release "$faults"
trap 'rm -rf "$bin" "$faults"' EXIT
artifacts/bin/Mutants/release/Mutants "$root" "$bin" "$@"
