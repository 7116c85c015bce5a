// SPDX-License-Identifier: Apache-2.0
// Records and packages for the tests of docs/matching.md's rules.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "match/temporary_db.h"

namespace peekr {

inline Advisory record(std::string id, std::string publisher, std::vector<Affected> affected) {
  Advisory one{.id = std::move(id), .publisher = std::move(publisher)};
  one.upstream = {"CVE-2024-10001"};
  one.modified = "2024-01-01T00:00:00Z";
  one.affected = std::move(affected);
  return one;
}

inline Package deb(std::string name, std::string version) {
  return {.type = "deb", .name = name, .version = version, .source = name, .source_version = version};
}

inline const Distro kBionic{.id = "ubuntu", .version_id = "18.04", .name = "Ubuntu 18.04.6 LTS"};

}  // namespace peekr
