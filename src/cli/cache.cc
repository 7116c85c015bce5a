// SPDX-License-Identifier: Apache-2.0
// peekr cache: the cache of layers, looked at and cut back.
#include <fmt/format.h>

#include "cli/access.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "report/columns.h"

namespace peekr {
namespace {

std::string status_text(Cache& cache, std::uint64_t limit) {
  std::uint64_t bytes = 0;
  const std::vector<Cache::Entry> all = cache.entries();
  for (const Cache::Entry& one : all) bytes += one.bytes;
  return fmt::format("{}\n{}, {} bytes of {}\n", cache_directory(),
                     all.size() == 1 ? "1 entry" : grouped_digits(all.size()) + " entries",
                     grouped_digits(bytes), grouped_digits(limit));
}

Result<int> exit_code(Cache& cache) {
  if (const std::string trouble = cache.trouble(); !trouble.empty()) return fail(Errc::io, trouble);
  return 0;
}

}  // namespace

Result<int> cache_command(const Options& options) {
  const std::uint64_t limit = TRY(cache_limit());
  Cache cache(cache_directory(), limit);
  if (options.action == "status") {
    TRY(write_output(options, status_text(cache, limit)));
    return exit_code(cache);
  }
  const std::size_t removed = cache.prune(options.action == "clear" ? 0 : options.cache_size.value_or(limit));
  TRY(write_output(options,
                   fmt::format("{} removed\n{}", grouped_digits(removed), status_text(cache, limit))));
  return exit_code(cache);
}

}  // namespace peekr
