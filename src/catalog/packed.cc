// SPDX-License-Identifier: Apache-2.0
#include "catalog/packed.h"

#include <algorithm>
#include <vector>

#include "image/unpack.h"

namespace peekr {
namespace {

constexpr std::uint64_t kMostNested = std::uint64_t{1} << 30, kRatio = 200, kRatioFrom = 64 << 20;
constexpr std::uint64_t kMostOfDeflate = 1032;  // times its packed bytes: 258 for 2 bits

}  // namespace

std::unexpected<Error> over(Allowance& allowance) {
  std::string why = allowance.over();
  allowance.spend(allowance.left());
  return fail(Errc::limit, std::move(why));
}

Allowance nested_allowance(const File& file) {
  return {std::clamp(kRatio * file.bytes.size(), kRatioFrom, kMostNested), file.allowance,
          "what is packed in it unpacks"};
}

Result<std::string> unpacked(std::string_view bytes, Allowance& allowance) {
  const Limits limits{.layer_bytes = ~std::uint64_t{0}};
  std::vector<Note> ignored;  // bytes behind the end: nobody unpacks them
  const std::unique_ptr<ByteSource> source = TRY(unpack_document(memory_bytes(bytes), limits, ignored));
  std::string out;
  while (true) {
    const std::string_view next = TRY(source->next());
    if (next.empty()) return out;
    if (next.size() > allowance.left()) return over(allowance);
    allowance.spend(next.size());
    out += next;
  }
}

Result<std::string> inflated_within(const Deflated& packed, std::uint64_t most, Allowance& allowance) {
  const std::uint64_t left = allowance.left(), size = packed.bytes.size();
  if (size > left) return over(allowance);
  Result<std::string> bytes = inflated(packed.bytes, packed.wrapping, std::min(most, left), packed.likely);
  if (!bytes && bytes.error().code == Errc::limit && left < most) return over(allowance);
  // Where it fails, how far it came is not known; and bytes that unpack to nothing are work, too.
  allowance.spend(std::max(size, bytes ? bytes->size() : std::min({most, left, kMostOfDeflate * size})));
  return bytes;
}

Why why_of(const Error& error) {
  if (error.code == Errc::limit) return Why::too_big;
  return error.code == Errc::unsupported ? Why::unsupported : Why::damaged;
}

}  // namespace peekr
