#!/usr/bin/env bash
# Makes sure that there is a Chromium: Debian's, or where apt has none (Ubuntu) the one Playwright brings.
# Usage: browser.sh [--there]    (--there only asks)
. "$(dirname "$0")/lib.sh"

there() {
  command -v chromium google-chrome >/dev/null ||
    compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium*" >/dev/null
}

there && exit 0
[ "${1:-}" != --there ] || exit 1
timed 'Chromium, by Playwright' "$ROOT/.venv/bin/playwright" install --with-deps chromium
