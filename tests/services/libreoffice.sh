#!/usr/bin/env bash
# Installs LibreOffice's spreadsheet without a window, where it is missing: a test opens exported CSV with it.
set -euo pipefail

command -v soffice >/dev/null && exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
	echo "LibreOffice is not there; the test that opens CSV with it is skipped. Debian: apt-get install libreoffice-calc-nogui" >&2
	exit 0
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libreoffice-calc-nogui >/dev/null
