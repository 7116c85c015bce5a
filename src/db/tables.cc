// SPDX-License-Identifier: Apache-2.0
#include "db/tables.h"

#include <algorithm>

#include "lib/digest.h"

namespace peekr::tables {
namespace {

// Three parts and two NULs stay within LMDB's 511 bytes.
constexpr std::size_t kLongestPart = 168;
static_assert(3 * kLongestPart + 2 <= kLmdbLongestKey);

// The hash stands behind a byte that no UTF-8 text has, so it is never mistaken for a name.
void add_part(std::string_view text, std::string& out) {
  if (fits(text)) {
    out += text;
  } else {
    out += "\xFF" + hex_digest("sha256", text);
  }
}

void write_prefix(std::initializer_list<std::string_view> parts, std::string& out) {
  std::size_t length = 0;
  for (const std::string_view one : parts) length += std::min(one.size(), kLongestPart) + 1;
  out.clear();
  out.reserve(length);
  for (const std::string_view one : parts) {
    add_part(one, out);
    out += '\0';
  }
}

}  // namespace

bool fits(std::string_view part) {
  return part.size() <= kLongestPart && part.find('\0') == std::string_view::npos;
}

std::string key(std::initializer_list<std::string_view> parts) {
  std::string out;
  write_key(parts, out);
  return out;
}

void write_key(std::initializer_list<std::string_view> parts, std::string& key) {
  write_prefix(parts, key);
  key.pop_back();
}

std::string prefix(std::initializer_list<std::string_view> parts) {
  std::string out;
  write_prefix(parts, out);
  return out;
}

std::string_view part_of(std::string_view key, std::size_t number) {
  for (; number > 0; --number) {
    const std::size_t nul = key.find('\0');
    if (nul == std::string_view::npos) return {};
    key.remove_prefix(nul + 1);
  }
  return key.substr(0, key.find('\0'));
}

}  // namespace peekr::tables
