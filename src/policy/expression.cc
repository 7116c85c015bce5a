// SPDX-License-Identifier: Apache-2.0
// The fields, and the answer of an expression on one finding. What cannot be known of a finding (no EPSS score, no date)
// makes every comparison with it false.
#include "policy/expression.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/date.h"
#include "base/text.h"
#include "policy/glob.h"

namespace peekr {
namespace {

using Kind = FieldRow::Kind;
constexpr double kNoBound = 0;

constexpr std::array kFields = {
    FieldRow{Field::kev, "kev", Kind::flag, 1, "it is known to be exploited (CISA's KEV)"},
    FieldRow{Field::ransomware, "ransomware", Kind::flag, 1, "KEV says that ransomware uses it"},
    FieldRow{Field::fixable, "fixable", Kind::flag, 1, "there is a fix that the image's repositories have"},
    FieldRow{Field::exploit, "exploit", Kind::flag, 1, "an exploit is known: a reference, or SSVC says so"},
    FieldRow{Field::automatable, "automatable", Kind::flag, 1, "SSVC says that attacks can be automated"},
    FieldRow{Field::malware, "malware", Kind::flag, 1, "the package itself is the attack"},
    FieldRow{Field::declared, "declared", Kind::flag, 1, "a lock file asks for the package, no more"},
    FieldRow{Field::base, "base", Kind::flag, 1, "the package is in a layer of the base image"},
    FieldRow{Field::epss, "epss", Kind::number, 1, "EPSS score"},
    FieldRow{Field::percentile, "percentile", Kind::number, 1, "EPSS percentile"},
    FieldRow{Field::cvss, "cvss", Kind::number, 10, "CVSS score"},
    FieldRow{Field::risk, "risk", Kind::number, 100, "peekr's risk score (docs/risk.md)"},
    FieldRow{Field::age, "age", Kind::days, kNoBound, "since the vulnerability was published"},
    FieldRow{Field::fix_age, "fix_age", Kind::days, kNoBound,
             "since its fix was published; where nobody says when, since the vulnerability was"},
    FieldRow{Field::severity, "severity", Kind::severity, 5,
             "negligible, low, medium, high, critical, unknown"},
    FieldRow{Field::id, "id", Kind::text, 0, "any of the names of the vulnerability"},
    FieldRow{Field::package, "package", Kind::text, 0, "name of the package, or of its source"},
    FieldRow{Field::type, "type", Kind::text, 0, "deb, rpm, apk, npm, pypi, ..."},
    FieldRow{Field::version, "version", Kind::text, 0, "version of the package, as a text"},
    FieldRow{Field::purl, "purl", Kind::text, 0, "package URL"},
    FieldRow{Field::path, "path", Kind::text, 0, "the file that the package was read from"},
    FieldRow{Field::status, "status", Kind::word, 0,
             "fixed, affected, wont_fix, deferred, end_of_life or under_investigation"},
    FieldRow{Field::confidence, "confidence", Kind::word, 0,
             "confirmed, vendor_unfixed, potential or not_assessed"},
};

// Trivy's names beside ours. What its publisher says is not affected is no finding.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kStatuses = {{
    {"affected", "affected"},
    {"fixed", "fixed"},
    {"wont_fix", "wont_fix"},
    {"will_not_fix", "wont_fix"},
    {"deferred", "deferred"},
    {"fix_deferred", "deferred"},
    {"end_of_life", "end_of_life"},
    {"under_investigation", "under_investigation"},
    {"not_affected", "not_affected"},
}};

bool exploited(const Finding& finding) {
  const Risk* ssvc = ssvc_of(finding.risks);
  return !finding.exploits.empty() || kev_of(finding.risks) != nullptr ||
         (ssvc != nullptr && ssvc->ssvc->exploitation != Exploitation::none);
}

bool flag_of(Field field, const Facts& facts) {
  const Finding& finding = facts.finding;
  switch (field) {
    case Field::kev: return kev_of(finding.risks) != nullptr;
    case Field::ransomware:
      return std::ranges::any_of(finding.risks,
                                 [](const Risk& one) { return one.kev && one.kev->ransomware; });
    case Field::fixable: return !finding.fixed_in.empty();
    case Field::exploit: return exploited(finding);
    case Field::automatable:
      return std::ranges::any_of(finding.risks,
                                 [](const Risk& one) { return one.ssvc && one.ssvc->automatable; });
    case Field::malware: return finding.kind == Advisory::Kind::malware;
    case Field::declared: return facts.package.declared;
    case Field::base: return facts.base;
    default: return false;
  }
}

std::optional<double> days_since(std::string_view then, std::string_view today) {
  const std::optional<std::int64_t> days = days_between(then, today);
  return days ? std::optional(static_cast<double>(*days)) : std::nullopt;
}

std::optional<double> number_of(Field field, const Facts& facts) {
  const Finding& finding = facts.finding;
  const Risk* epss = epss_of(finding.risks);
  switch (field) {
    case Field::epss: return epss == nullptr ? std::nullopt : std::optional(epss->epss->score);
    case Field::percentile: return epss == nullptr ? std::nullopt : std::optional(epss->epss->percentile);
    case Field::cvss: return finding.cvss;
    case Field::risk: return finding.risk.total;
    case Field::age: return days_since(finding.published, facts.today);
    case Field::fix_age: return days_since(could_be_fixed_since(finding), facts.today);
    default: return flag_of(field, facts) ? 1 : 0;
  }
}

// All of them that the field may mean.
std::vector<std::string_view> texts_of(Field field, const Facts& facts) {
  const Finding& finding = facts.finding;
  switch (field) {
    case Field::id: {
      std::vector<std::string_view> names(finding.names.begin(), finding.names.end());
      names.emplace_back(finding.id);
      return names;
    }
    case Field::package:
      if (facts.package.source.empty()) return {facts.package.name};
      return {facts.package.name, facts.package.source};
    case Field::type: return {facts.package.type};
    case Field::version: return {facts.package.version};
    case Field::purl: return {facts.package.purl};
    case Field::path: return {std::string_view(facts.package.path.str())};
    case Field::status: return {status_of(finding)};
    case Field::confidence: return {name(finding.confidence)};
    default: return {};
  }
}

bool compared(double value, Expression::Compare compare, double bound) {
  using enum Expression::Compare;
  switch (compare) {
    case less: return value < bound;
    case at_most: return value <= bound;
    case equal: return value == bound;
    case unequal: return value != bound;
    case at_least: return value >= bound;
    case more: return value > bound;
    case like: return false;
  }
  return false;
}

// Ids and types are the same in any case.
bool is_caseless(Field field) { return field == Field::id || field == Field::type; }

// As it is compared: names of packages have several spellings.
std::string comparable(std::string_view text, Field field, const Package& package) {
  if (field == Field::package) return comparable_name(package.type, text);
  return is_caseless(field) ? lower(text) : std::string(text);
}

bool compared(const Expression::Test& test, const Facts& facts) {
  using enum Expression::Compare;
  const std::string want = comparable(test.text, test.field, facts.package);
  const auto same = [&](std::string_view value) {
    const std::string found = comparable(value, test.field, facts.package);
    return test.compare == like ? glob_matches(want, found) : want == found;
  };
  return std::ranges::any_of(texts_of(test.field, facts), same) != (test.compare == unequal);
}

bool answer(const Expression::Test& test, const Facts& facts) {
  const auto row = std::ranges::find(kFields, test.field, &FieldRow::field);
  if (row->kind == Kind::text || row->kind == Kind::word) return compared(test, facts);
  if (row->kind == Kind::severity) {
    using enum Expression::Compare;
    const bool exact = test.compare == equal || test.compare == unequal;
    const Severity severity = exact ? facts.finding.severity : at_gate(facts.finding.severity);
    return compared(static_cast<double>(severity), test.compare, test.number);
  }
  const std::optional<double> number = number_of(test.field, facts);
  return number && compared(*number, test.compare, test.number);
}

}  // namespace

std::span<const FieldRow> condition_fields() { return kFields; }

std::string_view could_be_fixed_since(const Finding& finding) {
  if (!finding.fix_published.empty() || finding.fixed_in.empty()) return finding.fix_published;
  return finding.published;
}

std::string_view status_of(const Finding& finding) {
  return finding.fixed_in.empty() ? name(finding.standing) : "fixed";
}

std::string_view status_called(std::string_view word) {
  const auto found = std::ranges::find(kStatuses, lower(word), &decltype(kStatuses)::value_type::first);
  return found == kStatuses.end() ? std::string_view() : found->second;
}

std::vector<std::string_view> words_of(Field field) {
  if (field == Field::status)
    return {"fixed", "affected", "wont_fix", "deferred", "end_of_life", "under_investigation"};
  return {name(Confidence::confirmed), name(Confidence::vendor_unfixed), name(Confidence::potential),
          name(Confidence::not_assessed)};
}

Severity at_gate(Severity severity) { return severity == Severity::unknown ? Severity::low : severity; }

std::optional<Severity> severity_called(std::string_view word) {
  constexpr std::array kAll = {Severity::unknown, Severity::negligible, Severity::low,
                               Severity::medium,  Severity::high,       Severity::critical};
  const auto found = std::ranges::find_if(kAll, [&](Severity one) { return name(one) == word; });
  return found == kAll.end() ? std::nullopt : std::optional(*found);
}

bool Expression::holds(const Facts& facts) const {
  std::vector<bool> stack;  // parse() has made sure that it suffices
  for (const Step& step : steps_) {
    if (step.kind == Step::Kind::test) {
      stack.push_back(answer(step.test, facts));
      continue;
    }
    const bool last = stack.back();
    if (step.kind == Step::Kind::negate) {
      stack.back() = !last;
      continue;
    }
    stack.pop_back();
    const bool first = stack.back();
    stack.back() = step.kind == Step::Kind::both ? first && last : first || last;
  }
  return stack.back();
}

bool Expression::asks_for(Field field) const {
  return std::ranges::any_of(
      steps_, [&](const Step& step) { return step.kind == Step::Kind::test && step.test.field == field; });
}

std::optional<Severity> Expression::sole_severity() const {
  if (steps_.size() != 1 || steps_[0].kind != Step::Kind::test) return std::nullopt;
  const Test& test = steps_[0].test;
  if (test.field != Field::severity || test.compare != Compare::at_least) return std::nullopt;
  return static_cast<Severity>(test.number);
}

}  // namespace peekr
