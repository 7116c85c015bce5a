// SPDX-License-Identifier: Apache-2.0
#include "source/link.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace peekr {
namespace {

// Up to the first of `ends` that stands in no quotes; takes it off; what ended it stays.
std::string_view take(std::string_view& rest, std::string_view ends) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    if (rest[at] == '\\' && quoted) {
      ++at;
    } else if (rest[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && ends.contains(rest[at])) {
      break;
    }
  }
  const std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(taken.size());
  return trim(taken);
}

// rel=next, rel="first next"
bool is_relation(std::string_view parameter, std::string_view relation) {
  const auto [key, value] = cut(parameter, '=');
  if (lower(trim(key)) != "rel") return false;
  std::string words = lower(trim(value));
  std::erase(words, '"');
  const std::vector<std::string_view> all = split(words, ' ');
  return std::ranges::find(all, relation) != all.end();
}

}  // namespace

std::string link_target(std::string_view header, std::string_view relation) {
  for (std::string_view rest = header; !rest.empty();) {
    const std::size_t open = rest.find('<'), close = rest.find('>', open);
    if (close == std::string_view::npos) return {};
    const std::string_view target = rest.substr(open + 1, close - open - 1);
    rest.remove_prefix(close + 1);
    bool found = false;
    while (!rest.empty() && rest.front() != ',') {
      found = is_relation(take(rest, ";,"), relation) || found;
      if (rest.starts_with(';')) rest.remove_prefix(1);
    }
    if (found) return std::string(target);
  }
  return {};
}

}  // namespace peekr
