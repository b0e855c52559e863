#!/usr/bin/env bash
# Mutation testing: changes single spots of the library (operators, conditions, statements, bools), and counts what the tests notice.
# Usage: tests/battery/mutate.sh [count=20] [seed=1] [folder ...]      folders: Loops Optimization Logging Checkpointing
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
rm -rf artifacts/obj/LightningSharp/release/generated
touch src/LightningSharp/Trainer.cs # compiles again, so that the generated sources are written
dotnet build -v q -c Release -nodeReuse:false -p:EmitCompilerGeneratedFiles=true tests/LightningSharp.Tests
dotnet build -v q -c Release -nodeReuse:false tests/battery/Mutants
bin="artifacts/bin/LightningSharp.Tests/mutants" # beside the others: tests find the repository from there
rm -rf "$bin"
cp -al artifacts/bin/LightningSharp.Tests/release "$bin"
trap 'rm -rf "$bin"' EXIT
artifacts/bin/Mutants/release/Mutants "$root" "$bin" "${1:-20}" "${2:-1}" "${@:3}"
