#!/usr/bin/env bash
# Installs schemathesis.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/../../scripts/python-environment.sh" schemathesis "$here/requirements.txt"
