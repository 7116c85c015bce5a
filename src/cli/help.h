// SPDX-License-Identifier: Apache-2.0
// What --help says behind the list of options: examples, exit codes, forms of arguments. docs/cli.md says
// more.
#pragma once

#include <string_view>

namespace peekr {

inline constexpr std::string_view kExamples = R"(Start here:
  peekr scan debian:12              what is vulnerable in it, and what to do about it
                                    (what is known of it is fetched; --offline: out of db update or db build)
  peekr scan image.tar              the same of an image in a file: docker save, podman save, skopeo copy

Each command has its own help: peekr scan --help)";

inline constexpr std::string_view kScanNotes =
    R"(TARGET is a file or folder, which is looked at to find out what it is, or the name of an image. Where a file of that name
exists, it is meant, and nothing is fetched. A word in front forces a kind:
  docker-archive:FILE    what docker save and podman save write
  oci-archive:FILE       an OCI image layout in a tar file
  oci-dir:FOLDER         an OCI image layout; FOLDER:TAG or FOLDER@sha256:DIGEST is one image of several
  rootfs:FOLDER          an unpacked root file system
  dir:FOLDER             a folder of sources: what its lock files ask for counts as well
  registry:NAME          an image in a registry: debian:12, ghcr.io/a/b:1, localhost:5000/a@sha256:DIGEST

What judges the image is fetched from its publishers where the database does not have it, or not of this day.

Exit codes:
  0  done; findings alone change nothing
  1  it could not be done: no such image, no database, wrong usage
  2  --fail-on or --exit-code: there are findings of that severity
  3  --exit-on-eol: the operating system is past its end of life
  4  --fail-on-incomplete: something could not be looked at or judged

Examples:
  peekr scan image.tar
  peekr scan ghcr.io/org/app:1.2 --platform linux/arm64
  peekr scan image.tar --fail-on high              for CI: exit code 2 for any high or critical finding
  peekr scan layout:v2 --platform linux/arm64
  peekr scan image.tar --format json -o report.json)";

inline constexpr std::string_view kInventoryNotes =
    R"(Needs no database. Exit codes: 0 done, 1 it could not be done.

Examples:
  peekr inventory image.tar
  peekr inventory image.tar --format json --files -o inventory.json)";

inline constexpr std::string_view kBuildNotes = R"(FROM may be, as often as you like:
  all.zip of an ecosystem of osv.dev:
      https://osv-vulnerabilities.storage.googleapis.com/Debian/all.zip (or Alpine, Ubuntu, Rocky Linux, ...)
  a folder of such files, or of OSV .json files
  a JSON file of Alpine's secdb, or a folder of them: https://secdb.alpinelinux.org/v3.22/main.json

The old database stays in use until the new one is complete.

Examples:
  peekr db build --from Debian/all.zip
  peekr db build --from feeds/ --db /var/lib/peekr)";

inline constexpr std::string_view kUpdateNotes =
    R"(Straight from the publishers, over https; only what has changed since the last time. A feed that cannot be
fetched keeps the data that it has.

Exit codes: 0 done, 1 some feed could not be updated (the others are).

Examples:
  peekr db update
  peekr db update --feeds alpine,osv/npm,kev
  peekr db update --only-for image.tar             (or what peekr inventory -f json wrote of it)
  peekr db update --mirror '/srv/mirror/{host}'      (a folder that wget --mirror or rsync has filled))";

inline constexpr std::string_view kAddNotes =
    R"(Each file is a source of its own (private/my-advisories), which neither updates nor builds remove.
The same file again: what it no longer has is gone.

Example:
  peekr db add my-advisories.osv.json)";

inline constexpr std::string_view kSearchNotes = R"(Examples:
  peekr db search CVE-2015-7547
  peekr db search --package glibc --ecosystem Debian:12)";

inline constexpr std::string_view kCacheNotes =
    R"(It is in $XDG_CACHE_HOME/peekr/layers, else ~/.cache/peekr/layers, and has at most $PEEKR_CACHE_SIZE bytes (1G): what
was used longest ago goes first. Nothing of it is needed: what is not there is read again.

Example:
  peekr cache prune --size 200M)";

inline constexpr std::string_view kVersionsNotes =
    R"(Each line is answered by one: < or = or >, or ? where there is no order.
The schemes: peekr list schemes. A line that is no question is answered by ?, with a message on standard
error, and the exit code is 1 in the end.

Examples:
  printf 'deb\t1.0~rc1\t1.0\n' | peekr versions --stdin)";

}  // namespace peekr
