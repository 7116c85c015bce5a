#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A release: build/peekr_VERSION_ARCH.deb by CPack, build/peekr-VERSION-ARCH.tar.zst with the same files below one folder, and
# build/peekr-VERSION-ARCH.oci.tar, an image of it, with its SBOMs beside it.
# usage: package.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
rm -rf "$1/package"
mkdir "$1/package"
(cd "$1" && cpack -B package >package/log 2>&1) || { cat "$1/package/log" >&2; exit 1; }
for deb in "$1"/package/*.deb; do
  name=$(basename "$deb" .deb)
  name=${name//_/-}
  dpkg-deb -x "$deb" "$1/package/$name"
  tar -C "$1/package" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 -I 'zstd -19' -cf "build/$name.tar.zst" "$name"
  mv "$deb" build/
  echo "build/$(basename "$deb")"
  echo "build/$name.tar.zst"
  tools/oci_image.py "build/$(basename "$deb")" "build/$name.oci.tar"
  echo "build/$name.oci.tar"
done
