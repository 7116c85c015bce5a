// SPDX-License-Identifier: Apache-2.0
#include "model/digest.h"

#include <algorithm>

#include "base/text.h"

namespace peekr {

Result<Digest> Digest::parse(std::string_view text) {
  const auto [algorithm, hex] = cut(text, ':');
  const std::size_t length = algorithm == "sha256" ? 64 : algorithm == "sha512" ? 128 : 0;
  const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  if (length == 0) {
    return fail(Errc::unsupported, "digest " + printable(text.substr(0, 160)) + ": unknown algorithm");
  }
  if (hex.size() != length || !std::ranges::all_of(hex, is_hex)) {
    return fail(Errc::damaged, "digest " + printable(text.substr(0, 160)) + ": not lower-case hex of " +
                                   std::to_string(length) + " digits");
  }
  return Digest{std::string(algorithm), std::string(hex)};
}

}  // namespace peekr
