#!/usr/bin/env bash
# Builds the client program with the versions of go.mod and go.sum into $CLIENT_TOOLS/go.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${CLIENT_TOOLS:-$(cd "$here/../../.." && pwd)/.cache/client-tools}
mkdir -p "$tools/go"
cd "$here"
go build -p 2 -o "$tools/go/suite" .
