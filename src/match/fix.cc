// SPDX-License-Identifier: Apache-2.0
#include "match/fix.h"

#include <algorithm>
#include <compare>

#include "match/names.h"

namespace peekr {
namespace {

constexpr std::size_t kMostTried = 64;  // of real records one or two

bool is_affected(const std::string& version, std::span<const RecordEntries> all) {
  return std::ranges::any_of(all, [&](const RecordEntries& record) {
    Subject then = *record.subject;
    then.version = version;
    then.order.epochs = Order::Epochs::as_written;
    const std::optional<Opinion> opinion = assess(record.entries, then);
    return opinion && opinion->standing != Standing::not_affected &&
           opinion->judgement.answer == Judgement::Answer::affected;
  });
}

// Lowest first.
std::vector<std::string> fixes_above(const std::string& fix, std::span<const RecordEntries> all,
                                     const Scheme& scheme) {
  std::vector<std::string> above;
  for (const RecordEntries& record : all) {
    for (const Entry& entry : record.entries) {
      for (const Range& range : entry.affected.ranges) {
        for (const Event& event : range.events) {
          if (range.type != "GIT" && event.kind == Event::Kind::fixed &&
              scheme.compare(event.version, fix) == std::strong_ordering::greater)
            above.push_back(event.version);
        }
      }
    }
  }
  std::ranges::sort(above, [&](const std::string& a, const std::string& b) {
    const auto order = scheme.compare(a, b);
    return order && *order != 0 ? *order < 0 : a < b;
  });
  const auto twice = std::ranges::unique(above);
  above.erase(twice.begin(), twice.end());
  return above;
}

}  // namespace

std::string fixed_for_all(const std::string& fix, std::span<const RecordEntries> all) {
  if (all.empty() || !is_affected(fix, all)) return fix;
  std::vector<std::string> above = fixes_above(fix, all, *all.front().subject->order.scheme);
  if (above.size() > kMostTried) above.resize(kMostTried);
  const auto found =
      std::ranges::find_if_not(above, [&](const std::string& version) { return is_affected(version, all); });
  return found == above.end() ? fix : *found;
}

std::string fix_published(const std::string& fix, std::span<const RecordEntries> all) {
  const auto has_fix = [&](const Range& range) {
    return std::ranges::any_of(range.events, [&](const Event& event) {
      return event.kind == Event::Kind::fixed && event.version == fix;
    });
  };
  std::string first;
  for (const RecordEntries& one : all) {
    const bool fixes = std::ranges::any_of(
        one.entries, [&](const Entry& entry) { return std::ranges::any_of(entry.affected.ranges, has_fix); });
    const std::string& published = one.record->published;
    if (!fixes || is_copy(one.record->id) || published.empty()) continue;
    if (first.empty() || published < first) first = published;
  }
  return first;
}

}  // namespace peekr
