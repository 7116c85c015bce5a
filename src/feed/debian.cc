// SPDX-License-Identifier: Apache-2.0
#include "feed/debian.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "feed/range.h"
#include "model/release.h"

namespace peekr::debian {
namespace {

struct Word {
  std::string_view word;
  Standing standing;
};

// "no-dsa": not bad enough for an advisory of its own, may be fixed all the same. "removed": gone from unstable as it was.
constexpr std::array kWords = {
    Word{"unfixed", Standing::affected},          Word{"no-dsa", Standing::affected},
    Word{"ignored", Standing::wont_fix},          Word{"postponed", Standing::deferred},
    Word{"end-of-life", Standing::end_of_life},   Word{"undetermined", Standing::under_investigation},
    Word{"not-affected", Standing::not_affected}, Word{"removed", Standing::wont_fix},
};

constexpr std::array kUrgencies = {"high", "medium", "low", "unimportant", "not yet assigned"};

// The next word, cut off the front of `rest` with the blanks around it.
std::string_view take_word(std::string_view& rest) {
  rest = trim(rest);
  std::size_t end = 0;
  while (end < rest.size() && !is_space(rest[end])) ++end;
  const std::string_view word = rest.substr(0, end);
  rest = trim(rest.substr(end));
  return word;
}

// "(bug #1; low)": the parts that are neither a bug nor an urgency are words of explanation.
struct Notes {
  std::string_view urgency;
  std::string reason;
};

Notes notes_of(std::string_view text) {
  Notes found;
  for (std::string_view part : split(text, ';')) {
    part = trim(part);
    if (part.empty() || part.starts_with("bug #")) continue;
    if (std::ranges::find(kUrgencies, part) != kUrgencies.end()) {
      found.urgency = part;
    } else {
      found.reason += (found.reason.empty() ? "" : "; ") + std::string(part);
    }
  }
  return found;
}

std::string two_digits(std::uint64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

std::string ecosystem(std::string_view codename) {
  if (codename == "sid") return "Debian:unstable";
  if (codename == "experimental") return "Debian:experimental";
  const std::string_view release = release_of_codename("debian", codename);
  return release.empty() ? std::string() : "Debian:" + std::string(release);
}

std::optional<Standing> standing(std::string_view word) {
  const auto found = std::ranges::find(kWords, word, &Word::word);
  if (found == kWords.end()) return std::nullopt;
  return found->standing;
}

std::optional<Line> line_of(std::string_view text) {
  Line line;
  text = trim(text);
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    line.release = trim(text.substr(1, close - 1));
    if (line.release.empty()) return std::nullopt;
    text.remove_prefix(close + 1);
  }
  if (take_word(text) != "-") return std::nullopt;
  line.package = take_word(text);
  std::string_view version = take_word(text);
  if (line.package.empty() || version.empty()) return std::nullopt;
  if (version.starts_with('<')) {
    if (!version.ends_with('>')) return std::nullopt;
    line.word = version.substr(1, version.size() - 2);
  } else {
    line.fixed = version;
  }
  if (text.starts_with('(')) text.remove_prefix(1);
  if (text.ends_with(')')) text.remove_suffix(1);
  line.notes = trim(text);
  return line;
}

std::optional<Affected> affected_of(const Line& line, std::string_view ecosystem) {
  Affected one{.ecosystem = std::string(ecosystem), .package = std::string(line.package)};
  Notes notes = notes_of(line.notes);
  one.urgency = notes.urgency;
  one.reason = std::move(notes.reason);
  if (line.fixed.empty()) {
    const std::optional<Standing> word = standing(line.word);
    if (!word) return std::nullopt;
    one.standing = *word;
    if (line.word != "unfixed")
      one.reason = std::string(line.word) + (one.reason.empty() ? "" : ": ") + one.reason;
  }
  if (one.standing != Standing::not_affected) one.ranges.push_back(below(line.fixed));
  return one;
}

void add_bugs(std::string_view notes, Advisory& advisory) {
  constexpr std::string_view kBug = "bug #";
  for (std::string_view part : split(notes, ';')) {
    part = trim(part);
    if (!part.starts_with(kBug) || !to_number(part.substr(kBug.size()))) continue;
    const std::string url = "https://bugs.debian.org/" + std::string(part.substr(kBug.size()));
    const bool there =
        std::ranges::find(advisory.references, url, &Reference::url) != advisory.references.end();
    if (!there) advisory.references.push_back({"REPORT", url});
  }
}

std::string date_of(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  std::uint64_t day = 0, month = 0, year = 0;
  while (!text.empty()) {
    const std::string_view word = take_word(text);
    const auto name = std::ranges::find(kMonths, lower(word.substr(0, 3)));
    std::size_t digits = 0;
    while (digits < word.size() && is_digit(word[digits])) ++digits;
    const std::uint64_t number = to_number(word.substr(0, digits)).value_or(0);
    if (name != kMonths.end()) month = static_cast<std::uint64_t>(name - kMonths.begin()) + 1;
    if (number >= 1 && number <= 31) day = number;
    if (number >= 1990 && number <= 2999) year = number;
  }
  if (day == 0 || month == 0 || year == 0) return {};
  return std::to_string(year) + "-" + two_digits(month) + "-" + two_digits(day) + "T00:00:00Z";
}

}  // namespace peekr::debian
