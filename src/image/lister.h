// SPDX-License-Identifier: Apache-2.0
// Lister: the entries of one layer, as its tar or its table of contents has them, to Items. A layer is a tar of changes:
// github.com/opencontainers/image-spec layer.md. ".wh.NAME" removes NAME, ".wh..wh..opq" empties its directory, other ".wh..wh."
// names are AUFS bookkeeping.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

#include "image/layer.h"
#include "image/tar.h"

namespace peekr {

class Lister {
 public:
  // `entries`: of all layers so far, for limits.entries.
  Lister(const Limits& limits, std::atomic<std::uint64_t>& entries, Listing& listing)
      : limits_(limits), entries_(entries), listing_(listing) {}

  // What there is to see in a file or directory, under its canonical path; may set Item::found.
  using Look = std::function<Status(const TarEntry& entry, std::string_view path, Item& item)>;
  Status add(const TarEntry& entry, const Look& look);

 private:
  // A canonical path, and its parts.
  struct Split {
    std::string_view path, folder, name;
  };
  // Of the name of an entry; valid until the next one.
  Split split(std::string_view raw);
  void note(Path path, Why why, std::string what);
  void add_whiteout(const Split& path);
  Status add_item(const TarEntry& entry, const Split& parts, const Look& look);

  const Limits& limits_;
  std::atomic<std::uint64_t>& entries_;
  Listing& listing_;
  Path path_;           // of the entry at hand, where its name was not one
  std::string folder_;  // of the last entry that is not at the top, with the slash behind it
};

}  // namespace peekr
