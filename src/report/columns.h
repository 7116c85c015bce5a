// SPDX-License-Identifier: Apache-2.0
// Text for a terminal: how many columns it takes, cut, filled and wrapped to a width, and coloured (ECMA-48
// SGR). A code point counts as one column. What comes from an image goes through one_line() first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// printable(), with each run of blanks and line breaks as one space.
[[nodiscard]] std::string one_line(std::string_view bytes);
[[nodiscard]] std::size_t columns(std::string_view text);
// At most `width` columns; what is cut ends in "…".
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);
// At least `width` columns, filled with blanks.
[[nodiscard]] std::string filled(std::string_view text, std::size_t width);
// Lines of at most `width` columns, broken between words (a longer word stands alone), the later ones begun
// by `indent` blanks; each ends in a line feed. `suffix` is put behind each line but the last: " \\" for a
// shell.
// `head` begins the first line as it stands; in `text` a run of blanks counts as one, but for those it begins
// with.
struct Wrap {
  std::size_t width = 100;
  std::size_t indent = 0;
  std::string_view head = {};
  std::string_view suffix = {};
};
[[nodiscard]] std::string wrapped(std::string_view text, const Wrap& wrap);
// What a shell takes for `text`, quoted where it must be. Printable.
[[nodiscard]] std::string shell_word(std::string_view text);
// "1,234,567"
[[nodiscard]] std::string grouped_digits(std::uint64_t number);
// "1 package", "3 packages"
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);

// Puts text into colours, or leaves it as it is.
class Paint {
 public:
  explicit Paint(bool colour) : colour_(colour) {}
  [[nodiscard]] std::string operator()(std::string_view text, std::string_view sgr) const;

 private:
  bool colour_;
};

}  // namespace peekr
