// SPDX-License-Identifier: Apache-2.0
#include "feed/cve.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace peekr::cve {
namespace {

using json::element;
using json::Gaps;
using json::object;

// NVD's tags and those of CVE records, which are the same words with a hyphen, in order of what counts first.
std::string type_of(const std::vector<std::string>& tags) {
  struct Row {
    std::string_view tag, type;
  };
  constexpr std::array kRows = {
      Row{"exploit", "EVIDENCE"},
      Row{"patch", "FIX"},
      Row{"vendor advisory", "ADVISORY"},
      Row{"third party advisory", "ADVISORY"},
      Row{"us government resource", "ADVISORY"},
      Row{"issue tracking", "REPORT"},
  };
  for (const Row& row : kRows) {
    for (const std::string& tag : tags) {
      std::string words = lower(tag);
      std::ranges::replace(words, '-', ' ');
      if (words == row.tag) return std::string(row.type);
    }
  }
  return "WEB";
}

}  // namespace

bool is_id(std::string_view text) {
  if (!text.starts_with("CVE-") || text.size() < 13 || text.size() > 28 || text[8] != '-') return false;
  const auto digits = [](std::string_view part) { return std::ranges::all_of(part, is_digit); };
  return digits(text.substr(4, 4)) && digits(text.substr(9));
}

std::string utc(std::string time) {
  constexpr std::size_t kSeconds = 19;  // "2016-02-18T21:59:00"
  if (time.size() < kSeconds || time[10] != 'T') return time;
  if (time.find_first_of("Z+-", kSeconds) == std::string::npos) time += 'Z';
  return time;
}

void add_cwe(std::string_view text, std::vector<std::string>& cwes) {
  if (!text.starts_with("CWE-") || text.size() > 12 || !std::ranges::all_of(text.substr(4), is_digit)) return;
  if (std::ranges::find(cwes, text) == cwes.end()) cwes.emplace_back(text);
}

std::string description(object from, const Gaps& gaps) {
  std::string found;
  for (const element item : json::list(from, "descriptions", gaps)) {
    object fields;
    std::string_view language, text;
    if (item.get(fields) != simdjson::SUCCESS || !json::find(fields, "value", text)) {
      gaps.add("descriptions", "without value");
      continue;
    }
    const bool english = json::find(fields, "lang", language) && language.starts_with("en");
    if (found.empty() || english) found = text;
    if (english) break;
  }
  return found;
}

void add_references(object from, const Gaps& gaps, std::set<std::string>& seen,
                    std::vector<Reference>& references) {
  for (const element item : json::list(from, "references", gaps)) {
    object fields;
    std::string_view url;
    if (item.get(fields) != simdjson::SUCCESS || !json::find(fields, "url", url)) {
      gaps.add("references", "without url");
    } else if (seen.emplace(url).second) {
      references.push_back({type_of(json::texts(fields, "tags", gaps)), std::string(url)});
    }
  }
}

}  // namespace peekr::cve
