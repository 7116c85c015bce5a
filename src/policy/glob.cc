// SPDX-License-Identifier: Apache-2.0
#include "policy/glob.h"

#include <cstddef>
#include <vector>

#include "base/text.h"

namespace peekr {

// Only the last star is ever tried again: what an earlier one takes is settled once the text behind it has matched.
bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t at = 0, in = 0, star = std::string_view::npos, taken = 0;
  while (in < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = in;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[in])) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in = ++taken;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

bool path_glob_matches(std::string_view pattern, std::string_view path) {
  const std::vector<std::string_view> wanted = split(pattern, '/'), parts = split(path, '/');
  std::size_t at = 0, in = 0, star = wanted.size(), taken = 0;
  while (in < parts.size()) {
    if (at < wanted.size() && wanted[at] == "**") {
      star = at++;
      taken = in;
    } else if (at < wanted.size() && glob_matches(wanted[at], parts[in])) {
      ++at;
      ++in;
    } else if (star < wanted.size()) {
      at = star + 1;
      in = ++taken;
    } else {
      return false;
    }
  }
  while (at < wanted.size() && wanted[at] == "**") ++at;
  return at == wanted.size();
}

}  // namespace peekr
