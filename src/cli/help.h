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
  peekr plan image.tar              the fewest actions that remove the most risk

Each command has its own help: peekr scan --help)";

inline constexpr std::string_view kScanNotes =
    R"(TARGET is a file or folder, which is looked at to find out what it is, or the name of an image. Where a file of that name
exists, it is meant, and nothing is fetched. A word in front forces a kind:
  docker-archive:FILE    what docker save and podman save write
  oci-archive:FILE       an OCI image layout in a tar file
  oci-dir:FOLDER         an OCI image layout; FOLDER:TAG or FOLDER@sha256:DIGEST is one image of several
  rootfs:FOLDER          an unpacked root file system
  dir:FOLDER             a folder of sources: what its lock files ask for counts as well
  sbom:FILE              an SBOM: CycloneDX, SPDX or Syft JSON, also in an attestation; sbom:- is standard input
  pkg:TYPE/NAME@VERSION  a package URL: pkg:deb/debian/openssl@3.0.11-1~deb12u2?distro=debian-12
  docker:NAME            an image that the Docker on this machine has, by name or id; podman:NAME that podman has
  container:NAME         a container of Docker or podman, and how it has drifted from its image
  containerd:NAME        an image that containerd has; ctr is run for it
  registry:NAME          an image in a registry: debian:12, ghcr.io/a/b:1, localhost:5000/a@sha256:DIGEST

What judges the image is fetched from its publishers where the database does not have it, or not of this day.

Exit codes:
  0  done; findings alone change nothing
  1  it could not be done: no such image, no database, wrong usage
  2  --fail-on, --exit-code or a gate of --policy: there are such findings
  3  --exit-on-eol: the operating system is past its end of life
  4  --fail-on-incomplete: something could not be looked at or judged

Examples:
  peekr scan image.tar
  peekr scan ghcr.io/org/app:1.2 --platform linux/arm64
  peekr scan image.tar --fail-on high              for CI: exit code 2 for any high or critical finding
  peekr scan image.tar --fail-on 'kev || (high && fix_age > 14d)'
  peekr scan image.tar --fail-on low --baseline last.json    only what is new counts
  peekr scan layout:v2 --platform linux/arm64
  peekr scan ghcr.io/org/app:1.2 --vex-from referrers  what its publisher has attached counts, too
  peekr scan ghcr.io/org/app:1.2 --platform all    every image of an index, in one report
  peekr scan image.tar --format json -o report.json
  peekr scan image.tar -f table -f html=report.html    a page for a browser, too)";

inline constexpr std::string_view kPlanNotes =
    R"(The fewest actions that remove the most risk: packages of the system, then each project, program and archive, with the command
where there is one. The image as it would be then is judged again: what an action is said to remove is gone by that. What rules
of yours take out (--ignorefile, --vex, --severity, ...) is no work. TARGET is as in peekr scan.

Exit codes: 0 done, whatever the plan says; 1 it could not be done.

Examples:
  peekr plan image.tar
  peekr plan image.tar --severity high,critical -f json
  peekr plan image.tar -f dockerfile-patch | patch -p1    changes ./Dockerfile)";

inline constexpr std::string_view kInventoryNotes =
    R"(Needs no database. Exit codes: 0 done, 1 it could not be done.

Examples:
  peekr inventory image.tar
  peekr inventory image.tar --format json --files -o inventory.json)";

inline constexpr std::string_view kConvertNotes =
    R"(REPORT is a report of peekr scan -f json, or an inventory of peekr inventory -f json, which has no findings to write. What is
written is what the scan itself would have written in that format; neither a database nor the network is asked. Gates and
filters are of peekr scan: the verdict that stands in the report is passed on, and is not the exit code here.

Exit codes: 0 done, whatever the report says; 1 it could not be done.

Examples:
  peekr convert report.json -f sarif -o report.sarif
  peekr convert report.json -f html=report.html -f csv=report.csv
  peekr convert all.json --platform linux/arm64 -f cyclonedx-json      of scan --platform all -f json
  peekr scan image.tar -f json | peekr convert - -f markdown)";

inline constexpr std::string_view kDiffOfImagesNotes =
    R"(A and B are each a report that peekr scan -f json wrote (an inventory: packages only), or a target of peekr scan, which is scanned. What a
finding came, went or changed by: the image (its package came, went or has another version), advisories (the same version is judged
otherwise), or a rule. Filters are asked of both sides alike.

Exit codes: 0 done, whatever the difference; N of --exit-code N: findings came; 1 it could not be done.

Examples:
  peekr diff last.json image.tar                      what is new since the last report
  peekr diff app:1.0 app:1.1 --exit-code 2            for CI: no new findings
  peekr diff monday.json friday.json --severity high,critical -f json)";

inline constexpr std::string_view kDoctorNotes =
    R"(The database, the cache, what is needed to fetch, registries.conf, credentials, engines, and the variables of the environment.
Nothing is fetched and nothing changed. A line begins with ok, with - for what is not there and not needed, or with bad.

Exit codes: 0 nothing is bad, 1 something is.

Examples:
  peekr doctor
  peekr doctor --db /var/lib/peekr)";

inline constexpr std::string_view kConfigNotes =
    R"(Each option --some-name of any command can be set by $PEEKR_SOME_NAME, and by some-name: in $XDG_CONFIG_HOME/peekr/config.yaml,
else ~/.config/peekr/config.yaml ($PEEKR_CONFIG: another file, or none). What comes first counts: the command line, the environment,
a policy file (--policy), the config file. No file of the folder that peekr runs in is read for it. Not so: what is required on the line,
--exit-code of peekr diff, --help, --man and --version. $PEEKR_REGISTRY_TOKEN is the token itself, not a file; $PEEKR_REGISTRY the
host that it is for, else it is the one that the target names.

Exit codes: 0 done, 1 something of it cannot be read.

Examples:
  peekr config
  peekr config --schema > config.schema.json
  PEEKR_SEVERITY=high,critical peekr config scan)";

inline constexpr std::string_view kCompletionNotes =
    R"(Examples:
  source <(peekr completion bash)                       in ~/.bashrc
  peekr completion zsh > "${fpath[1]}/_peekr"
  peekr completion fish > ~/.config/fish/completions/peekr.fish)";

inline constexpr std::string_view kExplainNotes =
    R"(For each package that any record of the vulnerability names: whether it is affected, by which record, range and version; or why not: it has
the fix, its publisher says no, a rule takes it out, nobody judges it. And if there is none: whether the vulnerability is known at all,
and whether this distribution is. Rules of yours count as in peekr scan. TARGET is as in peekr scan.

Exit codes: 0 done, whatever the answer; 1 it could not be done.

Examples:
  peekr explain image.tar CVE-2015-7547
  peekr explain debian:12 CVE-2023-45853 --ignorefile rules.yaml -f json)";

inline constexpr std::string_view kPolicyCheckNotes =
    R"(What cannot be read is told with its line and key. What has expired is told, and is no error.

Exit codes: 0 it can be used, 1 it cannot.

Examples:
  peekr policy check policy.yaml
  peekr policy check policy.yaml && peekr scan image.tar --policy policy.yaml)";

inline constexpr std::string_view kPolicyExplainNotes =
    R"(With REPORT, what peekr scan -f json wrote, that report is judged anew by the policy alone: what rules of yours took out of it before
counts again.

Exit codes: 0 done, whatever the policy makes of the report; 1 it could not be done.

Examples:
  peekr policy explain policy.yaml
  peekr policy explain policy.yaml report.json)";

inline constexpr std::string_view kBuildNotes = R"(FROM may be, as often as you like:
  all.zip of an ecosystem of osv.dev:
      https://osv-vulnerabilities.storage.googleapis.com/Debian/all.zip (or Alpine, Ubuntu, Rocky Linux, ...)
  a folder of such files, or of OSV .json files
  a JSON file of Alpine's secdb, or a folder of them: https://secdb.alpinelinux.org/v3.22/main.json

The old database stays in use until the new one is complete. What db add has put into it is taken over; what db update
has fetched into it is lost, and so this must be said (--replace).

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

Examples:
  peekr db add my-advisories.osv.json
  peekr db add internal/*.json --db /var/lib/peekr)";

inline constexpr std::string_view kStatusNotes =
    R"(Exit codes: 0 done, whatever it lacks; 1 there is none, or it cannot be read.

Examples:
  peekr db status
  peekr db status --as-of 2026-11-01
  peekr db status --db /var/lib/peekr -f json)";

inline constexpr std::string_view kVerifyNotes =
    R"(Exit codes: 0 it is whole, 1 it is not, or there is none.

Examples:
  peekr db verify
  peekr db verify --db /var/lib/peekr && peekr db export peekr.db --db /var/lib/peekr --key peekr.key)";

inline constexpr std::string_view kSearchNotes =
    R"(ID is a vulnerability or an advisory by any of its names, or a package URL: with a version it is judged as a scan
would judge it.

Examples:
  peekr db search CVE-2015-7547
  peekr db search --package glibc --ecosystem Debian:12
  peekr db search 'pkg:deb/debian/libc6@2.19-18?distro=debian-8&upstream=glibc'
  peekr db search pkg:npm/lodash@4.17.20 --as-of 2026-10-01)";

inline constexpr std::string_view kListNotes =
    R"(One line for each record: source, id, day of its last change, packages.

Examples:
  peekr db list --source osv/npm
  peekr db list --ecosystem Debian:12 | grep openssl)";

inline constexpr std::string_view kDiffNotes =
    R"(A and B are directories of databases; or days, times or "now" of the one of --db. Without B: now.

Examples:
  peekr db diff 2026-11-01
  peekr db diff 2026-11-01 2026-11-08 --format json
  peekr db diff /srv/db-old /srv/db-new)";

inline constexpr std::string_view kGcNotes =
    R"(What earlier states need is kept for 90 days; --keep says otherwise, and stays so for later updates. The file is
written anew, without its free pages.

Examples:
  peekr db gc
  peekr db gc --keep 30        (0: nothing of what was; --as-of and db diff reach no further back))";

inline constexpr std::string_view kExportNotes =
    R"(The whole database with its history, and what db add has put into it. The file appears whole or not at all.

Examples:
  peekr db keygen peekr.key
  peekr db export peekr.db --key peekr.key
  peekr db import peekr.db --trust peekr.key.pub     (on another machine))";

inline constexpr std::string_view kImportNotes =
    R"(The file must be signed by one of the keys of --trust, and complete; until all of it has been read the old database stays
as it is. What db add has put into the old database is taken over. A file that is older than the database, or lacks what was
fetched into it, is taken with --replace only.

Examples:
  peekr db import peekr.db --trust peekr.key.pub
  peekr db import peekr.db --trust old.pub --trust new.pub     (while the key changes)
  peekr db import peekr.db --insecure-unsigned                 (from where nobody else can write))";

inline constexpr std::string_view kKeygenNotes =
    R"(Writes a new private key to FILE and its public key to FILE.pub, in PEM. openssl does the same:
  openssl genpkey -algorithm ed25519 -out FILE
  openssl pkey -in FILE -pubout -out FILE.pub

Examples:
  peekr db keygen peekr.key
  peekr db keygen peekr.key && peekr db export peekr.db --key peekr.key)";

inline constexpr std::string_view kCacheNotes =
    R"(It is in $XDG_CACHE_HOME/peekr/layers, else ~/.cache/peekr/layers, and has at most $PEEKR_CACHE_SIZE bytes (1G): what
was used longest ago goes first. Nothing of it is needed: what is not there is read again.

Examples:
  peekr cache status
  peekr cache prune --size 200M
  peekr cache clear)";

inline constexpr std::string_view kCacheStatusNotes =
    R"(Examples:
  peekr cache status
  XDG_CACHE_HOME=/var/cache/ci peekr cache status     (of another user, or a CI runner))";

inline constexpr std::string_view kCacheClearNotes =
    R"(The database of vulnerabilities stays: it lies beside it, in ~/.cache/peekr/db. One scan without the cache: peekr scan
--no-cache.

Examples:
  peekr cache clear
  peekr cache clear && peekr scan image.tar     (all of it is read again))";

inline constexpr std::string_view kCachePruneNotes =
    R"(Examples:
  peekr cache prune                  (to $PEEKR_CACHE_SIZE, else 1G)
  peekr cache prune --size 200M)";

inline constexpr std::string_view kCatalogersNotes =
    R"(Examples:
  peekr list catalogers
  peekr list catalogers | grep -i python
  peekr inventory image.tar     (what they find))";

inline constexpr std::string_view kFeedsNotes =
    R"(Examples:
  peekr list feeds
  peekr db update --feeds osv,kev     (only some of them)
  peekr db status                     (which of them the database has, and how old they are))";

inline constexpr std::string_view kSourcesNotes =
    R"(Examples:
  peekr list sources
  peekr scan docker-archive:image.tar     (a word of the list in front says what TARGET is))";

inline constexpr std::string_view kSchemesNotes =
    R"(Examples:
  peekr list schemes
  printf 'deb\t1.0~rc1\t1.0\n' | peekr versions --stdin)";

inline constexpr std::string_view kFormatsNotes =
    R"(Examples:
  peekr list formats
  peekr scan image.tar -f table -f sarif=report.sarif
  peekr convert report.json -f cyclonedx-json@1.5)";

inline constexpr std::string_view kListOfRowsNotes =
    R"(Examples:
  peekr list formats)";

inline constexpr std::string_view kVersionsNotes =
    R"(Each line is answered by one: < or = or >, or ? where there is no order.
The schemes: peekr list schemes. A line that is no question is answered by ?, with a message on standard
error, and the exit code is 1 in the end.

Examples:
  printf 'deb\t1.0~rc1\t1.0\n' | peekr versions --stdin
  printf 'semver\t1.10.0\t1.9.0\npep440\t1.0\t1.0.post1\n' | peekr versions --stdin)";

}  // namespace peekr
