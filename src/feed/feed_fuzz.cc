// SPDX-License-Identifier: Apache-2.0
// Any bytes through any feed. Input: the row's name, a line feed, the document; with PEEKR_FUZZ_ROW set only
// the document.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "feed/feed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string input(data, data + size);
  std::string_view bytes = input;
  const char* row = std::getenv("PEEKR_FUZZ_ROW");
  std::string name = row != nullptr ? row : std::string(peekr::next_line(bytes));
  std::ranges::replace(name, '_', '-');  // feeds.def has identifiers
  for (const peekr::Feed* feed : peekr::all_feeds()) {
    if (feed->name != name) continue;
    peekr::Published out;
    feed->recognises("fuzz.json", bytes);
    feed->parse("fuzz.json", bytes, out);
    for (const peekr::Advisory& one : out.advisories) {
      if (one.id.empty()) std::abort();
    }
    for (const peekr::Risk& one : out.risks) {
      if (one.cve.empty() || one.source.empty()) std::abort();
    }
  }
  return 0;
}
