// SPDX-License-Identifier: Apache-2.0
// GitHub Flavored Markdown for a comment on a pull request, which holds 65,536 characters: what goes beyond is counted instead. What
// comes from the image stands in <code>, its punctuation as references: no markup, link or mention can be made of it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/plan.h"
#include "report/reporter.h"
#include "report/rulings.h"
#include "report/system.h"
#include "report/table.h"

namespace peekr {
namespace {

constexpr std::size_t kRows = 52'000, kMost = 64'000;  // bytes; the rest of 65,536 is what follows
constexpr std::size_t kActions = 8;
constexpr std::size_t kText = 200;  // columns of what comes from the image

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : shortened(one_line(text), kText)) {
    const bool safe = is_alpha(c) || is_digit(c) || c == ' ' || c == '.' || c == '-' ||
                      static_cast<unsigned char>(c) >= 0x80;
    if (safe) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "&#{};", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string code(std::string_view text) { return "<code>" + plain(text) + "</code>"; }

std::string link(const std::string& id) { return "[" + code(id) + "](" + page_of(id) + ")"; }

std::string what_to_do(const Ruling& one, const Inventory& inventory) {
  const std::string& fixed_in = one.finding->fixed_in;
  if (fixed_in.empty()) return plain(advice_on(*one.finding, one.packages, inventory));
  const std::string installers = installers_of(one.packages, inventory);
  return code(fixed_in) + (installers.empty() ? "" : ", for its distribution to do: " + code(installers));
}

std::string marks(const Finding& one) {
  const Risk* kev = kev_of(one.risks);
  if (kev == nullptr) return "";
  return kev->kev->ransomware ? " **exploited, by ransomware**" : " **exploited**";
}

void write_table(std::string& out, const Report& report, const std::vector<Ruling>& all) {
  out += "\n| severity | vulnerability | packages | installed | fixed in |\n|---|---|---|---|---|\n";
  std::size_t written = 0;
  for (const Ruling& one : all) {
    const std::string row =
        fmt::format("| {}{} | {} | {} | {} | {} |\n", grade_of(*one.finding), marks(*one.finding),
                    link(one.finding->id), code(names_of(one, report.inventory)),
                    code(versions_of(one, report.inventory)), what_to_do(one, report.inventory));
    if (out.size() + row.size() > kRows) break;
    out += row;
    ++written;
  }
  if (written < all.size())
    out += fmt::format("\n**{} less severe lines are left out, for a comment holds no more.**\n",
                       all.size() - written);
}

// As many as fit, then how many more there are.
void write_list(std::string& out, std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  out += fmt::format("\n<details><summary>{}</summary>\n\n", title);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string line = "- " + code(items[i]) + "\n";
    if (out.size() + line.size() > kMost) {
      out += fmt::format("- and {} more\n", items.size() - i);
      break;
    }
    out += line;
  }
  out += "\n</details>\n";
}

// The actions that remove the most; without their commands, which may be as long as a comment.
void write_plan(std::string& out, const Report& report) {
  if (!report.plan || report.plan->actions.empty()) return;
  const std::vector<Remediation::Action>& actions = report.plan->actions;
  out +=
      fmt::format("\n**What to do** (<code>peekr plan</code> has the commands): {} of {} would be left\n\n",
                  report.plan->after, counted_before(report, *report.plan));
  for (std::size_t i = 0; i < std::min(actions.size(), kActions); ++i)
    out += fmt::format("{}. {}: removes {}\n", i + 1, code(title_of(actions[i])), removes_text(actions[i]));
  if (actions.size() > kActions) out += fmt::format("\nand {} more\n", actions.size() - kActions);
}

void write_drift(std::string& out, const Report& report) {
  if (!report.drift) return;
  std::vector<std::string> lines;
  for (const Drift::Change& one : report.drift->packages) lines.push_back(table::line_of(one));
  if (lines.empty()) out += "\nThe container has the packages of its image.\n";
  write_list(out, "drift from the image: " + table::sums_of(*report.drift), lines);
}

std::string summary_of(const Report& report, const std::vector<Ruling>& all) {
  if (all.empty()) return answer_without_findings(report);
  std::string text;
  const auto add = [&](std::size_t count, std::size_t fixable, std::string_view grade) {
    if (count == 0) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, grade);
    if (fixable > 0) text += fmt::format(" ({} with a fix)", fixable);
  };
  const auto malware = std::ranges::count_if(all, [](const Ruling& one) { return is_malware(*one.finding); });
  add(static_cast<std::size_t>(malware), 0, "malware");
  const std::array<SeverityCount, 6> counts = counted_by_severity(grouped(report));
  for (std::size_t i = counts.size(); i-- > 0;)
    add(counts[i].all, counts[i].fixable, name(static_cast<Severity>(i)));
  return text;
}

void scan(const Report& report, const Style& /*style*/, std::string& out) {
  const std::vector<Ruling> all = worst_first(report.findings);
  out += "### peekr: " + code(report.image.name) + "\n\n";
  out += all.empty() ? code(summary_of(report, all)) + "\n" : "**" + summary_of(report, all) + "**\n";
  if (const std::string over = end_of_life_text(report); !over.empty())
    out += "\n**Warning:** " + code(over) + "\n";
  std::vector<std::string> gates = report.verdict.reasons;
  write_list(out, fmt::format("exit code {}", report.verdict.exit_code), gates);
  write_plan(out, report);
  if (!all.empty()) write_table(out, report, all);
  write_drift(out, report);
  std::vector<std::string> missing;
  for (const Note& note : gaps(report)) missing.push_back(words(note));
  write_list(out, fmt::format("{} not looked at or judged in full", counted(missing.size(), "thing")),
             missing);
  const std::size_t suppressed = report.findings.suppressed.size();
  if (suppressed > 0) out += fmt::format("\n{} taken out by rules.\n", counted(suppressed, "finding"));
}

}  // namespace

namespace reporters {
extern const Reporter markdown;
constexpr Reporter markdown = {.name = "markdown",
                               .about = "Markdown for a comment on a pull request, under 65,536 characters",
                               .scan = scan,
                               .shows_plan = true};
}  // namespace reporters

}  // namespace peekr
