#!/usr/bin/env bash
# Installs the openstack command with its commands for DNS.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/../../../scripts/python-environment.sh" openstack "$here/requirements.txt"
