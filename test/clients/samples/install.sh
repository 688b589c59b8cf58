#!/usr/bin/env bash
# The sample programs run on the SDKs of the suites beside.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bash "$here/../python/install.sh"
bash "$here/../java/install.sh"
