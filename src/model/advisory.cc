// SPDX-License-Identifier: Apache-2.0
#include "model/advisory.h"

#include <array>

#include "base/text.h"

namespace peekr {

std::string_view name(Severity severity) {
  constexpr std::array<std::string_view, 6> kNames = {"unknown", "negligible", "low",
                                                      "medium",  "high",       "critical"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string_view name(Standing standing) {
  constexpr std::array<std::string_view, 6> kNames = {"affected", "not_affected", "wont_fix",
                                                      "deferred", "end_of_life",  "under_investigation"};
  return kNames[static_cast<std::size_t>(standing)];
}

std::string_view name(Advisory::Kind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"vulnerability", "informational", "malware"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view sole_fix(const Affected& affected) {
  if (affected.ranges.size() != 1 || !affected.versions.empty() ||
      affected.standing == Standing::not_affected)
    return {};
  const Range& range = affected.ranges.front();
  if (range.type == "GIT" || range.events.size() != 2) return {};
  const Event &from = range.events[0], &to = range.events[1];
  const bool whole =
      from.kind == Event::Kind::introduced && from.version == "0" && to.kind == Event::Kind::fixed;
  return whole && to.version != "0" ? std::string_view(to.version) : std::string_view();
}

Severity severity_of_word(std::string_view word) {
  struct Row {
    std::string_view word;
    Severity severity;
  };
  constexpr std::array kRows = {
      Row{"critical", Severity::critical},
      Row{"high", Severity::high},
      Row{"important", Severity::high},
      Row{"medium", Severity::medium},
      Row{"moderate", Severity::medium},
      Row{"low", Severity::low},
      Row{"negligible", Severity::negligible},
      Row{"unimportant", Severity::negligible},
      Row{"minor", Severity::low},
  };
  // Debian writes "medium**" for an urgency that nobody has confirmed yet.
  while (word.ends_with('*')) word.remove_suffix(1);
  for (const Row& row : kRows) {
    if (equal_ignoring_case(word, row.word)) return row.severity;
  }
  return Severity::unknown;
}

}  // namespace peekr
