#!/usr/bin/env bash
# Builds the dashboard into dashboard/dist, unless that is newer than everything it is made of. Without Node it says so and leaves
# with status 3: the server runs without a dashboard too.
set -euo pipefail
cd "$(dirname "$0")/../dashboard"

# As "engines" in package.json has it.
has_node() {
	command -v npm >/dev/null && node -e '
		const [major, minor] = process.versions.node.split(".").map(Number);
		process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24 ? 0 : 1);'
}

if ! has_node 2>/dev/null; then
	echo "No dashboard: building it needs Node 20.19 or newer of 20, 22.12 or newer of 22, or 24 and newer (https://nodejs.org). The server and its API run without it."
	exit 3
fi

if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
	npm ci --no-audit --no-fund --silent
fi

if [ -f dist/index.html ] && [ -z "$(find src public index.html vite.config.ts package-lock.json ../tests/vectors/openapi.json -newer dist/index.html -print -quit)" ]; then
	exit 0
fi
npm run --silent build -- --logLevel warn
