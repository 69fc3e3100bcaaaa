#!/usr/bin/env bash
# The fast loop of `make check`: stops at the first thing that is wrong.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
BIN=.venv/bin

timed 'format' "$BIN/ruff" format --quiet --check .
timed 'lint' "$BIN/ruff" check --quiet .
timed 'types' "$BIN/mypy" --no-error-summary
timed 'import contracts' "$BIN/lint-imports" --no-logo
timed 'unit tests' "$BIN/pytest" -q -n 2 --dist worksteal -m 'not services and not slow and not corpus' --durations 5
