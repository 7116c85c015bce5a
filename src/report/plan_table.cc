// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "model/upgrade.h"
#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/plan.h"
#include "report/table.h"

namespace peekr {
namespace {

using table::Page;

constexpr std::size_t kShownIds = 6, kShownLines = 20;

std::string some(const std::vector<std::string>& all) {
  std::vector<std::string> shown(all.begin(),
                                 all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kShownIds)));
  std::string out = one_line(join(shown, ", "));
  if (all.size() > shown.size()) out += fmt::format(" and {} more", all.size() - shown.size());
  return out;
}

void print_action(const Page& page, std::size_t number, const Remediation::Action& action) {
  page.out += "\n";
  page.line_in(table::kBold, fmt::format("{}. {}", number, one_line(title_of(action))));
  page.line(fmt::format("   removes {}, risk {:.0f}", removes_text(action), action.risk), 5);
  if (!action.command.empty()) page.out += "\n     " + one_line(action.command) + "\n\n";
  if (!action.words.empty()) page.line("   " + one_line(action.words), 5);
  if (action.base > 0 && action.type != kBaseImage)
    page.line(
        fmt::format("   {} of them are in the base image's layers: a base image that was built since may "
                    "have them fixed already",
                    action.base),
        5);
  for (const Remediation::Step& step : action.steps) {
    const std::string by = asked_by(step);
    page.line(fmt::format("   {} {} -> {}{}: {}", one_line(step.name), one_line(step.from),
                          step.to.empty() ? "not there" : one_line(step.to),
                          by.empty() ? "" : " (" + one_line(by) + ")", some(step.removes)),
              7);
  }
}

void print_lines(const Page& page, std::string_view head, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  page.out += "\n";
  page.line(fmt::format("{} ({})", head, lines.size()), 2);
  for (std::size_t i = 0; i < std::min(lines.size(), kShownLines); ++i)
    page.line("  " + one_line(lines[i]), 4);
  if (lines.size() > kShownLines) page.line(fmt::format("  and {} more", lines.size() - kShownLines), 4);
}

}  // namespace

std::string title_of(const Remediation::Action& action) {
  if (action.type == kBaseImage) {
    constexpr std::string_view kFrom = "FROM ";
    if (action.command.starts_with(kFrom))
      return "base image " + action.where + " -> " + action.command.substr(kFrom.size());
    return "base image " + action.where + (action.command.empty() ? "" : ", as it is now");
  }
  const bool is_inner = has_upgrade_command(action.type) && !action.where.empty();
  if (!action.where.empty() && !is_inner) return action.type + ": " + action.where;
  if (is_removal(action)) return "remove what the entry point does not need (" + action.type + ")";
  return fmt::format("upgrade {} of the {} ({})", counted(action.steps.size(), "source package"),
                     is_inner ? "root file system " + action.where : "system", action.type);
}

std::string asked_by(const Remediation::Step& step) {
  if (step.direct) return "direct";
  return step.through.empty() ? "" : "through " + step.through;
}

std::string removes_text(const Remediation::Action& action) {
  std::size_t all = 0;
  std::string parts;
  for (std::size_t i = action.removes.size(); i-- > 0;) {
    if (action.removes[i] == 0) continue;
    all += action.removes[i];
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", grouped_digits(action.removes[i]),
                         name(static_cast<Severity>(i)));
  }
  return counted(all, "vulnerability") + " (" + parts + ")";
}

std::string counted_before(const Report& report, const Remediation& plan) {
  std::size_t rows = report.findings.list.size() - vulnerabilities(report);  // of malware
  for (const FindingGroup& group : grouped(report)) rows += group.rows.size();
  return counted(plan.before, "vulnerability") +
         (plan.before > rows ? " (those of language packages in each place where they lie)" : "");
}

std::string plan_table(const Report& report, const Remediation& plan, const Style& style) {
  std::string out;
  const Page page{report, style, out};
  table::print_header(page);
  out += "\n";
  if (plan.actions.empty()) {
    page.line(plan.before == 0 ? "Plan: nothing to do: no findings"
                               : fmt::format("Plan: nothing that you could do removes any of {}",
                                             counted_before(report, plan)));
  } else {
    page.line_in(
        table::kBold,
        fmt::format("Plan: {} {} {} of {}; risk {:.0f} -> {:.0f}", counted(plan.actions.size(), "action"),
                    plan.actions.size() == 1 ? "removes" : "remove", plan.before - plan.after,
                    counted_before(report, plan), plan.risk_before, plan.risk_after));
    page.line("Judged again as it would be then, by the same database.");
  }
  if (!plan.base_image.empty()) page.line(one_line(plan.base_image));
  for (std::size_t i = 0; i < plan.actions.size(); ++i) print_action(page, i + 1, plan.actions[i]);
  if (!plan.unfixable.empty()) {
    out += "\n";
    page.line(fmt::format("No fix is known of {}: {}", counted(plan.unfixable.size(), "vulnerability"),
                          some(plan.unfixable)));
  }
  print_lines(page, "Stays, though a fix is known", plan.staying);
  print_lines(page, "Comes with the new versions", plan.brings);
  table::print_notes(page, all_notes(report));
  return out;
}

}  // namespace peekr
