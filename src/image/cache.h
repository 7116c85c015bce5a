// SPDX-License-Identifier: Apache-2.0
// Cache: bytes under a key, kept from one run to the next: what was found in a layer is found there again as long as
// the layer and the catalogers are the same. One file an entry, which appears whole or not at all; any number of
// processes may use one at the same time, without locks. What cannot be written is no error: it is read again next time.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "base/result.h"

namespace peekr {

class Cache {
 public:
  // An empty directory: in memory, for this run. `limit`: bytes of all entries together.
  explicit Cache(std::string directory, std::uint64_t limit = ~std::uint64_t{0});

  // A key of any length for a text of any length.
  [[nodiscard]] static std::string key(std::string_view text);

  // One of a family: all of its keys have the same first half.
  [[nodiscard]] static std::string key(std::string_view family, std::string_view text);
  // The keys of a family under which there is something, those used last first.
  [[nodiscard]] std::vector<std::string> keys_of(std::string_view family);

  // What was saved; an entry that is damaged is removed.
  [[nodiscard]] std::optional<std::string> load(const std::string& key);
  // For whoever can make nothing of what was loaded: another one may be saved there.
  void remove_damaged(const std::string& key);
  // How many entries were.
  [[nodiscard]] std::size_t damaged() const { return damaged_; }
  // Whether there is something under it, which is used by that.
  [[nodiscard]] bool use(const std::string& key);
  // What is there already stays.
  void save(const std::string& key, std::string_view bytes);
  // What could not be written, read or removed, and why; the first such. Empty: nothing.
  [[nodiscard]] std::string trouble();

  struct Entry {
    std::string name;
    std::uint64_t bytes = 0;
    std::int64_t used = 0;  // nanoseconds since 1970
  };
  // Those used longest ago first.
  [[nodiscard]] std::vector<Entry> entries();
  // Removes those used longest ago until the rest has at most `most` bytes; how many. What stays is in trouble().
  std::size_t prune(std::uint64_t most);
  // The same to the limit, where something has been saved.
  void keep_to_limit();

 private:
  Status write(const std::string& key, std::string_view bytes) const;
  void note_trouble(const std::string& what);
  enum class Removal : std::uint8_t { done, by_another, failed };
  Removal remove(const std::string& name);

  std::string directory_;
  std::uint64_t limit_;
  Guarded<std::map<std::string, std::string>> memory_;
  Guarded<std::string> trouble_;
  std::atomic<bool> saved_ = false;
  std::atomic<std::size_t> damaged_ = 0;
};

}  // namespace peekr
