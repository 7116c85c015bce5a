// SPDX-License-Identifier: Apache-2.0
#include "feed/feed.h"

#include <algorithm>

namespace peekr {
namespace feeds {
#define FEED(row) extern const Feed row;
#include "feed/feeds.def"
#undef FEED
}  // namespace feeds

namespace {
constexpr const Feed* kAll[] = {
#define FEED(row) &feeds::row,
#include "feed/feeds.def"
#undef FEED
};
}  // namespace

std::span<const Feed* const> all_feeds() { return kAll; }

const Feed* feed_of(std::string_view name, std::string_view bytes, const Feed* likely) {
  if (likely != nullptr && likely->recognises(name, bytes)) return likely;
  const auto found =
      std::ranges::find_if(kAll, [&](const Feed* row) { return row->recognises(name, bytes); });
  return found == std::end(kAll) ? nullptr : *found;
}

}  // namespace peekr
