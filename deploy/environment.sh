#!/usr/bin/env bash
# Makes .venv/ from a lock file, every wheel checked against its hash.
# Usage: environment.sh main|dev    (dev holds all of main at the same versions, so neither undoes the other)
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

VENV=.venv
declare -A LOCK=([main]=deploy/requirements.txt [dev]=deploy/requirements-dev.txt)

stamp() { echo "$VENV/.opis-$1"; }
fingerprint() { (cat deploy/bootstrap.txt "${LOCK[$1]}" pyproject.toml deploy/environment.sh; pwd) | sha256sum | cut -d' ' -f1; }
ready() { [ "$(cat "$(stamp "$1")" 2>/dev/null)" = "$(fingerprint "$1")" ] && [ -x $VENV/bin/opis ]; }

make_venv() {
  "$VENV/bin/python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && return
  local python
  python=$(deploy/python.sh)
  rm -rf "$VENV"
  "$python" -m venv "$VENV" || die "$python could not make an environment in $ROOT/$VENV. Remedy: see its message above."
}

install() {
  rm -f "$VENV"/.opis-*
  "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r deploy/bootstrap.txt
  local uv=("$VENV/bin/uv" pip install -q --python "$VENV/bin/python")
  "${uv[@]}" --exact --require-hashes -r deploy/bootstrap.txt -r "${LOCK[$1]}"
  "${uv[@]}" --no-deps --no-build-isolation --offline -e .
  fingerprint "$1" >"$(stamp "$1")"
}

main() {
  local level=$1
  ready dev && return
  if [ "$level" = main ]; then
    ready main && return
    [ -e "$(stamp dev)" ] && level=dev
  fi
  make_venv
  install "$level"
}

case ${1:-} in
  main | dev) timed "Python environment ($1)" main "$1" ;;
  *) die 'usage: environment.sh main|dev' ;;
esac
