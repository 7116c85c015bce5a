// SPDX-License-Identifier: Apache-2.0
#include "report/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/table.h"

namespace peekr {
namespace {

using table::Page;

bool is_about(const Finding& finding, const std::string& id) {
  return finding.id == id || std::ranges::find(finding.names, id) != finding.names.end();
}

std::string label(const Report& report, std::size_t index) {
  const Package& package = report.inventory.packages[index];
  const std::string& source = package.source;
  return one_line(fmt::format("{} {} {}{}", package.type, package.name, full_version(package),
                              source.empty() || source == package.name ? "" : ", built from " + source));
}

void print_finding(const Page& page, const Finding& finding) {
  const std::string by = finding.confidence_by.empty() ? "" : ": " + one_line(finding.confidence_by);
  page.line(fmt::format("  severity {}: {}", name(finding.severity), one_line(finding.severity_source)), 4);
  page.line(fmt::format("  confidence {}{}", name(finding.confidence), by), 4);
  page.line("  fixed in " + (finding.fixed_in.empty() ? "no version" : one_line(finding.fixed_in)), 4);
  for (const ExtendedFix& fix : finding.extended_fixes) {
    page.line(fmt::format("  fixed in {} for those who have {} ({})", one_line(fix.version), fix.needs,
                          one_line(fix.advisory)),
              4);
  }
  if (!finding.decided_by.empty()) page.line("  decided by: " + finding.decided_by, 4);
}

void print_account(const Page& page, const Account& account) {
  const std::string where = account.ecosystem.empty() ? "" : " on " + one_line(account.ecosystem);
  page.line(fmt::format("    {} of {}{}: {}", one_line(account.advisory), one_line(account.publisher), where,
                        one_line(account.says)),
            8);
}

// Nothing: the package is not concerned.
void print_package(const Page& page, std::size_t index) {
  const Report& report = page.report;
  const auto about = [&](const Finding& one) {
    return one.package == index && is_about(one, report.explained);
  };
  const auto found = std::ranges::find_if(report.findings.list, about);
  const auto kept = std::ranges::find_if(report.findings.suppressed, about, &Suppressed::finding);
  const bool told = std::ranges::find(report.accounts, index, &Account::package) != report.accounts.end();
  if (!told && found == report.findings.list.end() && kept == report.findings.suppressed.end()) return;
  page.out += "\n";
  page.line_in(table::kBold, label(report, index));
  page.line("  /" + one_line(report.inventory.packages[index].path.str()), 4);
  if (found != report.findings.list.end()) {
    page.line("  it has " + one_line(found->id), 4);
    print_finding(page, *found);
  } else if (kept != report.findings.suppressed.end()) {
    page.line(fmt::format("  {} is suppressed ({}): {}", one_line(kept->finding.id), name(kept->rule),
                          one_line(kept->reason)),
              4);
  } else {
    page.line("  not found: no record that judges this package finds the installed version affected", 4);
  }
  for (const Account& one : report.accounts) {
    if (one.package == index) print_account(page, one);
  }
}

}  // namespace

void write_explanation(const Report& report, const Style& style, std::string& out) {
  const Page page{report, style, out};
  const std::string id = one_line(report.explained);
  if (report.records == 0) return page.line(id + ": the database has no record of it");
  page.line(fmt::format("{}: {} in the database", id, counted(report.records, "record")));
  const std::size_t before = out.size();
  for (std::size_t i = 0; i < report.inventory.packages.size(); ++i) print_package(page, i);
  if (out.size() == before) page.line("None is about a package of this image.");
}

}  // namespace peekr
