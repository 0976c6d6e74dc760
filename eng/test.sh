#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test and prints one closing line: N passed, N failed, N skipped.
# The exit status is that of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

./eng/install-test-needs.sh

dotnet build Halyard.slnx --nologo -v quiet

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# One project at a time: some start processes and kill them, and CI has two cores.
dotnet test --solution Halyard.slnx --no-build --max-parallel-test-modules 1 2>&1 | tee "$log" || status=$?

count() { grep -E "^ *$1: [0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+' || echo 0; }
echo "$(count succeeded) passed, $(count failed) failed, $(count skipped) skipped"
exit "$status"
