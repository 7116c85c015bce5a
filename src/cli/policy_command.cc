// SPDX-License-Identifier: Apache-2.0
// peekr policy check and explain: whether a policy file can be used; what it says, and what a saved report's findings are to it.
#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/policy.h"
#include "cli/saved_file.h"
#include "cli/terminal.h"
#include "model/order.h"
#include "report/columns.h"

namespace peekr {
namespace {

// Lines of text, wrapped.
struct Page {
  std::size_t width = 0;
  std::string text = {};

  void line(std::size_t indent, const std::string& words) {
    const std::string head(indent, ' ');
    text += wrapped(one_line(words), {.width = width, .indent = indent + 2, .head = head});
  }
};

// The policy that the file alone makes, with the files that it names: whose errors name the key.
Result<Policy> policy_of(const Options& options, const PolicyFile& file) {
  Policy policy;
  add_rules(file, policy);
  for (const PolicyFile::Given& given : file.given) {
    const std::string where = given.where + ": " + std::string(given.row->name);
    policy.files = {.ignore = {"none"}};
    TRY(within(where, given.row->set(given.values, policy)));
    TRY(within(where, load_policy(options, policy)));
  }
  policy.files = {.ignore = {"none"}};
  TRY(load_policy(options, policy));  // the day, where no file is named
  return policy;
}

std::string until(const std::string& day, const Policy& policy) {
  if (day.empty()) return {};
  return (has_expired(day, policy.today) ? "; has expired on " : "; until ") + day;
}

std::string words_of(const Demand& demand) {
  const auto key = std::ranges::find(exception_keys(), demand.what, &ExceptionKey::what);
  if (key == exception_keys().end()) return "a pattern";  // of another scanner's file
  return std::string(key->name) + " " + join(demand.values, " or ");
}

std::string words_of(const Exception& rule) {
  std::vector<std::string> demands;
  for (const Demand& demand : rule.demands) demands.push_back(words_of(demand));
  return join(demands, ", ");
}

void say_settings(const PolicyFile& file, Page& page) {
  for (const PolicyFile::Given& given : file.given) {
    page.line(0, std::string(given.row->name) + ": " + join(given.values, ", "));
    page.line(4, std::string(given.row->about));
  }
}

void say_gate(const Gate& gate, const Policy& policy, Page& page) {
  page.line(0, "gate " + gate.name + ": " + gate.reason + until(gate.until, policy));
  page.line(4, "exit code " + std::to_string(policy.exit_code.value_or(2)) +
                   " for a finding for which this holds: " + gate.when.text());
}

void say_exception(const Exception& rule, const Policy& policy, Page& page) {
  page.line(0, "exception " + rule.where + ": " + (rule.reason.empty() ? "without a reason" : rule.reason) +
                   (rule.owner.empty() ? "" : " (owner: " + rule.owner + ")") + until(rule.expires, policy));
  page.line(4, "takes out: " + words_of(rule));
}

void say_findings(const Report& report, const std::vector<const Finding*>& findings, Page& page) {
  for (const Finding* one : findings) {
    const Package& package = report.inventory.packages[one->package];
    page.line(6, one->id + " of " + package.name + " " + full_version(package) + ", " +
                     std::string(name(one->severity)));
  }
}

std::vector<const Finding*> at_gate(const Report& report, const std::vector<std::size_t>& hits) {
  std::vector<const Finding*> findings;
  for (const std::size_t i : hits) findings.push_back(&report.findings.list[i]);
  return findings;
}

// By the index of the rule: several may stand on one line, and have the same words.
std::vector<std::vector<const Finding*>> taken_out(const Report& report, const Policy& policy) {
  std::vector<std::vector<const Finding*>> all(policy.exceptions.rules.size());
  for (const Suppressed& one : report.findings.suppressed) {
    if (one.rule != Suppressed::Rule::exception) continue;
    const Taken taken = exception_for(one.finding, report, policy.exceptions.rules, policy.today);
    if (taken.by) all[*taken.by].push_back(&one.finding);
  }
  return all;
}

void say_hits(const Report& report, const std::vector<const Finding*>& findings, std::string_view what,
              Page& page) {
  if (findings.empty()) return page.line(4, std::string(what) + " no finding");
  page.line(4, std::string(what) + " " + counted(findings.size(), "finding"));
  say_findings(report, findings, page);
}

// As it was before rules of the user's took something out of it.
void put_back(Report& report) {
  const auto users = [](const Suppressed& one) { return one.rule >= Suppressed::Rule::filter; };
  std::vector<Suppressed>& out = report.findings.suppressed;
  for (Suppressed& one : out) {
    if (users(one)) report.findings.list.push_back(std::move(one.finding));
  }
  std::erase_if(out, users);
  std::ranges::stable_sort(report.findings.list, [&](const Finding& a, const Finding& b) {
    return finding_before(report.inventory.packages, a, b);
  });
}

Result<Report> report_of(const std::string& path, const Policy& policy) {
  Saved saved = TRY(read_saved_file(path));
  if (saved.index)
    return fail(Errc::usage, printable(path) +
                                 ": is of several platforms (peekr convert --platform OS/ARCH "
                                 "-f json takes one out of it)");
  if (saved.extent != Extent::findings)
    return fail(Errc::usage, printable(path) + ": is an inventory, which has no findings");
  Report report = std::move(saved.report);
  put_back(report);
  std::vector<std::string> remarks = sift(report, policy);
  report.verdict = judge(report, policy);
  std::ranges::move(remarks, std::back_inserter(report.verdict.remarks));
  return report;
}

void say_rules(const Policy& policy, const Report* report, Page& page) {
  const GateHits hits = report == nullptr ? GateHits{} : gate_hits(*report, policy);
  if (report != nullptr && policy.fail_on) {
    page.line(0, "--fail-on " + policy.fail_on->text());
    say_hits(*report, at_gate(*report, hits.findings), "is hit by", page);
  }
  for (std::size_t i = 0; i < policy.gates.size(); ++i) {
    say_gate(policy.gates[i], policy, page);
    if (report != nullptr) say_hits(*report, at_gate(*report, hits.gates[i]), "is hit by", page);
  }
  const std::vector<Exception>& rules = policy.exceptions.rules;
  const auto taken =
      report == nullptr ? std::vector<std::vector<const Finding*>>() : taken_out(*report, policy);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    say_exception(rules[i], policy, page);
    if (report != nullptr) say_hits(*report, taken[i], "takes out", page);
  }
}

// What of the files is not used.
void say_remarks(const Policy& policy, Page& page) {
  for (const std::string& remark : policy.exceptions.remarks) page.line(2, remark);
  for (const Vex& one : policy.vex) {
    for (const std::string& remark : one.remarks) page.line(2, remark);
  }
}

void say_verdict(const Report& report, Page& page) {
  page.line(0, "of " + report.image.name + ": " + counted(report.findings.list.size(), "finding") +
                   " left, exit code " + std::to_string(report.verdict.exit_code));
  for (const std::string& reason : report.verdict.reasons) page.line(2, reason);
  for (const std::string& remark : report.verdict.remarks) page.line(2, remark);
}

}  // namespace

Result<int> policy_check_command(const Options& options) {
  const PolicyFile file = TRY(read_policy_file(options.file));
  const Policy policy = TRY(policy_of(options, file));
  Page page{.width = style_of(options).width};
  page.line(0, options.file + ": " + counted(file.given.size(), "setting") + ", " +
                   counted(file.gates.size(), "gate") + ", " +
                   counted(policy.exceptions.rules.size(), "exception"));
  for (const Gate& gate : policy.gates) {
    if (has_expired(gate.until, policy.today))
      page.line(2, gate.where + ": gate " + gate.name + until(gate.until, policy));
  }
  for (const Exception& rule : policy.exceptions.rules) {
    if (has_expired(rule.expires, policy.today))
      page.line(2, rule.where + ": exception " + rule.about + until(rule.expires, policy));
  }
  say_remarks(policy, page);
  TRY(write_output(options, page.text));
  return 0;
}

Result<int> policy_explain_command(const Options& options) {
  const PolicyFile file = TRY(read_policy_file(options.file));
  const Policy policy = TRY(policy_of(options, file));
  Page page{.width = style_of(options).width};
  say_settings(file, page);
  if (options.report.empty()) {
    say_rules(policy, nullptr, page);
    say_remarks(policy, page);
  } else {
    const Report report = TRY(report_of(options.report, policy));
    say_rules(policy, &report, page);
    say_verdict(report, page);
  }
  TRY(write_output(options, page.text));
  return 0;
}

}  // namespace peekr
