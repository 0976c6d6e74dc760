#!/bin/sh
# Installs what the HTTP benchmark needs besides .NET, where it is missing: wrk.
set -eu

command -v wrk >/dev/null && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get install -y --no-install-recommends wrk >/dev/null 2>&1 || {
    apt-get update >/dev/null
    apt-get install -y --no-install-recommends wrk >/dev/null
  }
else
  echo "Install wrk (https://github.com/wg/wrk) first." >&2
  exit 1
fi
