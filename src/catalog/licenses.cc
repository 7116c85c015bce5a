// SPDX-License-Identifier: Apache-2.0
// www.debian.org/doc/packaging-manuals/copyright-format/1.0: a "License:" line is a short name, or several
// with "or", "and" (and commas before these), each perhaps "with NAME exception". Many files that are older,
// or that never meant to be machine-readable, put the licence's first sentence there instead; that is no name
// and is left out.
#include "catalog/licenses.h"

#include <algorithm>
#include <span>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::size_t kMaxName = 80;
constexpr std::size_t kMaxLine = 1000;  // longer ones are prose

// Words between blanks; a comma is a word.
std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> all;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !is_space(text[i]) && text[i] != ',') continue;
    if (i > start) all.push_back(text.substr(start, i - start));
    if (i < text.size() && text[i] == ',') all.push_back(text.substr(i, 1));
    start = i + 1;
  }
  return all;
}

bool is_separator(std::string_view word) {
  return word == "," || equal_ignoring_case(word, "and") || equal_ignoring_case(word, "or");
}

bool is_name_char(char c) {
  return is_digit(c) || is_alpha(c) || c == '.' || c == '-' || c == '+' || c == '_' || c == '/';
}

// One licence: "GPL-2+", "GPL-2+ with Autoconf exception". Empty when these words are prose.
std::string license_name(std::span<const std::string_view> parts) {
  const bool plain = parts.size() == 1 || (parts.size() <= 4 && equal_ignoring_case(parts[1], "with"));
  if (!plain || !std::ranges::all_of(parts.front(), is_name_char)) return {};
  std::string name;
  for (const std::string_view part : parts) {
    if (!name.empty()) name += ' ';
    name += part;
  }
  return name.size() <= kMaxName ? name : std::string();
}

// Adds the names of one "License:" line; none of them when any is prose.
void add_names(std::string_view line, std::vector<std::string>& out) {
  if (line.size() > kMaxLine) return;
  const std::vector<std::string_view> all = words(line);
  const std::size_t before = out.size();
  for (auto start = all.begin(); start != all.end();) {
    start = std::find_if_not(start, all.end(), is_separator);
    const auto end = std::find_if(start, all.end(), is_separator);
    if (start == end) return;
    std::string name = license_name(std::span(start, end));
    if (name.empty()) {
      out.resize(before);
      return;
    }
    out.push_back(std::move(name));
    start = end;
  }
}

void add_references(std::string_view bytes, std::vector<std::string>& out) {
  constexpr std::string_view kFolder = "/usr/share/common-licenses/";
  for (std::size_t at = bytes.find(kFolder); at != std::string_view::npos; at = bytes.find(kFolder, at)) {
    at += kFolder.size();
    const std::string_view tail = bytes.substr(at, kMaxName);
    std::string_view name(tail.begin(), std::ranges::find_if_not(tail, is_name_char));
    while (name.ends_with('.') || name.ends_with('/')) name.remove_suffix(1);
    if (!name.empty()) out.emplace_back(name);
  }
}

}  // namespace

std::vector<std::string> licenses_of_copyright(std::string_view bytes) {
  constexpr std::string_view kHeader = "license:";
  std::vector<std::string> names;
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (equal_ignoring_case(line.substr(0, kHeader.size()), kHeader)) {
      add_names(line.substr(kHeader.size()), names);
    }
  }
  if (names.empty()) add_references(bytes, names);
  sort_unique(names);
  return names;
}

}  // namespace peekr
