#!/usr/bin/env bash
# Installs certbot with the plugin that brings lego's DNS providers, and builds the ACME server pebble, into $CLIENT_TOOLS/lego.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${CLIENT_TOOLS:-$(cd "$here/../../.." && pwd)/.cache/client-tools}/lego
cd "$here"
go build -p 2 -o "$tools/pebble" github.com/letsencrypt/pebble/v2/cmd/pebble
if [ -x "$tools/venv/bin/certbot" ] && cmp -s requirements.txt "$tools/venv/installed.txt"; then
  exit 0
fi
rm -rf "$tools/venv"
python3 -m venv "$tools/venv"
"$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
cp requirements.txt "$tools/venv/installed.txt"
