#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test and prints one closing line: N passed, N failed, N skipped.
# The exit status is that of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

./eng/install-test-needs.sh

# Before the server: its build takes the dashboard along.
./eng/build-dashboard.sh
dotnet build Halyard.slnx --nologo -v quiet

log=$(mktemp)
dashboard=$(mktemp -d)
trap 'rm -rf "$log" "$dashboard"' EXIT
status=0
# One project at a time: some start processes and kill them, and CI has two cores.
dotnet test --solution Halyard.slnx --no-build --max-parallel-test-modules 1 2>&1 | tee "$log" || status=$?

# The dashboard's: its logic, then in a real browser against the server just built.
for suite in test e2e; do
	npm run --silent --prefix dashboard "$suite" -- --reporter=default --reporter=json --outputFile="$dashboard/$suite.json" || status=$?
done

# count NAME-OF-DOTNET NAME-OF-VITEST
count() {
	local dotnet vitest
	dotnet=$(grep -E "^ *$1: [0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+' || echo 0)
	vitest=$(cat "$dashboard"/*.json 2>/dev/null | grep -oE "\"$2\":[0-9]+" | grep -oE '[0-9]+' | paste -sd+ - || true)
	echo $((dotnet + ${vitest:-0}))
}

# Once more at the end, where one looks first: what failed, and the first lines of why.
grep -A 5 '^failed ' "$log" || true
node -e '
	for (const file of process.argv.slice(1))
		for (const { name, message, assertionResults } of JSON.parse(require("fs").readFileSync(file)).testResults) {
			const failed = assertionResults.filter((test) => test.status === "failed");
			if (message) console.log(`failed ${name}\n  ${message.slice(0, 600)}`);
			for (const test of failed) console.log(`failed ${test.fullName}\n  ${test.failureMessages.join("\n").slice(0, 1200)}`);
		}
' "$dashboard"/*.json || true
echo "$(count succeeded numPassedTests) passed, $(count failed numFailedTests) failed, $(count skipped numPendingTests) skipped"
exit "$status"
