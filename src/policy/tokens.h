// SPDX-License-Identifier: Apache-2.0
// The words of an expression (policy/expression.h), without their meaning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace peekr {

struct Token {
  enum class Kind : std::uint8_t {
    word,    // "kev", "linux-libc-dev"
    number,  // "0.1", "14d", "10%"
    text,    // what stands between quotes
    symbol,  // "(", ">=", "&&"
    end,
  };
  Kind kind = Kind::end;
  std::string_view text;  // of the expression
  std::size_t at = 0;     // where it begins
};

// The last one is the end. Errc::usage names the character (the first is 1).
[[nodiscard]] Result<std::vector<Token>> tokens_of(std::string_view expression);
// "character 9: why", Errc::usage.
[[nodiscard]] std::unexpected<Error> fail_at(std::size_t at, std::string_view why);

}  // namespace peekr
