#!/usr/bin/env bash
# Installs the programs that tests compare with and ask with: other DNS servers, their query tools, PostgreSQL.
# With --bench also those that benchmarks need, with --clients what the suites of client programs are built with.
# Debian and Ubuntu, as root. None of the daemons is started.
set -euo pipefail

packages=(curl openssl postgresql nsd knot knot-dnsutils knot-dnssecutils bind9 bind9-utils bind9-dnsutils ldnsutils fstrm-bin)
packages+=(pdns-server pdns-backend-sqlite3 sqlite3)
if [ "${1:-}" = --bench ]; then
  packages+=(pdns-backend-lmdb dnsperf)
fi
# A toolchain that is there already, from wherever, is good enough.
if [ "${1:-}" = --clients ]; then
  command -v go >/dev/null || packages+=(golang-go)
  command -v javac >/dev/null || packages+=(default-jdk-headless)
  command -v mvn >/dev/null || packages+=(maven)
  python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
fi

if ! command -v apt-get >/dev/null; then
  echo "install-test-tools: needs apt-get; install by other means: ${packages[*]}" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "install-test-tools: needs root; run: sudo $0 ${1:-}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then
  exit 0
fi

# policy-rc.d is how Debian asks whether an installation may start a service: 101 is no. One that is already there stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
echo "install-test-tools: ${missing[*]}"
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
