#!/usr/bin/env bash
# The battery must be able to fail: puts each seeded bug of this folder into the library, one at a time, and expects a red test.
# Usage: tests/battery/run.sh [two digits ...]      without any, all of them. The last line is "N of N seeded bugs caught".
exec "$(dirname "$0")/mutants.sh" bugs "$@"
