#!/usr/bin/env bash
# Installs schemathesis into an environment of its own, once for each version of requirements.txt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${CLIENT_TOOLS:?the folder to install to}/schemathesis
if [ -x "$tools/bin/schemathesis" ] && cmp -s "$here/requirements.txt" "$tools/installed.txt"; then
  exit 0
fi
rm -rf "$tools"
python3 -m venv "$tools"
"$tools/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
cp "$here/requirements.txt" "$tools/installed.txt"
