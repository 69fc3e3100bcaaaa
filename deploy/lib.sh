# Shared by the set-up scripts: sourced, never run.
# shellcheck shell=bash
set -euo pipefail
umask 022

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ -z "${OPIS_CACHE:-}" ]; then
  if [ "$(id -u)" = 0 ]; then
    OPIS_CACHE=/var/cache/opis # servers that refuse root must be able to read it
  else
    OPIS_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/opis
  fi
fi
export OPIS_CACHE
MAVEN_DEPENDENCY=org.apache.maven.plugins:maven-dependency-plugin:3.8.1

say() { printf '· %s\n' "$*" >&2; }
die() { printf 'Set-up stopped: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "installing Debian packages takes root or sudo. Remedy: run as root, or let an administrator run: $*"
  fi
}

# timed "what" command...: runs the command and says how long it took
timed() {
  local what=$1 began=$SECONDS
  shift
  "$@"
  say "$what: $((SECONDS - began)) s"
}

# one set-up at a time fills the cache
lock_cache() {
  mkdir -p "$OPIS_CACHE"
  exec 9>"$OPIS_CACHE/.lock"
  flock 9
}

# link NAME TARGET: .cache/NAME is where the tests find what was installed
link() {
  mkdir -p "$ROOT/.cache"
  ln -sfn "$2" "$ROOT/.cache/$1"
}

# Maven ends with colour codes even when told to leave them
maven() { mvn -q -B -Dstyle.color=never "$@" | sed 's/\x1b\[[0-9;]*m//g'; }
