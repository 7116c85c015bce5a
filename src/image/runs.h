// SPDX-License-Identifier: Apache-2.0
// Which requests bring the parts of a blob that are wanted, and those requests, several at once: what each of them costs is the way
// there and back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/room.h"
#include "image/bytes.h"

namespace peekr {

struct LayerTable;

// So many requests at once, whoever sends them.
class FetchLines {
 public:
  explicit FetchLines(unsigned most) : most_(std::max(most, 1u)), room_(most_) {}

  [[nodiscard]] unsigned most() const { return most_; }
  // Calls use() while it has one, and returns what it returns. Not to be nested.
  template <class Use>
  auto with(Use&& use) {
    return room_.with(1, std::forward<Use>(use));
  }

 private:
  unsigned most_;
  Room room_;
};

// Bytes of a blob; both 0: none.
struct BlobPart {
  std::uint64_t from = 0, end = 0;
};

// Parts that one request brings: those that lie near each other.
struct PartRun {
  std::uint64_t from = 0, end = 0;
  std::size_t first = 0, count = 0;  // of the parts
};

// Of parts that are sorted by their beginnings. `besides`: bytes that come in any case, beside these parts.
[[nodiscard]] std::vector<PartRun> runs_of(std::span<const BlobPart> parts, std::uint64_t besides);

// Exactly the next `size` bytes.
Result<std::string> read_exactly(ByteSource& source, std::uint64_t size);

// Calls use(run, bytes) for each, in their order; null: it has no bytes. What is fetched and not used yet is kHeld bytes at most.
using UseRun = std::function<Status(const PartRun&, std::unique_ptr<ByteSource> bytes)>;
Status fetch_runs(const LayerTable& table, std::span<const PartRun> runs, FetchLines& lines,
                  const std::stop_token& stop, const UseRun& use);

}  // namespace peekr
