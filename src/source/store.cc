// SPDX-License-Identifier: Apache-2.0
#include "source/store.h"

#include "base/text.h"

namespace peekr {
namespace {

Result<std::string> read_all(const Stored& stored, std::uint64_t limit) {
  if (stored.size.value_or(0) > limit) {
    return fail(Errc::limit, std::to_string(*stored.size) + " bytes (limit manifest_bytes is " +
                                 std::to_string(limit) + ")");
  }
  const std::unique_ptr<ByteSource> source = TRY(stored.open());
  std::string all;
  for (;;) {
    const std::string_view part = TRY(source->next());
    if (part.empty()) return all;
    all += part;
    if (all.size() > limit)
      return fail(Errc::limit, "more than " + std::to_string(limit) + " bytes (limit manifest_bytes)");
  }
}

}  // namespace

Result<std::string> read_stored(const Store& store, const std::string& name, std::uint64_t limit) {
  const Stored stored = TRY(store(name));
  return within(printable(name), read_all(stored, limit));
}

}  // namespace peekr
