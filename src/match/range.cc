// SPDX-License-Identifier: Apache-2.0
// A range's events are sorted and swept once into disjoint intervals; the version is then looked for in each
// of them.
#include "match/range.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <vector>

#include "base/text.h"

namespace peekr {
namespace {

using Kind = Event::Kind;
using Answer = Judgement::Answer;

// Intervals that lie one behind another; real records have two or three.
constexpr int kMostSteps = 64;

struct Interval {
  std::string_view from;       // inclusive; "0": below everything
  const Event* end = nullptr;  // fixed: exclusive; last_affected: inclusive; null: open
};

// The versions' order; `doubt` is filled where there is none.
struct Comparer {
  std::string_view installed;
  const Order& order;
  std::string doubt;

  std::optional<std::strong_ordering> against(std::string_view bound) {
    std::string_view left = installed, right = bound;
    if (order.epochs == Order::Epochs::only_if_both && epoch(left) != epoch(right)) {
      left = without_epoch(left);
      right = without_epoch(right);
    }
    const auto result = against_bound(*order.scheme, left, right);
    if (!result) doubted(bound);
    return result;
  }
  // The bound is a version as it stands and without its epoch, and so is what is installed.
  bool can_order(std::string_view bound) {
    if (!order.scheme->compare(bound, bound)) return doubted(bound);
    return against(bound).has_value();
  }

 private:
  bool doubted(std::string_view bound) {
    if (doubt.empty()) doubt = std::string(installed) + " against " + std::string(bound);
    return false;
  }
  static bool epoch(std::string_view version) { return version.find(':') != std::string_view::npos; }
  static std::string_view without_epoch(std::string_view version) {
    return epoch(version) ? version.substr(version.find(':') + 1) : version;
  }
};

bool is_bottom(const Event& event) {
  return event.version == "0" && (event.kind == Kind::introduced || event.kind == Kind::fixed);
}

// A limit is no event of the line.
std::strong_ordering order(const Event* a, const Event* b, const Scheme& scheme) {
  if (is_bottom(*a) || is_bottom(*b)) return is_bottom(*b) <=> is_bottom(*a);
  return *scheme.compare(a->version, b->version);
}

void take(const Event* event, std::vector<Interval>& all, bool& inside) {
  if (event->kind == Kind::introduced) {
    if (!inside) all.push_back({.from = event->version});
    inside = true;
  } else if (inside) {
    all.back().end = event;
    inside = false;
  }
}

// At equal versions: what ends an open interval, then what opens one, then what ends that. So "introduced 1, fixed 2, introduced 2"
// is affected from 2 on, and "introduced 2, fixed 2" nowhere, in whatever order the record has them.
std::vector<Interval> intervals(const std::vector<const Event*>& sorted, const Scheme& scheme) {
  std::vector<Interval> all;
  bool inside = false;
  for (auto at = sorted.begin(); at != sorted.end();) {
    const auto end =
        std::find_if(at, sorted.end(), [&](const Event* one) { return order(*at, one, scheme) < 0; });
    const auto take_all = [&](auto first, auto last) {
      std::for_each(first, last, [&](const Event* one) { take(one, all, inside); });
    };
    // By kinds: what opens comes first.
    const auto ends = std::find_if(at, end, [](const Event* one) { return one->kind != Kind::introduced; });
    const auto closes =
        std::find_if(ends, end, [&](const Event* one) { return !inside || one->kind != (*ends)->kind; });
    take_all(ends, closes);
    take_all(at, ends);
    take_all(closes, end);
    at = end;
  }
  return all;
}

// Events in order of their versions and, at equal ones, of their kinds, or nothing when one is no version of the scheme.
std::optional<std::vector<const Event*>> sorted(const Range& range, Comparer& comparer) {
  std::vector<const Event*> events;
  for (const Event& event : range.events) {
    if (event.kind == Kind::limit) continue;
    if (!is_bottom(event) && !comparer.can_order(event.version)) return std::nullopt;
    events.push_back(&event);
  }
  std::ranges::sort(events, [&](const Event* a, const Event* b) {
    const std::strong_ordering versions = order(a, b, *comparer.order.scheme);
    return versions != 0 ? versions < 0 : a->kind < b->kind;
  });
  return events;
}

// OSV: with limits, the version must be below one of them; "*" is above everything.
std::optional<bool> within_limits(const Range& range, Comparer& comparer) {
  bool any = false, below = false;
  for (const Event& event : range.events) {
    if (event.kind != Kind::limit) continue;
    any = true;
    if (event.version == "*") return true;
    const auto order = comparer.against(event.version);
    if (!order) return std::nullopt;
    below = below || *order == std::strong_ordering::less;
  }
  return !any || below;
}

// ", below 3.0": the limits of a range, of which the version is below one.
std::string limits_text(const Range& range) {
  std::string out;
  for (const Event& event : range.events) {
    if (event.kind == Event::Kind::limit) out += (out.empty() ? ", below " : " or below ") + event.version;
  }
  return out;
}

std::string text(const Interval& interval) {
  std::string out = ">= " + std::string(interval.from);
  if (interval.end == nullptr) return out;
  return out + (interval.end->kind == Kind::fixed ? ", < " : ", <= ") + interval.end->version;
}

std::string comparison(const Interval& interval, Comparer& comparer) {
  const std::string installed(comparer.installed);
  if (interval.end == nullptr) return installed + " >= " + std::string(interval.from);
  const auto order = comparer.against(interval.end->version);
  if (interval.end->kind == Kind::fixed) return installed + " < " + interval.end->version;
  return installed + (order == std::strong_ordering::equal ? " = " : " < ") + interval.end->version;
}

// Both bounds are known to be ordered against the version, see sorted().
bool holds(const Interval& interval, Comparer& comparer) {
  if (interval.from != "0" && *comparer.against(interval.from) == std::strong_ordering::less) return false;
  if (interval.end == nullptr) return true;
  if (is_bottom(*interval.end)) return false;
  const std::strong_ordering order = *comparer.against(interval.end->version);
  return order == std::strong_ordering::less ||
         (interval.end->kind == Kind::last_affected && order == std::strong_ordering::equal);
}

// What holds the version.
struct Held {
  Judgement judgement;
  std::string_view nearest;   // the smallest fix that ends an interval
  std::string_view furthest;  // the greatest: what lies before it is affected; not of a range with limits

  [[nodiscard]] std::string_view reach() const { return furthest.empty() ? nearest : furthest; }
};

// Adds an interval that holds the version: the one with the smallest fix gives the proof.
void add(const Interval& interval, const Range& range, Comparer& comparer, Held& held) {
  const bool first = held.judgement.answer != Answer::affected;
  const std::string limits = limits_text(range);
  bool nearer = false;
  if (interval.end != nullptr && interval.end->kind == Kind::fixed) {
    const std::string_view fix = interval.end->version;
    const auto lower = [&](std::string_view a, std::string_view b) {
      return comparer.order.scheme->compare(a, b) == std::strong_ordering::less;
    };
    nearer = held.nearest.empty() || lower(fix, held.nearest);
    if (nearer) held.nearest = fix;
    const bool further = held.furthest.empty() || lower(held.furthest, fix);
    if (further && limits.empty()) held.furthest = fix;
  }
  if (!first && !nearer) return;
  held.judgement.answer = Answer::affected;
  held.judgement.range = text(interval) + limits;
  held.judgement.comparison = comparison(interval, comparer);
}

// Whether the range could be judged.
bool judge_range(const Range& range, Comparer& comparer, Held& held) {
  const std::optional<bool> below = within_limits(range, comparer);
  const auto events = sorted(range, comparer);
  if (!below || !events) return false;
  if (!*below) return true;
  for (const Interval& interval : intervals(*events, *comparer.order.scheme)) {
    if (holds(interval, comparer)) add(interval, range, comparer, held);
  }
  return true;
}

// By name; by order, too, where the ranges have not decided: "1.0" may be listed as "1.0-0".
bool listed(const Affected& affected, Comparer& comparer, bool exact) {
  return std::ranges::any_of(affected.versions, [&](const std::string& version) {
    return version == comparer.installed ||
           (!exact && comparer.against(version) == std::strong_ordering::equal);
  });
}

// Nearly everything a database says about a package is "fixed in a version that is installed": one comparison
// tells.
bool surely_fixed(const Affected& affected, Comparer& comparer) {
  const std::string_view fix = sole_fix(affected);
  if (fix.empty() || comparer.order.epochs != Order::Epochs::as_written) return false;
  const auto order = comparer.against(fix);
  return order && *order != std::strong_ordering::less;
}

// But for `fixed_in`.
Held evaluated(const Affected& affected, std::string_view version, const Order& order) {
  Held held;
  Judgement& judgement = held.judgement;
  Comparer comparer{.installed = version, .order = order, .doubt = {}};
  if (surely_fixed(affected, comparer)) return held;
  bool judged = false, doubtful = false;
  for (const Range& range : affected.ranges) {
    if (range.type == "GIT") continue;
    (judge_range(range, comparer, held) ? judged : doubtful) = true;
  }
  const std::string doubt = comparer.doubt;
  if (judgement.answer == Answer::affected) return held;
  // NVD lists beside a range what that does not hold, in a spelling of its own: "9.3-p1".
  const bool is_nvd = affected.ecosystem == "CPE";
  if (listed(affected, comparer, judged && !doubtful && !is_nvd)) {
    judgement.answer = Answer::affected;
    judgement.range = "= " + std::string(version);
    judgement.comparison = std::string(version) + " = " + std::string(version);
  } else if (doubtful) {
    judgement.answer = Answer::undetermined;
    judgement.doubt = doubt;
  }
  return held;
}

}  // namespace

Judgement evaluate(const Affected& affected, std::string_view version, const Order& order) {
  Held held = evaluated(affected, version, order);
  // What is fixed in one interval may be held by another. Each step goes as far up as what holds the version reaches.
  const Order bounds{.scheme = order.scheme};
  std::string_view fix = held.reach();
  for (int step = 0; step < kMostSteps && !fix.empty(); ++step) {
    const Held fixed = evaluated(affected, fix, bounds);
    if (fixed.judgement.answer != Answer::affected) break;
    fix = fixed.reach();
  }
  held.judgement.fixed_in = fix;
  return std::move(held.judgement);
}

std::string fix_reached(const Affected& affected, std::string_view version, const Order& order) {
  Comparer comparer{.installed = version, .order = order, .doubt = {}};
  std::string latest;
  for (const Range& range : affected.ranges) {
    if (range.type == "GIT") continue;
    for (const Event& event : range.events) {
      if (event.kind != Kind::fixed || is_bottom(event) || !comparer.can_order(event.version)) continue;
      if (*comparer.against(event.version) == std::strong_ordering::less) continue;
      if (latest.empty() || order.scheme->compare(event.version, latest) == std::strong_ordering::greater)
        latest = event.version;
    }
  }
  return latest;
}

std::string described(const Affected& affected, const Order& order) {
  std::string out;
  const auto add = [&](const std::string& one) { out += (out.empty() ? "" : " or ") + one; };
  Comparer comparer{.installed = "0", .order = order, .doubt = {}};
  for (const Range& range : affected.ranges) {
    const auto events = range.type == "GIT" ? std::nullopt : sorted(range, comparer);
    if (!events) continue;
    for (const Interval& interval : intervals(*events, *comparer.order.scheme))
      add(text(interval) + limits_text(range));
  }
  constexpr std::size_t kShown = 8;
  for (std::size_t i = 0; i < std::min(kShown, affected.versions.size()) && affected.ranges.empty(); ++i)
    add("= " + affected.versions[i]);
  return out;
}

}  // namespace peekr
