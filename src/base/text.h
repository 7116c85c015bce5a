// SPDX-License-Identifier: Apache-2.0
// Small functions on text. Views go in; views into the argument or owned strings come out. Bytes, not
// locales.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
[[nodiscard]] constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

[[nodiscard]] std::string_view trim(std::string_view text);
// Without the mark of UTF-8 that some tools write before text.
[[nodiscard]] constexpr std::string_view without_mark(std::string_view text) {
  return text.substr(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
}
// Parts between separators; an empty text has one empty part. Views into `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
// Cut the next line off the front of `rest` (without its LF or CRLF). Call while !rest.empty().
std::string_view next_line(std::string_view& rest);
// "a: b" -> {"a", "b"}: before and after the first separator; second is empty without one.
struct Pair {
  std::string_view first, second;
};
[[nodiscard]] Pair cut(std::string_view text, char separator);
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);
// The whole text as a number in that base, or nothing (sign, blanks and overflow are nothing).
[[nodiscard]] std::optional<std::uint64_t> to_number(std::string_view text, int base = 10);
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
// Valid UTF-8 without control characters: what may go to a terminal or into JSON. Everything else becomes
// U+FFFD.
[[nodiscard]] std::string printable(std::string_view bytes);

// Sorts the texts, and leaves of equal ones one.
void sort_unique(std::vector<std::string>& texts);

}  // namespace peekr
