#!/bin/sh
# Double-click on macOS: opens Sendoff; this Terminal window may be closed afterwards.
cd "$(dirname "$0")" || exit 1
if ! command -v python3 >/dev/null; then
  echo "Sendoff needs Python 3.11 or newer: install it from python.org, then double-click again."
  exit 1
fi
exec python3 launch.py "$@"
