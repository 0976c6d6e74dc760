#!/usr/bin/env bash
# Installs the components that tests start, where they are missing: the system's SQLite library, the
# OpenFeature client and an S3.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
	apt-get update -qq
	apt-get install -y -qq libsqlite3-0
fi

client=tests/openfeature-client
if [ -f "$client/package.json" ] && [ ! -d "$client/node_modules" ]; then
	command -v npm >/dev/null || { echo "npm is needed for the OpenFeature client tests (Node 20 or newer)."; exit 1; }
	npm ci --prefix "$client" --no-audit --no-fund --silent
fi

# At home the tests that need it are skipped with the reason; in CI they fail.
tests/services/moto.sh install || [ "${CI:-}" != true ]
