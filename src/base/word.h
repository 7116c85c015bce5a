// SPDX-License-Identifier: Apache-2.0
// Several bytes as one number.
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace peekr {

// The bytes from `at` on, which need no alignment; the first is the lowest.
template <class Word>
[[nodiscard]] [[gnu::always_inline]] inline Word word_at(std::string_view text, std::size_t at) {
  Word word = 0;
  std::memcpy(&word, text.substr(at, sizeof(Word)).data(), sizeof(Word));
  return std::endian::native == std::endian::big ? std::byteswap(word) : word;
}

}  // namespace peekr
