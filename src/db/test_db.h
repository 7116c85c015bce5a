// SPDX-License-Identifier: Apache-2.0
// For tests of the database: an advisory in which nothing is empty.
#pragma once

#include <string>

#include "model/advisory.h"

namespace peekr::testing_db {

inline Advisory glibc() {
  return {.kind = Advisory::Kind::malware,
          .id = "DSA-3481-1",
          .publisher = "osv",
          .aliases = {"ALIAS-1"},
          .upstream = {"DEBIAN-CVE-2015-7547", "CVE-2015-7547"},
          .related = {"CVE-2000-0001"},
          .summary = "glibc",
          .details = std::string(300, 'd'),
          .published = "2016-02-16T00:00:00Z",
          .modified = "2016-02-16T00:00:00Z",
          .vectors = {"CVSS:3.1/AV:N"},
          .severity = "HIGH",
          .review = "UNREVIEWED",
          .weaknesses = {"CWE-787"},
          .cpes = {"cpe:2.3:a:gnu:glibc:*:*:*:*:*:*:*:*"},
          .ratings = {{"CISA-ADP", "CVSS:3.1/AV:N", ""}, {"Red Hat", "", "Important"}},
          .references = {{"WEB", "https://example.org"}},
          .affected = {{.ecosystem = "Debian:8",
                        .package = "glibc",
                        .key = KeyKind::source,
                        .ranges = {{"ECOSYSTEM",
                                    {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, "2.19-18+deb8u3"}},
                                    "https://sourceware.org/git/glibc.git"}},
                        .versions = {"2.19-1"},
                        .standing = Standing::end_of_life,
                        .reason = "no longer supported",
                        .urgency = "high",
                        .vectors = {"AV:N"},
                        .module = "m:1",
                        .arches = {"amd64", "i386"},
                        .systems = {"linux"},
                        .code = {{"resolv", {"send_dg", "send_vc"}}}}}};
}

}  // namespace peekr::testing_db
