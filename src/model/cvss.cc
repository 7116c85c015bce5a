// SPDX-License-Identifier: Apache-2.0
// The equations are those of the specification documents: v2.0 section 3.2.1, v3.0 section 8.1, v3.1
// section 7.1 and appendix A (rounding), v4.0 section 8.2. Since only base scores are asked for, v4.0 needs a
// part of its lookup table: the exploit maturity is "attacked" (EQ5 is 0) and the requirements are high, so
// EQ3 decides EQ6; safety (EQ4 is 0) is a modified metric only.
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

// The value letter of a metric; 0 when it is missing, has several letters or stands there twice.
char letter(std::string_view vector, std::string_view metric) {
  char found = 0;
  for (const std::string_view part : split(vector, '/')) {
    const auto [key, value] = cut(part, ':');
    if (key != metric) continue;
    if (found != 0 || value.size() != 1) return 0;
    found = value.front();
  }
  return found;
}

// Looks up weights of one vector; remembers whether all were there.
class Weights {
 public:
  Weights(std::string_view vector, std::span<const Weight> table) : vector_(vector), table_(table) {}

  // `as`: the metric whose weights count, where several share them.
  double of(std::string_view metric, std::string_view as) {
    const char value = letter(vector_, metric);
    for (const Weight& row : table_) {
      if (row.metric == as && row.value == value) return row.weight;
    }
    ok_ = false;
    return 0;
  }
  double of(std::string_view metric) { return of(metric, metric); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::string_view vector_;
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
  const double factor = left == 1.0 ? 0.0 : 1.176;
  return std::round((0.6 * impact + 0.4 * exploitability - 1.5) * factor * 10) / 10;
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

// Scores of the MacroVectors that base metrics can reach, and of their next lower ones, in tenths:
// [EQ1 and EQ2][EQ3 and EQ6: 00, 01, 10, 11, 21][EQ4: 1, 2; EQ5: 0, 1]. From cvss_lookup of the
// specification.
using Row = std::array<std::array<std::uint8_t, 4>, 5>;
constexpr std::array<Row, 6> kMacroVectors = {{
    {{{100, 93, 93, 89}, {96, 87, 90, 80}, {93, 89, 88, 78}, {92, 81, 80, 70}, {79, 69, 69, 55}}},
    {{{95, 90, 92, 82}, {91, 83, 81, 71}, {92, 80, 84, 71}, {82, 72, 70, 52}, {71, 52, 63, 29}}},
    {{{94, 86, 87, 74}, {89, 74, 75, 63}, {86, 74, 72, 57}, {76, 58, 57, 52}, {65, 58, 53, 21}}},
    {{{90, 75, 77, 68}, {77, 62, 66, 59}, {74, 57, 61, 57}, {59, 57, 52, 29}, {58, 26, 23, 13}}},
    {{{86, 74, 70, 52}, {74, 61, 54, 40}, {72, 55, 53, 34}, {57, 41, 36, 19}, {47, 21, 24, 9}}},
    {{{73, 59, 54, 45}, {55, 40, 43, 22}, {61, 48, 46, 17}, {51, 18, 18, 7}, {24, 12, 10, 3}}},
}};

double macro_score(std::size_t eq1, std::size_t eq2, std::size_t eq36, std::size_t eq45) {
  return kMacroVectors[eq1 * 2 + eq2][eq36][eq45] / 10.0;
}

// How far below its highest vector a MacroVector part is, of how much. Severity steps from the highest value
// of each metric; within one level all highest vectors have the same sum of steps, so the distance is a
// difference of sums.
struct Distance {
  double steps, depth;
  double lower;  // score of the next lower MacroVector; negative: there is none
};

double interpolate(double score, std::span<const Distance> distances) {
  double sum = 0;
  int lower_ones = 0;
  for (const Distance& one : distances) {
    if (one.lower < 0) continue;
    ++lower_ones;
    sum += (score - one.lower) * one.steps / one.depth;
  }
  const double mean = lower_ones == 0 ? 0 : sum / lower_ones;
  return std::round((std::clamp(score - mean, 0.0, 10.0) + 1e-6) * 10) / 10;
}

std::optional<double> base_v4(std::string_view vector) {
  constexpr std::array kSteps = {
      Weight{"AV", 'N', 0},  Weight{"AV", 'A', 1}, Weight{"AV", 'L', 2},  Weight{"AV", 'P', 3},
      Weight{"AC", 'L', 0},  Weight{"AC", 'H', 1}, Weight{"AT", 'N', 0},  Weight{"AT", 'P', 1},
      Weight{"PR", 'N', 0},  Weight{"PR", 'L', 1}, Weight{"PR", 'H', 2},  Weight{"UI", 'N', 0},
      Weight{"UI", 'P', 1},  Weight{"UI", 'A', 2}, Weight{"CIA", 'H', 0}, Weight{"CIA", 'L', 1},
      Weight{"CIA", 'N', 2},
  };
  Weights steps(vector, kSteps);
  const double av = steps.of("AV"), pr = steps.of("PR"), ui = steps.of("UI"), ac = steps.of("AC"),
               at = steps.of("AT");
  const double vc = steps.of("VC", "CIA"), vi = steps.of("VI", "CIA"), va = steps.of("VA", "CIA");
  const double sc = steps.of("SC", "CIA"), si = steps.of("SI", "CIA"), sa = steps.of("SA", "CIA");
  if (!steps.ok()) return std::nullopt;
  if (vc + vi + va + sc + si + sa == 12) return 0.0;

  const bool some_none = av == 0 || pr == 0 || ui == 0;
  const std::size_t eq1 = av + pr + ui == 0 ? 0 : some_none && av != 3 ? 1 : 2;
  const std::size_t eq2 = ac + at == 0 ? 0 : 1;
  const std::size_t eq3 = vc == 0 && vi == 0 ? 0 : vc == 0 || vi == 0 || va == 0 ? 1 : 2;
  const std::size_t eq36 = eq3 * 2;                                // index of 00, 10, 21
  const std::size_t eq45 = sc == 0 || si == 0 || sa == 0 ? 0 : 2;  // index of EQ4 = 1, 2 with EQ5 = 0
  constexpr std::array<double, 3> kTop1 = {0, 1, 3},
                                  kDepth1 = {1, 4, 5};  // sum of steps in the highest vectors; depth
  constexpr std::array<double, 3> kTop3 = {0, 1, 3}, kDepth3 = {7, 8, 10};
  const auto score = [&](std::size_t d1, std::size_t d2, std::size_t d36, std::size_t d45) {
    return macro_score(eq1 + d1, eq2 + d2, eq36 + d36, eq45 + d45);
  };
  const double lower3 = eq3 == 0   ? std::max(score(0, 0, 1, 0), score(0, 0, 2, 0))
                        : eq3 == 1 ? score(0, 0, 1, 0)
                                   : -1;
  const std::array distances = {
      Distance{av + pr + ui - kTop1[eq1], kDepth1[eq1], eq1 < 2 ? score(1, 0, 0, 0) : -1},
      Distance{ac + at - (eq2 == 0 ? 0 : 1), eq2 == 0 ? 1.0 : 2.0, eq2 == 0 ? score(0, 1, 0, 0) : -1},
      Distance{vc + vi + va - kTop3[eq3], kDepth3[eq3], lower3},
      Distance{sc + si + sa - (eq45 == 0 ? 0 : 3), eq45 == 0 ? 5.0 : 4.0, eq45 == 0 ? score(0, 0, 0, 2) : -1},
      Distance{0, 1,
               score(0, 0, 0, 1)},  // EQ5: exploit maturity is always the highest, yet it counts for the mean
  };
  return interpolate(score(0, 0, 0, 0), distances);
}

// "CVSS:3.1/AV:N/..." -> {"3.1", "AV:N/..."}; v2 vectors stand bare, in parentheses or behind "CVSS:2.0/".
Pair version_and_metrics(std::string_view vector) {
  if (vector.starts_with('(') && vector.ends_with(')')) vector = vector.substr(1, vector.size() - 2);
  if (!vector.starts_with("CVSS:")) return {"2.0", vector};
  return cut(vector.substr(5), '/');
}

}  // namespace

std::optional<double> cvss_base(std::string_view vector) {
  if (vector.size() > kLongestVector) return std::nullopt;
  const auto [version, metrics] = version_and_metrics(vector);
  if (version == "2.0") return base_v2(metrics);
  if (version == "3.0" || version == "3.1") return base_v3(metrics, version);
  if (version == "4.0") return base_v4(metrics);
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
