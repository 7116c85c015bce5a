// SPDX-License-Identifier: Apache-2.0
#include "feed/words.h"

#include <algorithm>

#include "base/find.h"
#include "base/text.h"

namespace peekr {
namespace {

// Whether the text begins as the pattern says: '0' is a digit, all else itself.
bool begins(std::string_view text, std::string_view pattern) {
  if (text.size() < pattern.size()) return false;
  return std::ranges::equal(text.substr(0, pattern.size()), pattern,
                            [](char c, char p) { return p == '0' ? is_digit(c) : c == p; });
}

// "+02:00" as it is; "Z", "+00:00", "-00:00", " UTC" and nothing are "Z"; anything else is no zone.
std::string zone(std::string_view text) {
  if (text.starts_with('.')) {
    do {
      text.remove_prefix(1);
    } while (!text.empty() && is_digit(text.front()));
  }
  if (text.empty() || text == "Z" || text == " UTC" || text.substr(1) == "00:00") return "Z";
  if (text.size() == 6 && (begins(text, "+00:00") || begins(text, "-00:00"))) return std::string(text);
  return {};
}

}  // namespace

std::string rfc3339(std::string_view text) {
  text = trim(text);
  if (!begins(text, "0000-00-00")) return {};
  const std::string date(text.substr(0, 10));
  const std::string_view rest = text.substr(10);
  if (rest.empty()) return date + "T00:00:00Z";
  if (rest.front() != 'T' && rest.front() != ' ') return {};
  const std::string_view time = rest.substr(1);
  const std::size_t length = begins(time, "00:00:00") ? 8 : begins(time, "00:00") ? 5 : 0;
  const std::string where = zone(time.substr(length));
  if (length == 0 || where.empty()) return {};
  return date + "T" + std::string(time.substr(0, length)) + (length == 5 ? ":00" : "") + where;
}

std::vector<std::string> cves_in(std::string_view text) {
  std::vector<std::string> found;
  for (std::size_t at = text.find("CVE-"); at != std::string_view::npos; at = text.find("CVE-", at + 1)) {
    std::size_t end = at + 9;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (!begins(text.substr(at), "CVE-0000-0000") || (at > 0 && is_alpha(text[at - 1]))) continue;
    std::string cve(text.substr(at, end - at));
    if (std::ranges::find(found, cve) == found.end()) found.push_back(std::move(cve));
  }
  return found;
}

bool contains(std::string_view bytes, std::string_view part) {
  return find_in(bytes, part) != std::string_view::npos;
}

}  // namespace peekr
