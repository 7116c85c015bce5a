// SPDX-License-Identifier: Apache-2.0
// Whether a table of contents describes the layer that it is in. A reader that goes by the table sees the one, an unpacker the other:
// where they differ, somebody is to see what is not there, or not to see what is.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "image/layer.h"

namespace peekr {

// What is gathered of a layer while it is read whole.
struct TocSeen {
  explicit TocSeen(TocPlace where) : place(std::move(where)) {}

  // The same bytes of the blob; those of a zstd:chunked table, or where eStargz says where it is, are kept as they go by.
  std::unique_ptr<ByteSource> gathering(std::unique_ptr<ByteSource> packed);
  // Whether that is the file of the layer which is the table.
  [[nodiscard]] bool is_table(std::string_view path) const {
    return place.format == TocPlace::Format::estargz && path == kTocName;
  }

  TocPlace place;
  // eStargz: its JSON; zstd:chunked: as it lies in the blob; of one that is too large any part.
  std::string table;
  std::uint64_t table_place = 0;  // eStargz: as Item::place, where there is one
  std::string footer;             // eStargz: the last bytes of the blob
  std::map<std::uint64_t, std::string>
      digests;  // SHA-256 of files that somebody wanted whole, by Item::place; hex
};

// A difference between the table and the listing is a Note, and so is a table that cannot be read.
void check_toc(const LayerJob& job, const TocSeen& seen, Listing& listing);

}  // namespace peekr
