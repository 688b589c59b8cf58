#!/usr/bin/env bash
# Installs the Python SDK.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/../../../scripts/python-environment.sh" python "$here/requirements.txt"
