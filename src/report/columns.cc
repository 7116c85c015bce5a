// SPDX-License-Identifier: Apache-2.0
#include "report/columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace peekr {
namespace {

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }

// The bytes of the first `count` code points.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (starts_code_point(text[i]) && count-- == 0) return i;
  }
  return text.size();
}

bool stands_as_it_is(char c) {
  return is_alpha(c) || is_digit(c) || std::string_view("%+,-./:=@_").contains(c) ||
         (static_cast<unsigned char>(c) & 0x80u) != 0;
}

}  // namespace

std::string one_line(std::string_view bytes) {
  std::string spaced;
  spaced.reserve(bytes.size());
  for (const char c : trim(bytes)) {
    if (!is_space(c)) {
      spaced += c;
    } else if (!spaced.ends_with(' ')) {
      spaced += ' ';
    }
  }
  return printable(spaced);
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_code_point));
}

std::string shortened(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width == 0) return {};
  return std::string(text.substr(0, bytes_of(text, width - 1))) + "…";
}

std::string filled(std::string_view text, std::size_t width) {
  std::string out(text);
  const std::size_t taken = columns(text);
  if (taken < width) out.append(width - taken, ' ');
  return out;
}

std::string wrapped(std::string_view text, const Wrap& wrap) {
  const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t room = wrap.width - std::min(wrap.width, wrap.suffix.size());
  std::string out, line = std::string(wrap.head) + std::string(blanks, ' ');
  bool fresh = true;
  for (const std::string_view word : split(text.substr(blanks), ' ')) {
    if (word.empty()) continue;
    if (!fresh && columns(line) + 1 + columns(word) > room) {
      out.append(line).append(wrap.suffix).append("\n");
      line.assign(wrap.indent, ' ');
      fresh = true;
    }
    if (!fresh) line += ' ';
    line += word;
    fresh = false;
  }
  return out + line + "\n";
}

std::string shell_word(std::string_view text) {
  const std::string word = printable(text);
  if (!word.empty() && std::ranges::all_of(word, stands_as_it_is)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

std::string grouped_digits(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  const std::string digits = grouped_digits(number);
  if (number == 1) return fmt::format("{} {}", digits, noun);
  const bool y = noun.ends_with('y') && !noun.ends_with("ay");
  return fmt::format("{} {}{}", digits, y ? noun.substr(0, noun.size() - 1) : noun, y ? "ies" : "s");
}

std::string Paint::operator()(std::string_view text, std::string_view sgr) const {
  return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", sgr, text) : std::string(text);
}

}  // namespace peekr
