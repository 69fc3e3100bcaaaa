#!/usr/bin/env bash
# Installs the Debian packages of one level: main (what Opis needs) or tests (main and what its tests need).
# Usage: packages.sh main|tests
. "$(dirname "$0")/lib.sh"

MAIN=(
  tesseract-ocr tesseract-ocr-ron tesseract-ocr-osd poppler-utils
  ghostscript # by ocrmypdf: pages of PDFs that no PDF/A can hold as they are
  fonts-dejavu fonts-liberation fonts-freefont-ttf fonts-urw-base35 fonts-ebgaramond # the sample binders
)
TESTS=(postgresql strace unzip libatomic1) # the last for the Node.js inside Playwright
CREATECLUSTER=/etc/postgresql-common/createcluster.d/opis.conf

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
apt() { as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@"; }

wanted() {
  printf '%s\n' "${MAIN[@]}"
  find_python || printf '%s\n' python3.11 python3.11-venv
  [ "$1" = tests ] || return 0
  printf '%s\n' "${TESTS[@]}"
  command -v java >/dev/null || echo default-jre-headless
  command -v mvn >/dev/null || echo maven
  ubuntu || "$ROOT/deploy/browser.sh" --there || echo chromium
}

find_python() { "$ROOT/deploy/python.sh" >/dev/null 2>&1; }
ubuntu() { grep -qx 'ID=ubuntu' /etc/os-release; } # whose chromium is a snap: deploy/browser.sh

# a machine that only runs the tests keeps no database server running
without_cluster() {
  if installed postgresql-common; then "$@"; return; fi
  as_root mkdir -p "${CREATECLUSTER%/*}"
  echo 'create_main_cluster = false' | as_root tee "$CREATECLUSTER" >/dev/null
  "$@"
  as_root rm -f "$CREATECLUSTER"
}

main() {
  local level=$1 package missing=()
  command -v apt-get >/dev/null || die "this set-up knows Debian and Ubuntu only. Remedy: install the counterparts of: $(wanted "$level" | xargs)"
  for package in $(wanted "$level"); do
    installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Debian packages: ${missing[*]}"
  apt update >/dev/null || say 'apt-get update complained; going on with the lists there are'
  without_cluster apt install -y --no-install-recommends "${missing[@]}" >/dev/null ||
    die "apt-get could not install: ${missing[*]}. Remedy: read its message above; on Ubuntu enable 'universe'."
}

case ${1:-} in
  main | tests) timed "Debian packages ($1)" main "$1" ;;
  *) die 'usage: packages.sh main|tests' ;;
esac
