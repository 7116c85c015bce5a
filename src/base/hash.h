// SPDX-License-Identifier: Apache-2.0
// A hash of a short text, eight bytes at a time. Under a seed that they do not know, nobody can make texts that share one.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/word.h"

namespace peekr {

namespace hash_parts {

__extension__ using Wide = unsigned __int128;

// A product folded into half its width.
inline std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  const Wide product = Wide{hash ^ value} * 0x9E3779B97F4A7C15u;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Of one to seven bytes: words that overlap.
inline std::uint64_t rest_of(std::string_view text) {
  if (text.size() >= 4)
    return word_at<std::uint32_t>(text, 0) | std::uint64_t{word_at<std::uint32_t>(text, text.size() - 4)}
                                                 << 32;
  const auto byte = [&](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(text[at])}; };
  return byte(0) | byte(text.size() / 2) << 8 | byte(text.size() - 1) << 16;
}

}  // namespace hash_parts

[[nodiscard]] inline std::uint64_t hash_of(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = hash_parts::mix(seed, text.size());
  for (; text.size() >= 8; text.remove_prefix(8))
    hash = hash_parts::mix(hash, word_at<std::uint64_t>(text, 0));
  return text.empty() ? hash : hash_parts::mix(hash, hash_parts::rest_of(text));
}

}  // namespace peekr
