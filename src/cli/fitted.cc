// SPDX-License-Identifier: Apache-2.0
#include "cli/fitted.h"

#include <algorithm>

#include "base/text.h"
#include "report/columns.h"

namespace peekr {
namespace {

constexpr std::size_t kFull = 72;       // a line of a paragraph that has more goes on in the next one
constexpr std::size_t kLeastText = 24;  // of a second column
constexpr std::size_t kHanging = 20;    // what begins there belongs to what stands above
constexpr std::size_t kBelow = 6;       // a second column that has no room

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

// Where the second column of a line begins: behind two blanks or more; 0: it has none.
std::size_t column_of(std::string_view line) {
  const std::size_t gap = line.find("  ", indent_of(line));
  return gap == std::string_view::npos ? 0 : std::min(line.find_first_not_of(' ', gap), line.size());
}

bool is_usage(std::string_view line) { return line.starts_with("Usage: "); }

bool is_typed(std::string_view line) { return indent_of(line) == 2 && trim(line).starts_with("peekr "); }

// Whether `next` goes on with the text of a line, of which the text begins at `column`.
bool goes_on(std::string_view line, std::size_t column, std::string_view next) {
  if (next.empty() || column_of(next) > 0 || is_typed(next) || is_usage(next)) return false;
  return indent_of(next) == column && (column > 0 || line.size() > kFull);
}

std::string paragraph(std::string_view head, const std::string& text, std::size_t width) {
  const std::size_t column = head.size();
  if (text.empty() || column == 0 || column + kLeastText <= width)
    return wrapped(text, {.width = width, .indent = column, .head = head});
  const std::string first(head.substr(0, head.find_last_not_of(' ') + 1));
  const std::string below(kBelow, ' ');
  return (first.empty() ? "" : first + "\n") +
         wrapped(text, {.width = width, .indent = kBelow, .head = below});
}

}  // namespace

std::string fitted(std::string_view help, std::size_t width) {
  std::string out;
  while (!help.empty()) {
    const std::string_view line = next_line(help);
    std::size_t column = column_of(line);
    if (column == 0 && indent_of(line) >= kHanging) column = indent_of(line);
    std::string text(line.substr(column));
    for (std::string_view last = line, rest = help; !rest.empty(); help = rest) {
      const std::string_view next = next_line(rest);
      if (!goes_on(last, column, next)) break;
      text += " " + std::string(trim(next));
      last = next;
    }
    if (columns(line) <= width && text.size() == line.size() - column) {
      out.append(line).append("\n");
    } else if (column == 0 && is_typed(line)) {
      out.append(line).append("\n");
    } else if (column == 0) {
      const std::size_t indent = indent_of(line);
      out += wrapped(text, {.width = width, .indent = indent == 0 ? 0 : indent + 2});
    } else {
      out += paragraph(line.substr(0, column), text, width);
    }
  }
  return out;
}

}  // namespace peekr
