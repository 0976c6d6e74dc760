#!/usr/bin/env bash
# A PostgreSQL of one's own. `postgres.sh install` fetches what is missing; `postgres.sh serve [FOLDER]` prints a connection string
# once it answers, and serves until it is ended; without a folder it leaves nothing behind. Exits with 3 and a reason where it cannot be had.
set -euo pipefail

absent() {
	echo "PostgreSQL is absent: $1" >&2
	exit 3
}

find_tool() {
	command -v "$1" 2>/dev/null || find /usr/lib/postgresql/*/bin -maxdepth 1 -name "$1" 2>/dev/null | sort -V | tail -n 1
}

install_postgres() {
	[ -z "$(find_tool postgres)" ] || return 0
	command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || absent "install PostgreSQL 13 or later"
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends postgresql >/dev/null || absent "apt-get cannot install postgresql"
}

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# PostgreSQL refuses to run as root.
as_postgres=()
if [ "$(id -u)" = 0 ]; then
	as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups --pdeathsig=INT)
fi

# Of the variables of serve. Nothing stands between this shell and the server: a subshell in the background would ignore interrupts, and
# the server would never hear of them.
start_server() {
	${as_postgres[@]+"${as_postgres[@]}"} "$postgres" -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 -c max_connections=200 \
		-c logging_collector=off -c log_destination=stderr >"$folder/log" 2>&1 &
	server=$!
}

serve() {
	local postgres initdb port retries=0 folder=${1:-}
	postgres=$(find_tool postgres)
	initdb=$(find_tool initdb)
	[ -n "$postgres" ] && [ -n "$initdb" ] || absent "run tests/services/postgres.sh install"
	port=${HALYARD_POSTGRES_PORT:-$(free_port)}
	if [ -z "$folder" ]; then
		folder=$(mktemp -d)
		trap 'rm -rf "$folder"' EXIT
	fi
	mkdir -p "$folder"
	folder=$(cd "$folder" && pwd)
	if [ "$(id -u)" = 0 ]; then
		id postgres >/dev/null 2>&1 || absent "there is no user postgres"
		chown postgres "$folder"
	fi
	if [ ! -f "$folder/data/PG_VERSION" ]; then
		${as_postgres[@]+"${as_postgres[@]}"} "$initdb" -D "$folder/data" -A trust -U postgres -E UTF8 --locale=C >/dev/null || absent "initdb fails in $folder"
		# One role has to prove itself, so that tests can.
		sed -i '1i host all halyard_by_password 127.0.0.1/32 scram-sha-256' "$folder/data/pg_hba.conf"
	fi
	local server
	start_server
	trap 'kill -INT $server 2>/dev/null; wait $server 2>/dev/null; [ -n "${1:-}" ] || rm -rf "$folder"' EXIT
	trap 'exit 0' TERM INT
	# Whoever holds the other end of the input need only go away, however it ends.
	if [ -n "${HALYARD_POSTGRES_TIED:-}" ]; then
		{
			cat >/dev/null
			kill -TERM $$
		} <&0 >/dev/null 2>&1 &
	fi
	until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && grep -q "ready to accept connections" "$folder/log"; do
		if ! kill -0 $server 2>/dev/null; then
			# Processes of one that was killed may take a moment to end.
			grep -q "still in use\|already exists" "$folder/log" && [ $((retries += 1)) -lt 100 ] || absent "$(tail -n 3 "$folder/log")"
			sleep 0.2
			start_server
		fi
		sleep 0.05
	done
	echo "Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres"
	wait $server
}

case "${1:-}" in
install)
	install_postgres
	;;
serve)
	serve "${2:-}"
	;;
*)
	echo "Usage: postgres.sh install | serve [FOLDER]" >&2
	exit 2
	;;
esac
