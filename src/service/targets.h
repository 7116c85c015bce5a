// SPDX-License-Identifier: Apache-2.0
// Targets: what of the feeds' origins is to be fetched: all of it, some by name, or what an image needs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "feed/feed.h"
#include "model/package.h"

namespace peekr {

// One document of a publisher, and the source of the database that it becomes.
struct FetchTarget {
  const Feed* feed = nullptr;
  const Origin* origin = nullptr;
  std::string source;  // "osv/Debian", "alpine/v3.18/main"
  std::string url;
  std::string archive;  // Origin::archive of it
  bool judges = true;  // no: it says more of what others find: scores, the risk
};

struct Wish {
  std::vector<std::string> feeds;  // names of origins, or of sources; none: all
  std::optional<std::vector<std::string>>
      ecosystems;                         // only what judges these; as wanted_ecosystems() has them
  std::vector<std::string> sources = {};  // of these, only those of that name; none: all
  std::vector<std::string> there = {};    // sources that the database has, of releases that no row names, too
  std::string today;                      // RFC 3339
};

// The ecosystem strings that the packages of an image are judged by, exact or with one "*".
[[nodiscard]] std::vector<std::string> wanted_ecosystems(const Inventory& inventory);

struct Targets {
  std::vector<FetchTarget> list;  // in the order of the feeds
  struct Unlisted {
    std::string origin, why;
  };
  std::vector<Unlisted> unlisted;  // which of them there are could not be read
};
// read: a small document, for values that a publisher lists; where there is none, or `feeds` has none but
// parts of the origin, it is those that images ask for, and those in `feeds`. Errc::usage: a name in `feeds` that no origin has.
using ReadUrl = std::function<Result<std::string>(const std::string& url)>;
Result<Targets> targets_of(const Wish& wish, const ReadUrl& read);

}  // namespace peekr
