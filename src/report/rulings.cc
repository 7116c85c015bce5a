// SPDX-License-Identifier: Apache-2.0
#include "report/rulings.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "base/text.h"
#include "report/columns.h"
#include "report/finding_groups.h"

namespace peekr {
namespace {

template <class Text>
std::string each_once(const Ruling& one, const Inventory& inventory, const Text& text) {
  std::vector<std::string> texts;
  for (const std::size_t package : one.packages) texts.push_back(text(inventory.packages[package]));
  sort_unique(texts);
  return join(texts, ", ");
}

// The labels of OpenVEX and CSAF, and what CycloneDX has for them; empty: nothing.
struct Label {
  std::string_view vex, cyclonedx;
};
constexpr Label kNoCode = {"vulnerable_code_not_present", "code_not_present"},
                kNoComponent = {"component_not_present", "code_not_present"};
// Of several for one label of the other the first is what it becomes.
constexpr Label kLabels[] = {kNoCode,
                             kNoComponent,
                             {"vulnerable_code_not_in_execute_path", "code_not_reachable"},
                             {"vulnerable_code_cannot_be_controlled_by_adversary", ""},
                             {"inline_mitigations_already_exist", "protected_by_mitigating_control"},
                             {"inline_mitigations_already_exist", "protected_by_compiler"},
                             {"inline_mitigations_already_exist", "protected_at_runtime"},
                             {"", "protected_at_perimeter"},
                             {"", "requires_configuration"},
                             {"", "requires_dependency"},
                             {"", "requires_environment"}};

// What the document says and the label does not stands in words.
Grounds grounds(const Suppressed& one, std::string_view Label::* format) {
  if (one.rule == Suppressed::Rule::host_kernel) return {.label = kNoCode.*format, .words = {}};
  if (one.rule == Suppressed::Rule::remnant) return {.label = kNoComponent.*format, .words = {}};
  const VexWords said = one.vex.value_or(VexWords{});
  const auto known = std::ranges::find_if(kLabels, [&](const Label& each) {
    return said.justification == each.vex || said.justification == each.cyclonedx;
  });
  Grounds out;
  if (!said.justification.empty() && known != std::end(kLabels)) out.label = (*known).*format;
  std::vector<std::string> words = {one_line(said.justification), one_line(said.impact)};
  if (out.label == said.justification) words.front().clear();
  std::erase(words, "");
  out.words = join(words, ": ");
  if (out.label.empty() && out.words.empty()) out.words = one_line(one.reason);
  return out;
}

}  // namespace

std::vector<Ruling> rulings_of(const Findings& findings) {
  using Key = std::tuple<std::string_view, std::string_view, Standing, std::string_view, std::string_view>;
  std::map<Key, Ruling> rulings;
  const auto add = [&](const Finding& one, const Suppressed* why) {
    const std::string_view reason = why == nullptr ? std::string_view() : why->reason;
    Ruling& ruling = rulings[Key{one.id, one.fixed_in, one.standing, one.severity_source, reason}];
    if (ruling.finding == nullptr) ruling = {.finding = &one, .suppressed = why};
    ruling.packages.push_back(one.package);
  };
  for (const Finding& one : findings.list) add(one, nullptr);
  for (const Suppressed& one : findings.suppressed) add(one.finding, &one);
  std::vector<Ruling> list;
  for (auto& [key, ruling] : rulings) list.push_back(std::move(ruling));
  return list;
}

std::vector<Ruling> worst_first(const Findings& findings) {
  std::vector<Ruling> list = rulings_of(findings);
  std::erase_if(list, [](const Ruling& one) { return one.suppressed != nullptr; });
  std::ranges::stable_sort(list, [](const Ruling& a, const Ruling& b) {
    const Finding &x = *a.finding, &y = *b.finding;
    return std::tuple(is_malware(x), x.severity) > std::tuple(is_malware(y), y.severity);
  });
  return list;
}

bool is_affected(const Ruling& one) {
  if (one.suppressed == nullptr) return true;
  const Suppressed::Rule rule = one.suppressed->rule;
  return rule == Suppressed::Rule::filter || rule == Suppressed::Rule::baseline ||
         rule == Suppressed::Rule::exception;
}

bool is_fixed(const Ruling& one) {
  return one.suppressed != nullptr && one.suppressed->vex && one.suppressed->vex->status == "fixed";
}

Grounds grounds_of(const Suppressed& one) { return grounds(one, &Label::vex); }

Grounds cyclonedx_grounds_of(const Suppressed& one) { return grounds(one, &Label::cyclonedx); }

std::string names_of(const Ruling& one, const Inventory& inventory) {
  return each_once(one, inventory, [](const Package& package) { return package.name; });
}

std::string versions_of(const Ruling& one, const Inventory& inventory) {
  return each_once(one, inventory, [](const Package& package) { return full_version(package); });
}

std::string_view grade_of(const Finding& finding) {
  return is_malware(finding) ? "malware" : name(finding.severity);
}

std::string_view exploited_text(const Finding& finding) {
  const Risk* kev = kev_of(finding.risks);
  if (kev == nullptr) return "";
  return kev->kev->ransomware ? ", known to be exploited by ransomware" : ", known to be exploited";
}

std::string answer_without_findings(const Report& report) {
  const std::string image = one_line(report.image.name);
  const std::size_t hidden = taken_out_by_user(report);
  const Assessment how = assessment(report);
  if (how != Assessment::none && hidden > 0) {
    return "nothing is left of " + counted(hidden, "finding") + " in " + image +
           " that rules of yours have taken out";
  }
  switch (how) {
    case Assessment::none: return image + " could not be judged: " + not_assessed(report).front();
    case Assessment::partial:
      return "no known vulnerabilities were found in what could be judged of " + image;
    case Assessment::full: break;
  }
  return "no known vulnerabilities were found in " + image;
}

}  // namespace peekr
