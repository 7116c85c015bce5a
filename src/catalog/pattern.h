// SPDX-License-Identifier: Apache-2.0
// Which rows want a path. The patterns (catalog/cataloger.h) of all rows are compiled once into an index by
// base name, by name of the folder, by the first letters of the base name and by ending; it is asked once for every file of an
// image, and most files are nobody's.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/cataloger.h"

namespace peekr {

// Whether the path (canonical, no leading slash) is one that the pattern means.
[[nodiscard]] bool matches(Pattern pattern, std::string_view path);
[[nodiscard]] bool matches(const Magic& magic, std::string_view head);
// Whether the pattern has a "*" anywhere: else it names one path.
[[nodiscard]] bool has_wildcard(Pattern pattern);

class PatternIndex {
 public:
  static constexpr std::size_t kRows = 256;
  using Rows = std::bitset<kRows>;  // by position in the span that the index was made of
  struct Answer {
    Rows wants, reads;
  };

  explicit PatternIndex(std::span<const Cataloger* const> rows);

  // No allocation; a path that nobody wants mostly costs no hash look-up. `head`: the first bytes of the file, or nothing
  // where only rows that go by the path are asked for.
  [[nodiscard]] Answer look_up(std::string_view path, std::string_view head = {}) const;

 private:
  enum class Key : std::uint8_t { name, folder, start, ending };
  static constexpr std::size_t kKeys = 4;
  struct Entry {
    Pattern pattern;
    std::uint32_t row;
    bool wants;
  };
  static constexpr std::uint64_t kFree = 0;

  void add(const Entry& entry);
  [[nodiscard]] std::size_t slot(std::uint64_t hash) const;
  void ask(Key key, std::string_view text, std::string_view path, Answer& answer) const;
  static void ask(const std::vector<Entry>& entries, std::string_view path, Answer& answer);
  static std::uint64_t hash_of(Key key, std::string_view text);
  // Of the lengths of keys: that one's bit.
  static std::uint64_t length_of(std::string_view text);

  // By kind and first byte of keys: which lengths there are. Most texts are told by that to be none, unhashed.
  std::array<std::array<std::uint64_t, 256>, kKeys> lengths_{};
  // Open addressing: hashes of keys, and the entries under each. A hash that two keys share merges their entries: each is
  // asked with matches() anyway. Apart, because most files need only the first.
  std::vector<std::uint64_t> hashes_;  // a power of two, at most half full
  std::vector<std::vector<Entry>> entries_;
  std::vector<Entry> rest_;                              // patterns without any such key: always asked
  std::vector<std::pair<Magic, std::uint32_t>> magics_;  // and whose they are
};

}  // namespace peekr
