// SPDX-License-Identifier: Apache-2.0
// Where a registry's images are really to be had: containers-registries.conf(5), as podman and skopeo read it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace peekr {

struct Place {
  std::string host, repository;
  bool insecure = false;  // certificates are not verified, and http will do
};

struct MirrorRule {
  struct Mirror {
    std::string location;
    bool insecure = false;
    std::string what = "all";  // or "digest-only", "tag-only"
  };
  std::string prefix, location;  // "host/path", "*.host" in a prefix
  bool insecure = false, blocked = false, digest_only = false;
  std::vector<Mirror> mirrors;
};

// The [[registry]] tables of one file. Pure.
Result<std::vector<MirrorRule>> parse_registries_conf(std::string_view toml);
// In the order in which they are asked: the mirrors of the longest prefix, then the registry. A later rule replaces an
// earlier one of the same prefix. Errc::usage: that registry is blocked.
enum class By { tag, digest };
Result<std::vector<Place>> places_of(const std::vector<MirrorRule>& rules, std::string_view host,
                                     std::string_view repository, By by);

// All rules of this user: $CONTAINERS_REGISTRIES_CONF alone; his own file and his registries.conf.d; or, where he has no such file, the system's with the
// folders of both. Errors name the file.
Result<std::vector<MirrorRule>> read_registries_conf();

}  // namespace peekr
