#!/usr/bin/env bash
# PostgreSQL, Chromium, a Chinese font and faketime, which the tests need. Installed when missing and allowed; else named.
set -euo pipefail

missing=()
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null || missing+=(chromium-headless-shell)
compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null || fc-list :lang=zh 2>/dev/null | grep -q . ||
  missing+=(fonts-noto-cjk)
compgen -G '/usr/lib/*/faketime/libfaketime.so.1' >/dev/null || missing+=(faketime)

if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need: ${missing[*]}. Please install them." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
