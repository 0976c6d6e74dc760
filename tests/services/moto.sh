#!/usr/bin/env bash
# An S3 to test against: moto's server. `moto.sh install` fetches what is missing; `moto.sh serve` prints its address and serves
# until it is ended. Exits with 3 and a reason where it cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
site="$here/.moto/site"

# Debian 12 has no moto. Debian 13's is plain Python and runs beside Debian 12's libraries; nothing of it is installed, only unpacked.
from_bookworm="python3-boto3 python3-flask python3-flask-cors python3-responses python3-werkzeug python3-xmltodict python3-jinja2 python3-dateutil python3-cryptography python3-ply"
from_trixie="python3-moto python3-jsonpath-ng python3-antlr4"

can_serve() { "$@" -c 'import moto.server, moto.s3' >/dev/null 2>&1; }

find_python() {
	if can_serve python3; then
		echo python3
	elif [ -d "$site" ] && can_serve env PYTHONPATH="$site" /usr/bin/python3; then
		echo env PYTHONPATH="$site" /usr/bin/python3
	fi
}

absent() {
	echo "moto's server is absent: $1" >&2
	exit 3
}

install_moto() {
	[ -z "$(find_python)" ] || return 0
	command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || absent "install moto (pip install 'moto[server]')"
	local keys=/usr/share/keyrings/debian-archive-keyring.gpg apt="$here/.moto/apt"
	apt-get update -qq
	# shellcheck disable=SC2086 # a list
	apt-get install -y -qq --no-install-recommends $from_bookworm >/dev/null || absent "apt-get cannot install Debian 12's libraries"
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/debs" "$site"
	echo "deb [signed-by=$keys] http://deb.debian.org/debian trixie main" >"$apt/sources.list"
	local options=(
		-o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$apt/lists"
		-o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root
	)
	apt-get -qq "${options[@]}" update || absent "Debian 13's list cannot be fetched"
	# shellcheck disable=SC2086 # a list
	(cd "$apt/debs" && apt-get -qq "${options[@]}" download $from_trixie) || absent "Debian 13's packages cannot be fetched"
	local deb
	for deb in "$apt"/debs/*.deb; do
		dpkg-deb -x "$deb" "$apt/root"
	done
	cp -r "$apt/root/usr/lib/python3/dist-packages/." "$site/"
	rm -rf "$apt"
	[ -n "$(find_python)" ] || absent "what was installed cannot be loaded"
}

case "${1:-}" in
install)
	install_moto
	;;
serve)
	python=$(find_python)
	[ -n "$python" ] || absent "run tests/services/moto.sh install"
	# shellcheck disable=SC2086 # a command with its arguments
	exec $python "$here/one_at_a_time.py"
	;;
*)
	echo "Usage: moto.sh install | serve" >&2
	exit 2
	;;
esac
