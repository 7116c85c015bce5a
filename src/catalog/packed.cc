// SPDX-License-Identifier: Apache-2.0
#include "catalog/packed.h"

#include <vector>

#include "image/unpack.h"

namespace peekr {

Result<std::string> unpacked(std::string_view bytes, std::uint64_t limit) {
  Limits limits;
  limits.layer_bytes = limit;
  std::vector<Note> ignored;  // bytes behind the end: nobody unpacks them
  const std::unique_ptr<ByteSource> source = TRY(unpack_document(memory_bytes(bytes), limits, ignored));
  std::string out;
  while (true) {
    const std::string_view next = TRY(source->next());
    if (next.empty()) return out;
    if (out.size() + next.size() > limit)
      return fail(Errc::limit, "larger than " + std::to_string(limit) + " bytes unpacked");
    out += next;
  }
}

Why why_of(const Error& error) {
  if (error.code == Errc::limit) return Why::too_big;
  return error.code == Errc::unsupported ? Why::unsupported : Why::damaged;
}

}  // namespace peekr
