// SPDX-License-Identifier: Apache-2.0
// The equations are those of the specification documents: v2.0 section 3.2.1, v3.0 section 8.1, v3.1
// section 7.1 and appendix A (rounding), v4.0 section 8.2 and its table of MacroVectors.
#include "model/cvss.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::size_t kLongestVector = 512;  // all metrics of v4.0 together take fewer

// What one value of one metric weighs.
struct Weight {
  std::string_view metric;
  char value;
  double weight;
};

constexpr char kMissing = 0, kBroken = '?';

// The metrics of one vector and their value letters, read once.
class Metrics {
 public:
  explicit Metrics(std::string_view vector) {
    while (!vector.empty()) {
      const auto [part, rest] = cut(vector, '/');
      const auto [key, value] = cut(part, ':');
      if (count_ == all_.size()) {
        count_ = 0;  // more than there are: no vector
        return;
      }
      all_[count_++] = {key, value.size() == 1 ? value.front() : kBroken};
      vector = rest;
    }
  }
  // Broken when it has several letters or stands there twice.
  [[nodiscard]] char letter(std::string_view key) const {
    char found = kMissing;
    for (std::size_t i = 0; i < count_; ++i) {
      if (!all_[i].key.starts_with(key.front()) || all_[i].key != key) continue;
      if (found != kMissing) return kBroken;
      found = all_[i].value;
    }
    return found;
  }

 private:
  struct Metric {
    std::string_view key;
    char value = kMissing;
  };
  std::array<Metric, 64> all_;
  std::size_t count_ = 0;
};

// Looks up weights of one vector; remembers whether all were there.
class Weights {
 public:
  Weights(std::string_view vector, std::span<const Weight> table) : metrics_(vector), table_(table) {}

  // `as`: the metric whose weights count, where several share them.
  double of(std::string_view metric, std::string_view as) {
    const char value = metrics_.letter(metric);
    for (const Weight& row : table_) {
      if (row.value == value && row.metric == as) return row.weight;
    }
    ok_ = false;
    return 0;
  }
  double of(std::string_view metric) { return of(metric, metric); }
  // `otherwise` where the metric is missing or "not defined".
  double defined(std::string_view metric, std::string_view as, double otherwise) {
    const char value = metrics_.letter(metric);
    return value == kMissing || value == 'X' ? otherwise : of(metric, as);
  }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  Metrics metrics_;
  std::span<const Weight> table_;
  bool ok_ = true;
};

std::optional<double> base_v2(std::string_view vector) {
  constexpr std::array kTable = {
      Weight{"AV", 'L', 0.395}, Weight{"AV", 'A', 0.646}, Weight{"AV", 'N', 1.0},    Weight{"AC", 'H', 0.35},
      Weight{"AC", 'M', 0.61},  Weight{"AC", 'L', 0.71},  Weight{"Au", 'M', 0.45},   Weight{"Au", 'S', 0.56},
      Weight{"Au", 'N', 0.704}, Weight{"CIA", 'N', 0.0},  Weight{"CIA", 'P', 0.275}, Weight{"CIA", 'C', 0.66},
  };
  Weights weights(vector, kTable);
  const double left =
      (1 - weights.of("C", "CIA")) * (1 - weights.of("I", "CIA")) * (1 - weights.of("A", "CIA"));
  const double impact = 10.41 * (1 - left);
  const double exploitability = 20 * weights.of("AV") * weights.of("AC") * weights.of("Au");
  if (!weights.ok()) return std::nullopt;
  if (left == 1.0) return 0.0;
  return std::round((0.6 * impact + 0.4 * exploitability - 1.5) * 1.176 * 10) / 10;
}

// The smallest number with one decimal that is not less. v3.1 defines it on integers, free of floating point
// dust.
double round_up(double value, std::string_view version) {
  if (version == "3.0") return std::ceil(value * 10) / 10;
  const auto units = static_cast<std::int64_t>(std::llround(value * 100000));
  if (units % 10000 == 0) return static_cast<double>(units) / 100000;
  return static_cast<double>(units / 10000 + 1) / 10;
}

std::optional<double> base_v3(std::string_view vector, std::string_view version) {
  constexpr std::array kTable = {
      Weight{"AV", 'N', 0.85},   Weight{"AV", 'A', 0.62},   Weight{"AV", 'L', 0.55},
      Weight{"AV", 'P', 0.2},    Weight{"AC", 'L', 0.77},   Weight{"AC", 'H', 0.44},
      Weight{"UI", 'N', 0.85},   Weight{"UI", 'R', 0.62},   Weight{"S", 'U', 0},
      Weight{"S", 'C', 1},       Weight{"CIA", 'H', 0.56},  Weight{"CIA", 'L', 0.22},
      Weight{"CIA", 'N', 0},     Weight{"PR-U", 'N', 0.85}, Weight{"PR-U", 'L', 0.62},
      Weight{"PR-U", 'H', 0.27}, Weight{"PR-C", 'N', 0.85}, Weight{"PR-C", 'L', 0.68},
      Weight{"PR-C", 'H', 0.5},
  };
  Weights weights(vector, kTable);
  const bool changed = weights.of("S") > 0;
  const double iss =
      1 - (1 - weights.of("C", "CIA")) * (1 - weights.of("I", "CIA")) * (1 - weights.of("A", "CIA"));
  const double impact = changed ? 7.52 * (iss - 0.029) - 3.25 * std::pow(iss - 0.02, 15) : 6.42 * iss;
  const double exploitability = 8.22 * weights.of("AV") * weights.of("AC") *
                                weights.of("PR", changed ? "PR-C" : "PR-U") * weights.of("UI");
  if (!weights.ok()) return std::nullopt;
  if (impact <= 0) return 0.0;
  return round_up(std::min((changed ? 1.08 : 1.0) * (impact + exploitability), 10.0), version);
}

// Scores of the MacroVectors in tenths: [EQ1 and EQ2][EQ3 and EQ6: 00, 01, 10, 11, 21][EQ4 and EQ5: 00, 01,
// ..., 22]. From cvss_lookup of the specification.
using Row = std::array<std::array<std::uint8_t, 9>, 5>;
constexpr std::array<Row, 6> kMacroVectors = {{
    {{{100, 98, 95, 100, 93, 91, 93, 89, 81},
      {99, 95, 92, 96, 87, 81, 90, 80, 68},
      {98, 95, 90, 93, 89, 81, 88, 78, 69},
      {95, 92, 84, 92, 81, 65, 80, 70, 48},
      {92, 82, 72, 79, 69, 50, 69, 55, 27}}},
    {{{99, 95, 92, 95, 90, 84, 92, 82, 72},
      {97, 92, 85, 91, 83, 71, 81, 71, 53},
      {95, 92, 85, 92, 80, 70, 84, 71, 50},
      {93, 85, 73, 82, 72, 59, 70, 52, 30},
      {86, 75, 52, 71, 52, 29, 63, 29, 17}}},
    {{{98, 94, 91, 94, 86, 77, 87, 74, 63},
      {95, 87, 81, 89, 74, 64, 75, 63, 49},
      {94, 88, 76, 86, 74, 59, 72, 57, 52},
      {89, 77, 67, 76, 58, 50, 57, 52, 25},
      {83, 70, 54, 65, 58, 26, 53, 21, 13}}},
    {{{95, 88, 76, 90, 75, 61, 77, 68, 52},
      {90, 76, 70, 77, 62, 53, 66, 59, 30},
      {89, 76, 62, 74, 57, 47, 61, 57, 24},
      {78, 67, 58, 59, 57, 23, 52, 29, 16},
      {71, 59, 30, 58, 26, 15, 23, 13, 6}}},
    {{{93, 86, 75, 86, 74, 56, 70, 52, 40},
      {87, 72, 58, 74, 61, 34, 54, 40, 22},
      {85, 74, 62, 72, 55, 46, 53, 34, 19},
      {75, 55, 51, 57, 41, 19, 36, 19, 8},
      {64, 51, 20, 47, 21, 11, 24, 9, 4}}},
    {{{88, 73, 60, 73, 59, 41, 54, 45, 20},
      {75, 53, 50, 55, 40, 20, 43, 22, 11},
      {75, 58, 40, 61, 48, 20, 46, 17, 8},
      {55, 45, 21, 51, 18, 9, 18, 7, 2},
      {53, 24, 14, 24, 12, 5, 10, 3, 1}}},
}};

// The effective values of a v4.0 vector, in steps from the highest: what an environmental metric says in place
// of a base metric counts.
struct Steps4 {
  double av, ac, at, pr, ui;  // exploitability
  double vc, vi, va;          // impact on the vulnerable system
  double sc, si, sa;          // impact on others; -1: on safety
  double e;                   // exploit maturity
  double cr, ir, ar;          // requirements
};

std::optional<Steps4> steps_of(std::string_view vector) {
  constexpr std::array kSteps = {
      Weight{"AV", 'N', 0},   Weight{"AV", 'A', 1},    Weight{"AV", 'L', 2},   Weight{"AV", 'P', 3},
      Weight{"AC", 'L', 0},   Weight{"AC", 'H', 1},    Weight{"AT", 'N', 0},   Weight{"AT", 'P', 1},
      Weight{"PR", 'N', 0},   Weight{"PR", 'L', 1},    Weight{"PR", 'H', 2},   Weight{"UI", 'N', 0},
      Weight{"UI", 'P', 1},   Weight{"UI", 'A', 2},    Weight{"CIA", 'H', 0},  Weight{"CIA", 'L', 1},
      Weight{"CIA", 'N', 2},  Weight{"SAFE", 'S', -1}, Weight{"SAFE", 'H', 0}, Weight{"SAFE", 'L', 1},
      Weight{"SAFE", 'N', 2}, Weight{"E", 'A', 0},     Weight{"E", 'P', 1},    Weight{"E", 'U', 2},
      Weight{"R", 'H', 0},    Weight{"R", 'M', 1},     Weight{"R", 'L', 2},
  };
  Weights steps(vector, kSteps);
  const auto effective = [&](std::string_view metric, std::string_view as, std::string_view modified_as) {
    const double base = steps.of(metric, as);
    return steps.defined("M" + std::string(metric), modified_as, base);
  };
  const auto plain = [&](std::string_view metric) { return effective(metric, metric, metric); };
  const auto impact = [&](std::string_view metric) { return effective(metric, "CIA", "CIA"); };
  const Steps4 found = {.av = plain("AV"),
                        .ac = plain("AC"),
                        .at = plain("AT"),
                        .pr = plain("PR"),
                        .ui = plain("UI"),
                        .vc = impact("VC"),
                        .vi = impact("VI"),
                        .va = impact("VA"),
                        .sc = impact("SC"),
                        .si = effective("SI", "CIA", "SAFE"),
                        .sa = effective("SA", "CIA", "SAFE"),
                        .e = steps.defined("E", "E", 0),
                        .cr = steps.defined("CR", "R", 0),
                        .ir = steps.defined("IR", "R", 0),
                        .ar = steps.defined("AR", "R", 0)};
  return steps.ok() ? std::optional(found) : std::nullopt;
}

// A MacroVector: the levels of its parts.
struct Macro {
  std::size_t eq1, eq2, eq36, eq4, eq5;  // eq36: index into the table

  [[nodiscard]] double score() const { return kMacroVectors[eq1 * 2 + eq2][eq36][eq4 * 3 + eq5] / 10.0; }
};

Macro macro_of(const Steps4& at) {
  const bool some_none = at.av == 0 || at.pr == 0 || at.ui == 0;
  const std::size_t eq1 = at.av + at.pr + at.ui == 0 ? 0 : some_none && at.av != 3 ? 1 : 2;
  const bool both = at.vc == 0 && at.vi == 0, any = at.vc == 0 || at.vi == 0 || at.va == 0;
  const std::size_t eq3 = both ? 0 : any ? 1 : 2;
  const bool asked = (at.cr == 0 && at.vc == 0) || (at.ir == 0 && at.vi == 0) || (at.ar == 0 && at.va == 0);
  return {.eq1 = eq1,
          .eq2 = at.ac + at.at == 0 ? 0u : 1u,
          .eq36 = eq3 == 2 ? 4 : eq3 * 2 + (asked ? 0 : 1),
          .eq4 = at.si < 0 || at.sa < 0                   ? 0u
                 : at.sc == 0 || at.si == 0 || at.sa == 0 ? 1u
                                                          : 2u,
          .eq5 = static_cast<std::size_t>(at.e)};
}

// How far a vector is below the highest ones of its level in one part, of how much. Within a level all highest
// vectors have the same sum of steps (top), so the distance is a difference of sums.
struct Distance {
  double steps, top, depth;
  double lower;  // score of the next lower MacroVector; negative: there is none
};

double interpolate(double score, std::span<const Distance> distances) {
  double sum = 0;
  int lower_ones = 0;
  for (const Distance& one : distances) {
    if (one.lower < 0) continue;
    ++lower_ones;
    sum += (score - one.lower) * (one.steps - one.top) / one.depth;
  }
  const double mean = lower_ones == 0 ? 0 : sum / lower_ones;
  return std::round((std::clamp(score - mean, 0.0, 10.0) + 1e-6) * 10) / 10;
}

std::optional<double> score_v4(std::string_view vector) {
  const std::optional<Steps4> found = steps_of(vector);
  if (!found) return std::nullopt;
  const Steps4& at = *found;
  if (at.vc + at.vi + at.va + at.sc + at.si + at.sa == 12) return 0.0;
  const Macro macro = macro_of(at);
  const auto lower = [&](std::size_t Macro::* part, std::size_t last) {
    Macro next = macro;
    return next.*part == last ? -1 : (++(next.*part), next.score());
  };
  const auto lower36 = [&](std::size_t to) {
    Macro next = macro;
    next.eq36 = to;
    return next.score();
  };
  constexpr std::array<double, 3> kTop1 = {0, 1, 3}, kDepth1 = {1, 4, 5}, kTop4 = {-2, 0, 3},
                                  kDepth4 = {6, 5, 4};
  constexpr std::array<double, 5> kTop36 = {0, 3, 1, 3, 3}, kDepth36 = {7, 6, 8, 8, 10};
  const std::array<double, 5> next36 = {std::max(lower36(1), lower36(2)), lower36(3), lower36(3), lower36(4),
                                        -1};
  const std::array distances = {
      Distance{at.av + at.pr + at.ui, kTop1[macro.eq1], kDepth1[macro.eq1], lower(&Macro::eq1, 2)},
      Distance{at.ac + at.at, macro.eq2 == 0 ? 0.0 : 1.0, macro.eq2 == 0 ? 1.0 : 2.0, lower(&Macro::eq2, 1)},
      Distance{at.vc + at.vi + at.va + at.cr + at.ir + at.ar, kTop36[macro.eq36], kDepth36[macro.eq36],
               next36[macro.eq36]},
      Distance{at.sc + at.si + at.sa, kTop4[macro.eq4], kDepth4[macro.eq4], lower(&Macro::eq4, 2)},
      Distance{0, 0, 1, lower(&Macro::eq5, 2)},  // one value a level: no distance, yet it counts for the mean
  };
  return interpolate(macro.score(), distances);
}

// "CVSS:3.1/AV:N/..." -> {"3.1", "AV:N/..."}; v2 vectors stand bare, in parentheses or behind "CVSS:2.0/".
Pair version_and_metrics(std::string_view vector) {
  if (vector.starts_with('(') && vector.ends_with(')')) vector = vector.substr(1, vector.size() - 2);
  if (!vector.starts_with("CVSS:")) return {"2.0", vector};
  return cut(vector.substr(5), '/');
}

}  // namespace

std::optional<double> cvss_score(std::string_view vector) {
  if (vector.size() > kLongestVector) return std::nullopt;
  const auto [version, metrics] = version_and_metrics(vector);
  if (version == "2.0") return base_v2(metrics);
  if (version == "3.0" || version == "3.1") return base_v3(metrics, version);
  if (version == "4.0") return score_v4(metrics);
  return std::nullopt;
}

Severity severity_of_score(double score, std::string_view vector) {
  if (version_and_metrics(vector).first == "2.0") {
    return score >= 7.0 ? Severity::high : score >= 4.0 ? Severity::medium : Severity::low;
  }
  if (score >= 9.0) return Severity::critical;
  if (score >= 7.0) return Severity::high;
  if (score >= 4.0) return Severity::medium;
  return score > 0 ? Severity::low : Severity::negligible;
}

}  // namespace peekr
