// SPDX-License-Identifier: Apache-2.0
// Fuzz target of all version schemes. Input: the scheme's name, then versions, one a line; every neighbouring
// pair is compared and the order must be reflexive and antisymmetric. With PEEKR_FUZZ_ROW set it names the
// scheme and the input is versions only.
#include <algorithm>
#include <compare>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "version/scheme.h"

namespace {

using Order = std::optional<std::strong_ordering>;

// libFuzzer reports an abort with the input that caused it.
void require(bool law) {
  if (!law) std::abort();
}

// Unlike next_line() of base/text.h this keeps a CR: it is as good a byte as any here.
std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
  return line;
}

void check(const peekr::Scheme& scheme, std::string_view a, std::string_view b) {
  const Order order = scheme.compare(a, b), reversed = scheme.compare(b, a), self = scheme.compare(a, a);
  require(order.has_value() == reversed.has_value());
  if (self) require(*self == std::strong_ordering::equal);
  if (order) require(self.has_value() && *order == 0 <=> *reversed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const char* row = std::getenv("PEEKR_FUZZ_ROW");
  std::string name(row != nullptr ? row : take_line(rest));
  std::ranges::replace(name, '_', '-');  // schemes.def has identifiers
  const peekr::Scheme* scheme = peekr::find_scheme(name);
  if (scheme == nullptr) return 0;
  std::string_view a = take_line(rest);
  do {
    const std::string_view b = take_line(rest);
    check(*scheme, a, b);
    a = b;
  } while (!rest.empty());
  return 0;
}
