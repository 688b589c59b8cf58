#!/usr/bin/env bash
# Installs a requirements.txt into a Python environment of its own below the folder of client tools, once for each of its versions.
#
#     scripts/python-environment.sh NAME REQUIREMENTS
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${CLIENT_TOOLS:-$root/.cache/client-tools}/$1
if [ -x "$folder/bin/python" ] && cmp -s "$2" "$folder/installed.txt"; then
  exit 0
fi
rm -rf "$folder"
python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$2"
cp "$2" "$folder/installed.txt"
