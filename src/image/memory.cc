// SPDX-License-Identifier: Apache-2.0
#include "image/memory.h"

#include <algorithm>
#include <bit>

#include "base/pool.h"

namespace peekr {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kBeside = 32 * kMiB;  // the program, and what is found
// WantedFiles::kSmall, a zstd window, buffers, stacks: of layers by zstd -3, whose windows have 2 MiB, a thread took 14 MiB.
constexpr std::uint64_t kThread = 20 * kMiB;
constexpr unsigned kLeastWindow = 23;  // of `zstd -19`
constexpr unsigned kUsualThreads = 4;  // of layers that are fetched (tree.cc)

}  // namespace

// Of a file that is wanted whole there are two (image/layer.h), and what a parser makes of one: half of what is left. The other half
// is the threads'.
void fit_into(std::uint64_t memory, ReadOptions& options) {
  const std::uint64_t left = std::max(memory, kLeastMemory) - kBeside;
  Limits& limits = options.limits;
  limits.file_bytes = std::min(limits.file_bytes, left / 6);
  limits.archive_bytes = std::min(limits.archive_bytes, left / 4);
  limits.manifest_bytes = std::min(limits.manifest_bytes, left / 16);
  limits.header_bytes = std::min(limits.header_bytes, left / 16);
  const auto window = static_cast<unsigned>(std::bit_width(left / 8)) - 1;
  limits.window_log = std::min(limits.window_log, std::max(window, kLeastWindow));
  const unsigned usual = std::max(kUsualThreads, Pool().threads());
  const auto most = static_cast<unsigned>(std::clamp<std::uint64_t>(left / 2 / kThread, 1, 1024));
  if (options.threads > most || (options.threads == 0 && usual > most)) options.threads = most;
}

}  // namespace peekr
