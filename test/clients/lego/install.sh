#!/usr/bin/env bash
# Installs certbot with the plugin that brings lego's DNS providers, and builds the ACME server pebble.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
"$root/scripts/python-environment.sh" lego/venv "$here/requirements.txt"
cd "$here"
go build -p 2 -o "${CLIENT_TOOLS:-$root/.cache/client-tools}/lego/pebble" github.com/letsencrypt/pebble/v2/cmd/pebble
