#!/usr/bin/env bash
# Installs the components that tests start, where they are missing: the system's SQLite library, LibreOffice, a browser, the
# OpenFeature client, an OpenID provider, an S3 and PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
	apt-get update -qq
	apt-get install -y -qq libsqlite3-0
fi

./tests/services/libreoffice.sh

if ! command -v chromium >/dev/null && [ -z "${CHROMIUM:-}" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
	apt-get update -qq
	apt-get install -y -qq chromium
fi

for packages in tests/openfeature-client tests/services/oidc; do
	if [ -f "$packages/package.json" ] && [ ! -d "$packages/node_modules" ]; then
		command -v npm >/dev/null || { echo "npm is needed for the tests of $packages (Node 20.19 or newer of 20, 22.12 or newer of 22, or 24 and newer)."; exit 1; }
		npm ci --prefix "$packages" --no-audit --no-fund --silent
	fi
done

# At home the tests that need it are skipped with the reason; in CI they fail.
tests/services/moto.sh install || [ "${CI:-}" != true ]
tests/services/postgres.sh install || [ "${CI:-}" != true ]
