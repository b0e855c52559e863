#!/usr/bin/env bash
# Mutation testing: changes single spots of the library (operators, conditions, statements, bools), and counts what the tests notice.
# Usage: tests/battery/mutate.sh [count=20] [seed=1] [folder ...]      folders: Loops Optimization Logging Checkpointing
exec "$(dirname "$0")/mutants.sh" "${1:-20}" "${2:-1}" "${@:3}"
