// SPDX-License-Identifier: Apache-2.0
// Expression: a condition on one finding, as gates and policies have it: "kev || (epss >= 0.1 && fixable)". The language is
// in docs/policy.md: it has no loops, no functions and no recursion, so every expression ends, in a time that follows from
// its length. Reading and asking never fail but by parse().
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/report.h"

namespace peekr {

// One finding, and what stands around it.
struct Facts {
  const Finding& finding;
  const Package& package;
  bool base = false;       // its layer is known to be the base image's
  std::string_view today;  // "2026-11-23": what ages are measured against
};

// What can be asked about.
enum class Field : std::uint8_t {
  kev,
  ransomware,
  fixable,
  exploit,
  automatable,
  malware,
  declared,
  base,
  epss,
  percentile,
  cvss,
  risk,
  age,
  fix_age,
  severity,
  id,
  package,
  type,
  version,
  purl,
  path,
  status,
  confidence,
};
struct FieldRow {
  enum class Kind : std::uint8_t { flag, number, days, severity, word, text };  // word: of a closed list
  Field field;
  std::string_view name;
  Kind kind;
  double most;  // of numbers
  std::string_view about;
};
[[nodiscard]] std::span<const FieldRow> condition_fields();
// What a field that is a word may be.
[[nodiscard]] std::vector<std::string_view> words_of(Field field);

class Expression {
 public:
  // Errc::usage: "character 9: want a number between 0 and 1, found \"high\"".
  [[nodiscard]] static Result<Expression> parse(std::string_view text);

  [[nodiscard]] bool holds(const Facts& facts) const;
  [[nodiscard]] const std::string& text() const { return text_; }  // as it was written
  [[nodiscard]] bool asks_for(Field field) const;
  // "severity >= high" and nothing else: that severity.
  [[nodiscard]] std::optional<Severity> sole_severity() const;

  enum class Compare : std::uint8_t { less, at_most, equal, unequal, at_least, more, like };
  struct Test {
    Field field{};
    Compare compare{};
    double number = 0;  // also of flags (1) and severities
    std::string text;
  };
  // Postfix: a test pushes its answer, the others take one or two.
  struct Step {
    enum class Kind : std::uint8_t { test, negate, both, either };
    Kind kind{};
    Test test;
  };

 private:
  std::string text_;
  std::vector<Step> steps_;
};

// The day on which its fix was published; of a fix without one that of the vulnerability: no later than that is sure to spare nothing.
// Empty: there is no fix, or no day.
[[nodiscard]] std::string_view could_be_fixed_since(const Finding& finding);
// "fixed" where there is a fix, else the publisher's standing: "affected", "wont_fix", "deferred", ...
[[nodiscard]] std::string_view status_of(const Finding& finding);
// What a severity that nobody has said counts as: low. A gate for low (or all) findings does not let it through, one for the
// bad ones does not stop every image for the newest CVEs, which nobody has rated yet.
[[nodiscard]] Severity at_gate(Severity severity);
// "wont_fix", also by Trivy's "will_not_fix", in any case; empty: there is no such status.
[[nodiscard]] std::string_view status_called(std::string_view word);
// "high"; nothing: there is no such severity.
[[nodiscard]] std::optional<Severity> severity_called(std::string_view word);

}  // namespace peekr
