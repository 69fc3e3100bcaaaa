#!/usr/bin/env bash
# The fast loop of `make check`: stops at the first thing that is wrong.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
BIN=.venv/bin

# where the tests write: many small files, each synced; in memory, where there is room and programs may run
scratch() {
  local room
  room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)
  if [ -w /dev/shm ] && [ "${room:-0}" -gt 2000000 ] && ! grep -q ' /dev/shm .*noexec' /proc/mounts; then
    mktemp -d /dev/shm/opis-check.XXXXXX
  else
    mktemp -d
  fi
}

unit_tests() {
  "$BIN/pytest" -q -n 2 --dist worksteal -p no:schemathesis --hypothesis-profile ci -m 'not services and not slow and not corpus' --durations 5
}

timed 'format' "$BIN/ruff" format --quiet --check .
timed 'lint' "$BIN/ruff" check --quiet .
timed 'types' "$BIN/mypy" --no-error-summary
timed 'import contracts' "$BIN/lint-imports" --no-logo
PYTEST_DEBUG_TEMPROOT=$(scratch)
export PYTEST_DEBUG_TEMPROOT
trap 'rm -rf "$PYTEST_DEBUG_TEMPROOT"' EXIT
timed 'unit tests' unit_tests
