// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/compare.h"
#include "report/finding_groups.h"
#include "report/table.h"

namespace peekr {
namespace {

using table::Page;
using Change = Comparison::Change;
using How = Comparison::How;

// As the comparison counts them: each vulnerability of a package once, in whatever copies; `gone`: those of the other side.
std::size_t findings_in(const Comparison& all, How gone) {
  return all.stayed + all.changes.size() -
         static_cast<std::size_t>(std::ranges::count(all.changes, gone, &Change::how));
}

std::string findings_text(const Report& report, std::size_t findings) {
  const std::string count = counted(findings, "finding");
  switch (assessment(report)) {
    case Assessment::none: return "not assessed";
    case Assessment::partial: return count + ", not all of it assessed";
    case Assessment::full: return count;
  }
  return "";
}

void print_report(const Page& page, std::string_view label, const Report& report, std::size_t findings) {
  std::string text = one_line(report.image.name);
  if (!report.image.digest.empty()) text += " " + report.image.digest.str();
  if (!report.created.empty()) text += fmt::format(", scanned {}", one_line(report.created));
  text += ": " + counted(report.inventory.packages.size(), "package");
  if (!report.db.path.empty()) text += ", " + findings_text(report, findings);
  page.line_in(table::kBold, fmt::format("{} {}", label, text));
}

void print_packages(const Page& page, const std::vector<Drift::Change>& all) {
  const auto many = [&](Drift::How how) { return std::ranges::count(all, how, &Drift::Change::how); };
  page.out += "\n";
  page.line_in(table::kBold, fmt::format("Packages: {} came, {} went, {} changed", many(Drift::How::added),
                                         many(Drift::How::removed), many(Drift::How::changed)));
  for (const Drift::Change& one : all) page.line("  " + table::line_of(one), 6);
}

Severity severity_of(const Change& one) {
  const Comparison::State& state = one.how == How::went ? one.before : one.after;
  return harm_of(*state.finding);
}

std::string_view mark_of(How how) { return how == How::came ? "+" : how == How::went ? "-" : "~"; }

void print_change(const Page& page, const Change& one) {
  const Comparison::State& state = one.how == How::went ? one.before : one.after;
  constexpr std::size_t kSeverity = 10;  // "negligible"
  std::string versions = join(state.versions, ", ");
  page.out += fmt::format(
      "  {} {}", mark_of(one.how),
      page.paint()(filled(name(severity_of(one)), kSeverity), table::colour_of(severity_of(one))));
  page.out +=
      fmt::format("  {}  {} {} {}", one_line(one.id), one.type, one_line(one.package), one_line(versions));
  const std::string& fix = state.finding->fixed_in;
  page.out += fix.empty() ? "" : ", fixed in " + one_line(fix);
  page.out += "\n";
  page.line(fmt::format("      {}: {}", name(one.cause), one_line(one.why)), 8);
}

void print_findings(const Page& page, const Comparison& all) {
  const auto many = [&](How how) { return std::ranges::count(all.changes, how, &Change::how); };
  page.out += "\n";
  if (!all.judged)
    return page.line("Findings: not compared: one of the two is an inventory, which nobody has judged");
  page.line_in(table::kBold, fmt::format("Findings: {} came, {} went, {} changed, {} stayed", many(How::came),
                                         many(How::went), many(How::changed), all.stayed));
  for (const Comparison::Cause cause :
       {Comparison::Cause::image, Comparison::Cause::advisories, Comparison::Cause::rules}) {
    const auto by = std::ranges::count(all.changes, cause, &Change::cause);
    constexpr std::array<std::string_view, 3> kWords = {"because the image has changed",
                                                        "because the same version is judged otherwise",
                                                        "because a rule takes them out on one side"};
    if (by > 0) page.line(fmt::format("  {} {}", by, kWords[static_cast<std::size_t>(cause)]));
  }
  if (!all.changes.empty()) page.out += "\n";
  for (const Change& one : all.changes) print_change(page, one);
}

}  // namespace

std::string compare_table(const Compared& all, const Style& style) {
  std::string out;
  const Page page{all.after, style, out};
  const Comparison& found = all.comparison;
  print_report(page, "A", all.before,
               found.judged ? findings_in(found, How::came) : vulnerabilities(all.before));
  print_report(page, "B", all.after,
               found.judged ? findings_in(found, How::went) : vulnerabilities(all.after));
  print_packages(page, all.comparison.drift.packages);
  print_findings(page, all.comparison);
  table::print_notes(page, all_notes(all.before), "In A");
  table::print_notes(page, all_notes(all.after), "In B");
  for (const std::string& reason : all.verdict.reasons) {
    out += "\n";
    page.line(fmt::format("Exit code {}: {}", all.verdict.exit_code, reason));
  }
  return out;
}

}  // namespace peekr
