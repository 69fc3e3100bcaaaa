#!/usr/bin/env bash
# Prints the Python 3.11 that the environment is made with; fails when there is none that can make one.
. "$(dirname "$0")/lib.sh"

for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3 /usr/bin/python3.11; do
  if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    command -v "$candidate"
    exit 0
  fi
done
die 'no Python 3.11 with venv and ensurepip. Remedy: install python3.11 and python3.11-venv, or set PYTHON to one.'
