// SPDX-License-Identifier: Apache-2.0
// Feed: how one publisher's documents become Advisories. One file a publisher, one line in feeds.def, one
// fixture folder.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "model/note.h"

namespace peekr {

// What documents say, and what of them could not be read.
struct Published {
  std::vector<Advisory> advisories;  // withdrawn ones too
  std::vector<Note> notes;           // paths are the documents' names
};

struct Feed {
  std::string_view name, about;
  // Whether a document is of this feed, by its name ("Debian/all.zip!DSA-1.json") and first bytes.
  bool (*recognises)(std::string_view name, std::string_view bytes);
  // Pure: one document in, what it says added to `out`.
  void (*parse)(std::string_view name, std::string_view bytes, Published& out);
};

[[nodiscard]] std::span<const Feed* const> all_feeds();                            // by name
[[nodiscard]] const Feed* feed_of(std::string_view name, std::string_view bytes);  // null: nobody's

}  // namespace peekr
