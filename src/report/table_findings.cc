// SPDX-License-Identifier: Apache-2.0
// The findings: a heading for each source package, a line for each of its vulnerabilities. Widths are those
// of the longest cell. Where that is too wide the installed version, which the heading says too, is left out;
// where it still is, fix and status go to a second line. Nothing is cut off.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/third_party.h"
#include "report/table.h"

namespace peekr::table {
namespace {

std::string installed_of(const FindingRow& row, const Report& report) {
  const Finding& finding = *row.finding;
  if (!finding.proofs.empty() && !finding.proofs.front().installed.empty())
    return one_line(finding.proofs.front().installed);
  return one_line(full_version(report.inventory.packages[finding.package]));
}

std::string names_of(const std::vector<std::size_t>& indices, const Report& report) {
  std::set<std::string> names;  // a package that is there for two processors is named once
  for (const std::size_t i : indices) names.insert(one_line(report.inventory.packages[i].name));
  return fmt::format("{}", fmt::join(names, ", "));
}

// Nothing about exploitation in the database: no column of zeros.
std::string risk_of(const Finding& finding) { return fmt::format("{:4.0f}", finding.risk.total); }

std::string kev_cell(const Finding& finding) {
  const Risk* kev = kev_of(finding.risks);
  return kev == nullptr ? "" : kev->kev->ransomware ? "KEV!" : "KEV";
}

// "97%", where it is high: more likely to be exploited than that share of all CVEs.
std::string epss_cell(const Finding& finding) {
  constexpr double kHigh = 0.9;
  const Risk* epss = epss_of(finding.risks);
  if (epss == nullptr || epss->epss->percentile < kHigh) return {};
  return fmt::format("{}%", static_cast<int>(epss->epss->percentile * 100));
}

constexpr std::size_t kSeverity = 10;  // "negligible"
constexpr std::size_t kStatus = 19;    // "end of life, no fix"
constexpr std::string_view kGap = "  ";

struct Widths {
  std::size_t id = columns("VULNERABILITY"), installed = columns("INSTALLED"), fixed = columns("FIXED IN");
  std::size_t risk = 0, kev = 0, epss = 0;  // 0: nothing to show
  bool two_lines = false;                   // installed and epss are 0 then, too
};

Widths measured(const Page& page, const std::vector<FindingGroup>& groups) {
  Widths widths;
  for (const FindingGroup& group : groups) {
    for (const FindingRow& row : group.rows) {
      widths.id = std::max(widths.id, columns(one_line(row.finding->id)));
      widths.installed = std::max(widths.installed, columns(installed_of(row, page.report)));
      widths.fixed = std::max(widths.fixed, columns(one_line(row.finding->fixed_in)));
      if (!row.finding->risks.empty()) widths.risk = columns("RISK");
      widths.kev = std::max(widths.kev, columns(kev_cell(*row.finding)));
      if (!epss_cell(*row.finding).empty()) widths.epss = columns("EPSS");
    }
  }
  const auto wide = [](std::size_t width) { return width == 0 ? 0 : width + kGap.size(); };
  const std::size_t fixed_part =
      4 * kGap.size() + kSeverity + wide(widths.risk) + wide(widths.kev) + widths.id + widths.fixed + kStatus;
  widths.two_lines = fixed_part > page.style.width;
  if (fixed_part + wide(widths.epss) > page.style.width) widths.epss = 0;
  if (fixed_part + wide(widths.epss) + wide(widths.installed) > page.style.width) widths.installed = 0;
  return widths;
}

std::string cell(std::string_view text, std::size_t width) {
  return width == 0 ? std::string() : std::string(kGap) + filled(text, width);
}

void print_titles(const Page& page, const Widths& widths) {
  std::string line =
      std::string(kGap) + filled("SEVERITY", kSeverity) + cell("RISK", widths.risk) + cell("KEV", widths.kev);
  if (widths.two_lines) {
    line += "  VULNERABILITY";
  } else {
    line += cell("VULNERABILITY", widths.id) + cell("INSTALLED", widths.installed) +
            cell("FIXED IN", widths.fixed);
    line += widths.epss == 0 ? "  STATUS" : cell("STATUS", kStatus) + "  EPSS";
  }
  page.out += "\n" + page.paint()(line, kDim) + "\n";
}

// Whose file the packages of a group were read from, where that says how far to trust the numbers.
void print_owners(const Page& page, const FindingGroup& group) {
  const std::vector<Package>& packages = page.report.inventory.packages;
  std::set<std::string> lines;
  for (const std::size_t i : group.packages) {
    const std::optional<std::size_t> owner = packages[i].owner ? packages[i].owner : packages[i].altered;
    if (!owner) continue;
    const Package& system = packages[*owner];
    const std::string name = one_line(system.type + " package " + system.name + " " + full_version(system));
    const bool is_foreign = is_of_third_party(system, page.report.inventory.distro);
    lines.insert(!packages[i].owner ? "in a file of " + name + " that somebody has replaced since"
                 : is_foreign       ? "installed by " + name + ", a third party's"
                              : "installed by " + name + ", whose distribution says nothing about these");
  }
  for (const std::string& line : lines) page.line_in(kDim, "  " + line);
}

void print_heading(const Page& page, const FindingGroup& group) {
  const std::string names = names_of(group.packages, page.report);
  const std::string source = one_line(group.source);
  page.out += "\n";
  page.line_in(kBold, source + " " + one_line(group.version) + (names == source ? "" : " (" + names + ")"));
  print_owners(page, group);
  if (page.report.image.layers.size() < 2) return;
  std::set<std::uint32_t> layers;
  for (const std::size_t i : group.packages) layers.insert(page.report.inventory.packages[i].layer);
  for (const std::uint32_t layer : layers) {
    const std::string text = "from " + layer_text(page.report.image, layer);
    page.out += "  " + page.paint()(shortened(text, page.style.width - 2), kDim) + "\n";
  }
}

void print_row(const Page& page, const FindingRow& row, const Widths& widths) {
  const Finding& finding = *row.finding;
  const std::string fixed = one_line(finding.fixed_in), kev = cell(kev_cell(finding), widths.kev);
  page.out += "  " + page.paint()(filled(name(finding.severity), kSeverity), colour_of(finding.severity));
  page.out +=
      cell(risk_of(finding), widths.risk) + (kev_cell(finding).empty() ? kev : page.paint()(kev, kWarning));
  const std::string id = page.id(finding.id);
  if (widths.two_lines) {
    const std::string then = fixed.empty() ? std::string(status_text(finding)) : "fixed in " + fixed;
    const std::string epss = epss_cell(finding);
    page.out += "  " + id + "\n      " + then + (epss.empty() ? "" : ", EPSS " + epss) + "\n";
    return;
  }
  const std::string installed = widths.installed == 0 ? "" : installed_of(row, page.report);
  page.out += "  " + id + std::string(widths.id - columns(one_line(finding.id)), ' ') +
              cell(installed, widths.installed) + cell(fixed, widths.fixed);
  const std::string epss = widths.epss == 0 ? "" : epss_cell(finding);
  page.out += epss.empty() ? "  " + std::string(status_text(finding))
                           : cell(status_text(finding), kStatus) + "  " + epss;
  page.out += "\n";
}

// What must be known to act on the row: who has the fix, and what makes it less than sure.
void print_doubt(const Page& page, const Finding& finding) {
  if (finding.fixed_in.empty() && !finding.extended_fixes.empty()) {
    const ExtendedFix& fix = finding.extended_fixes.front();
    page.line(fmt::format("      fixed in {} for those who have {}", one_line(fix.version), fix.needs), 8);
  }
  if (finding.confidence == Confidence::potential && !page.style.verbose)
    page.line("      potential: " + one_line(finding.confidence_by), 8);
}

}  // namespace

// A package that is itself the attack: apart from vulnerabilities, and before them.
void print_malware(const Page& page) {
  const Report& report = page.report;
  std::size_t count = 0;
  for (const Finding& one : report.findings.list) {
    if (one.kind != Advisory::Kind::malware) continue;
    if (count++ == 0) {
      page.out += "\n";
      page.line_in(kWarning, "MALWARE: packages that are an attack, not ones that have a hole");
    }
    const Package& package = report.inventory.packages[one.package];
    page.line(fmt::format("  {} {} {}: {}: {} (/{})", package.type, one_line(package.name),
                          one_line(package.version), one_line(one.id), one_line(one.summary),
                          one_line(package.path.str())),
              4);
    if (page.style.verbose) print_details(page, one, 6);
  }
}

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::critical: return "1;31";
    case Severity::high: return "31";
    case Severity::medium: return "33";
    case Severity::low: return "36";
    case Severity::negligible:
    case Severity::unknown: return kDim;
  }
  return {};
}

std::string instruction(std::string_view created_by) {
  const std::string line = one_line(created_by);
  std::string_view text = line;
  constexpr std::string_view kShell = "/bin/sh -c ", kNothing = "#(nop) ", kBuildKit = "# buildkit";
  if (text.ends_with(kBuildKit)) text = trim(text.substr(0, text.size() - kBuildKit.size()));
  std::string_view before;
  if (text.starts_with("RUN ")) before = "RUN ", text.remove_prefix(before.size());
  if (const std::size_t shell = text.find(kShell);
      shell == 0 || (text.starts_with('|') && shell < text.size())) {
    text.remove_prefix(shell + kShell.size());
    before = text.starts_with(kNothing) ? "" : "RUN ";
    if (before.empty()) text.remove_prefix(kNothing.size());
  }
  return std::string(before) + std::string(trim(text));
}

std::string layer_text(const ImageInfo& image, std::size_t layer) {
  std::string text = fmt::format("layer {} of {}", layer + 1, image.layers.size());
  if (layer < image.layers.size()) {
    const std::string by = instruction(image.layers[layer].created_by);
    if (!by.empty()) text += ": " + by;
  }
  return text;
}

void print_findings(const Page& page, const std::vector<FindingGroup>& groups) {
  if (groups.empty()) return;
  const Widths widths = measured(page, groups);
  print_titles(page, widths);
  for (const FindingGroup& group : groups) {
    print_heading(page, group);
    for (const FindingRow& row : group.rows) {
      print_row(page, row, widths);
      print_doubt(page, *row.finding);
      if (row.packages.size() != group.packages.size())
        page.line("      only in " + names_of(row.packages, page.report), 8);
      if (page.style.verbose) print_details(page, *row.finding, 6);
    }
  }
}

}  // namespace peekr::table
