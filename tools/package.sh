#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A release: build/peekr-VERSION-ARCH.tar.zst with the program, its documents and licence. usage: package.sh PEEKR_PROGRAM
set -euo pipefail
peekr=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=peekr-$("$peekr" --version | awk '{print $2}')-$(dpkg --print-architecture)
rm -rf "build/$name"
mkdir -p "build/$name"
cp "$peekr" README.md LICENSE "build/$name/"
strip "build/$name/peekr"
cp -r docs "build/$name/docs"
tar -C build --sort=name --mtime="@${SOURCE_DATE_EPOCH:-0}" --owner=0 --group=0 -I 'zstd -19' -cf "build/$name.tar.zst" "$name"
rm -rf "build/$name"
echo "build/$name.tar.zst"
