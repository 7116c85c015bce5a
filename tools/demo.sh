#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The demo: two images, scanned. usage: demo.sh PEEKR_PROGRAM
#   1. an image shaped like Debian 8, with the glibc of CVE-2015-7547, written by this script
#   2. a real Debian 12, made from the Debian mirror by mmdebstrap
# Advisories: fetched from their publishers where the network lets them be, else from $PEEKR_SHARED/feeds where that is there, else
# from examples/advisories.
set -euo pipefail
peekr=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mkdir -p build/demo && cd build/demo && pwd)
shared=${PEEKR_SHARED:-$PWD/../shared}
say() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }
[ -t 2 ] || say() { printf '\n%s\n' "$*" >&2; }

# database NAME IMAGE PLACE: makes a database for the image; its folder is $db.
database() {
  local from=$shared/feeds/$3 what="the shared feed data"
  db=$work/db-$1-published
  if PEEKR_FETCH_TRIES=1 PEEKR_FETCH_PATIENCE=5 "$peekr" db update --db "$db" --only-for "$2" >"$work/update.log" 2>&1; then
    echo "advisories: fetched from their publishers" >&2
    return
  fi
  [ -e "$from" ] || { from=examples/advisories what="a handful, written for this demo: not a complete answer"; }
  echo "advisories: not all publishers could be reached from here ($work/update.log says why): $from is used instead ($what)" >&2
  db=$work/db-$1
  "$peekr" db build --db "$db" --from "$from"
}

say "1. An image like Debian 8 (jessie), with glibc 2.19-18+deb8u2"
tools/debian8_image.py "$work/debian8.tar"
database debian "$work/debian8.tar" osv/Debian
debian=$db
"$peekr" scan "$work/debian8.tar" --db "$db"
say "Among them, on glibc, CVE-2015-7547: an overflow in getaddrinfo. What the database says of it:"
"$peekr" db search CVE-2015-7547 --db "$db"

say "2. A real Debian 12 (bookworm), made by mmdebstrap from the mirror, without the security repository"
if [ ! -s "$work/bookworm.tar" ]; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root mmdebstrap --quiet --variant=minbase --format=tar --skip=output/dev --dpkgopt=force-unsafe-io bookworm "$work/layer.tar" "deb http://deb.debian.org/debian bookworm main"
  tools/image_of_tar.py "$work/layer.tar" "$work/bookworm.tar" "mmdebstrap --variant=minbase bookworm"
  rm -f "$work/layer.tar"
fi
database bookworm "$work/bookworm.tar" osv-bookworm
"$peekr" scan "$work/bookworm.tar" --db "$db"

say "What is in an image, without judging: peekr inventory $work/bookworm.tar"
echo "Scan one of your own:  docker save IMAGE -o image.tar && $peekr scan image.tar --db $debian" >&2
