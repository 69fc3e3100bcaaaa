#!/usr/bin/env bash
# Puts the jars of veraPDF, the PDF/A validator, into the cache.
. "$(dirname "$0")/lib.sh"

SUMS=$ROOT/deploy/verapdf.sha256
LIB=$OPIS_CACHE/verapdf-$(sha256sum "$SUMS" | cut -c1-8)

main() {
  link verapdf "$LIB"
  [ ! -d "$LIB" ] || return 0
  lock_cache
  [ ! -d "$LIB" ] || return 0
  local work
  work=$(mktemp -d "$OPIS_CACHE/new.XXXXXX")
  trap "rm -rf '$work'" EXIT
  maven -f "$ROOT/deploy/verapdf-pom.xml" -Dmaven.repo.local="$work/m2" "$MAVEN_DEPENDENCY:copy-dependencies" \
    -DoutputDirectory="$work/lib" -DincludeScope=runtime
  (cd "$work/lib" && sha256sum -c --quiet "$SUMS" && [ "$(ls | wc -l)" = "$(wc -l <"$SUMS")" ]) ||
    die "a jar of veraPDF is not the one listed in deploy/verapdf.sha256. Remedy: do not use it; tell the maintainers."
  chmod -R a+rX "$work/lib"
  mv "$work/lib" "$LIB"
}

timed veraPDF main
say "to let opis itself use it: export OPIS_VERAPDF=$LIB"
