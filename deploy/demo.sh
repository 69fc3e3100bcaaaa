#!/usr/bin/env bash
# The demonstration behind `make demo`: sample binders in, a found word out, all in demo/.
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

SAMPLES=demo/samples
ARCHIVE=demo/archive
QUERY='iluminat public'

samples() {
  local made
  made=$(find deploy/demo.sh examples -name '*.sh' -o -name '*.py' -o -name '*.toml' -o -name '*.txt' | sort | xargs cat | sha256sum)
  [ "$(cat $SAMPLES/.made 2>/dev/null)" != "$made" ] || return 0
  rm -rf "$SAMPLES" "$ARCHIVE"
  .venv/bin/python -m examples.binders --binders 3 --pages 12 --seed 42 "$SAMPLES"
  echo "$made" >"$SAMPLES/.made"
}

# exit code 3: done, and something waits for a person; one sample page cannot be read
archive() { .venv/bin/opis scan-batch "$SAMPLES/binders" --archive "$ARCHIVE" || [ $? = 3 ]; }

timed 'sample binders' samples
timed 'opis scan-batch' archive
timed 'opis search' .venv/bin/opis search "$QUERY" --archive "$ARCHIVE"
.venv/bin/python deploy/demo_places.py "$ARCHIVE" "$QUERY" demo/pagina.jpg
say "demo: ${SECONDS} s"
