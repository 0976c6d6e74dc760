#!/usr/bin/env bash
# Builds the dashboard into dashboard/dist, unless that is newer than everything it is made of. Without Node it says so and leaves
# with status 3: the server runs without a dashboard too.
set -euo pipefail
cd "$(dirname "$0")/../dashboard"

if ! command -v node >/dev/null || ! command -v npm >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
	echo "No dashboard: building it needs Node 20 or newer (https://nodejs.org). The server and its API run without it."
	exit 3
fi

if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
	npm ci --no-audit --no-fund --silent
fi

if [ -f dist/index.html ] && [ -z "$(find src public index.html vite.config.ts package-lock.json ../tests/vectors/openapi.json -newer dist/index.html -print -quit)" ]; then
	exit 0
fi
npm run --silent build -- --logLevel warn
