// SPDX-License-Identifier: Apache-2.0
// EPSS (first.org/epss/data_stats), the scores of one day for all CVEs, as CSV:
//   #model_version:v2025.03.14,score_date:2025-08-22T12:55:00Z
//   cve,epss,percentile
//   CVE-1999-0001,0.00383,0.73075
// Without the day nobody knows which of two files counts: such a document is left out.
#include <charconv>
#include <optional>

#include "base/text.h"
#include "feed/feed.h"

namespace peekr {
namespace {

constexpr std::string_view kSource = "EPSS", kHeading = "cve,epss,percentile";
constexpr std::size_t kNotes = 20;  // of bad lines; more are counted in one
constexpr std::size_t kLongest = 40;

// "0.00383", 0 to 1.
std::optional<double> share_of(std::string_view text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value >= 0 && value <= 1 ? std::optional(value) : std::nullopt;
}

// "2025-08-22" of "#model_version:v2025.03.14,score_date:2025-08-22T12:55:00Z"; empty: there is none.
std::string day_of(std::string_view line) {
  constexpr std::string_view kKey = "score_date:";
  const std::size_t at = line.find(kKey);
  if (!line.starts_with('#') || at == std::string_view::npos) return {};
  const std::string_view day = line.substr(at + kKey.size(), 10);
  const auto fits = [&](std::size_t i) { return i == 4 || i == 7 ? day[i] == '-' : is_digit(day[i]); };
  for (std::size_t i = 0; i < 10; ++i) {
    if (i >= day.size() || !fits(i)) return {};
  }
  return std::string(day);
}

std::optional<Risk> risk_of(std::string_view line, const std::string& day) {
  const auto [cve, rest] = cut(line, ',');
  const auto [score, percentile] = cut(rest, ',');
  const std::optional<double> probability = share_of(score), rank = share_of(percentile);
  if (!cve.starts_with("CVE-") || cve.size() > kLongest || !probability || !rank) return std::nullopt;
  return Risk{.cve = std::string(cve),
              .source = std::string(kSource),
              .date = day,
              .epss = Epss{.score = *probability, .percentile = *rank}};
}

void parse_epss(std::string_view name, std::string_view bytes, Published& out) {
  const auto note = [&](const std::string& what) { out.notes.push_back({Path(name), Why::damaged, what}); };
  std::string_view rest = bytes;
  const std::string day = day_of(next_line(rest));
  if (day.empty()) return note("line 1: no score_date: document left out");
  if (next_line(rest) != kHeading) return note("line 2: not \"" + std::string(kHeading) + "\"");
  std::size_t number = 2, bad = 0;
  const std::size_t before = out.risks.size();
  while (!rest.empty()) {
    const std::string_view line = next_line(rest);
    ++number;
    if (std::optional<Risk> one = risk_of(line, day)) {
      out.risks.push_back(*std::move(one));
    } else if (++bad <= kNotes) {
      note("line " + std::to_string(number) +
           ": not a CVE and two shares: " + printable(line.substr(0, kLongest)));
    }
  }
  if (bad > kNotes) note(std::to_string(bad - kNotes) + " more lines that are no scores");
  if (out.risks.size() == before && bad == 0) note("no scores");
}

bool recognises_epss(std::string_view /*name*/, std::string_view bytes) {
  return bytes.starts_with("#model_version:") || bytes.starts_with(kHeading);
}

constexpr Origin kOrigins[] = {
    {.name = "epss",
     .url = "https://epss.cyentia.com/epss_scores-current.csv.gz",
     .ecosystems = "*",
     .licence = "free, with attribution to FIRST"},
};

}  // namespace

namespace feeds {
extern const Feed epss;
constexpr Feed epss = {
    .name = "epss",
    .about = "EPSS: how likely each CVE is to be exploited",
    .origins = kOrigins,
    .recognises = recognises_epss,
    .parse = parse_epss,
};
}  // namespace feeds

}  // namespace peekr
