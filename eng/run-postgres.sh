#!/usr/bin/env bash
# run-postgres.sh FOLDER COMMAND…: runs the server on PostgreSQL: the one that Halyard__PostgreSql__ConnectionString names, else one of its own
# that keeps its data below FOLDER and ends with it.
set -euo pipefail
folder=$1
shift
if [ -z "${Halyard__PostgreSql__ConnectionString:-}" ]; then
	services="$(cd "$(dirname "$0")/../tests/services" && pwd)"
	"$services/postgres.sh" install
	# In a session of its own: it must outlive the server, which an interrupt from the keyboard ends first.
	coproc postgres { exec setsid "$services/postgres.sh" serve "$folder/postgres"; }
	pid=$postgres_PID
	read -r Halyard__PostgreSql__ConnectionString <&"${postgres[0]}" || exit 3
	export Halyard__PostgreSql__ConnectionString
	trap 'kill -TERM "$pid" 2>/dev/null; wait "$pid" 2>/dev/null || true' EXIT
	# The server hears of it by itself and finishes first.
	trap : INT TERM
fi
export Halyard__Store=postgres
"$@"
