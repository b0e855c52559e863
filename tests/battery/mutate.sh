#!/usr/bin/env bash
# Mutation testing: changes single spots of the library (operators, conditions, statements, bools), and counts what the tests notice.
# Usage: tests/battery/mutate.sh [count=20] [seed=1] [folder ...]      folders: Loops Optimization Logging Checkpointing
#    or: tests/battery/mutate.sh at CsvTable.cs:57 ...                 every change of a line, to see whether a new test notices it
exec "$(dirname "$0")/mutants.sh" "${1:-20}" "${2:-1}" "${@:3}"
