#!/usr/bin/env bash
# Puts the Java SDK and what it needs into one folder, once for each version of pom.xml.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${CLIENT_TOOLS:?the folder to install to}/java
if cmp -s "$here/pom.xml" "$tools/installed.xml"; then
  exit 0
fi
rm -rf "$tools"
mkdir -p "$tools"
mvn --quiet --batch-mode --file "$here/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$tools/lib"
cp "$here/pom.xml" "$tools/installed.xml"
