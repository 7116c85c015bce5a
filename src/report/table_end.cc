// SPDX-License-Identifier: Apache-2.0
// The end of the report: sums, what could not be looked at, what to do, and the verdict.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "model/ratings.h"
#include "report/plan.h"
#include "report/system.h"
#include "report/table.h"

namespace peekr::table {
namespace {

constexpr std::size_t kNotesOfAKind = 20, kShownActions = 8;

SeverityCount total(const std::vector<FindingGroup>& groups) {
  SeverityCount sum;
  for (const SeverityCount& count : counted_by_severity(groups)) {
    sum.all += count.all;
    sum.fixable += count.fixable;
  }
  return sum;
}

bool is_past(const Report& report) { return report.verdict.end_of_life && report.verdict.end_of_life->past; }

// The few that remove the most, and the commands of those that are of the whole image: `peekr plan` has the rest.
void print_plan(const Page& page) {
  if (!page.report.plan || page.report.plan->actions.empty()) return;
  const std::vector<Remediation::Action>& actions = page.report.plan->actions;
  const std::size_t shown = page.shown(actions.size(), kShownActions);
  for (std::size_t i = 0; i < shown; ++i) {
    const Remediation::Action& one = actions[i];
    page.line(fmt::format("{}. {}: removes {}", i + 1, one_line(title_of(one)), removes_text(one)), 3);
    if (!one.where.empty()) continue;
    if (one.command.empty()) {
      page.line("     " + one_line(one.words), 5);
    } else {
      page.out +=
          wrapped("     " + one_line(one.command), {.width = page.style.width, .indent = 7, .suffix = " \\"});
    }
  }
  if (actions.size() > shown)
    page.line(fmt::format("   and {} more", grouped_digits(actions.size() - shown)));
  if (page.style.plan_line.empty())
    return page.line("   peekr plan has the versions, the commands and a patch for the Dockerfile", 5);
  page.line("   the versions, the commands and a patch for the Dockerfile:", 5);
  page.out += "     " + page.style.plan_line + "\n";  // not wrapped: it is to be taken as it is
}

}  // namespace

std::string answer(const Report& report, const std::vector<FindingGroup>& groups) {
  const SeverityCount sum = total(groups);
  const Assessment how = assessment(report);
  if (how == Assessment::none) return "not assessed: " + not_assessed(report).front();
  const std::size_t malware = report.findings.list.size() - vulnerabilities(report);
  if (malware > 0) {
    return counted(malware, "malicious package") +
           (sum.all == 0 ? ""
                         : "; " + counted(sum.all, "known vulnerability") + " in " +
                               counted(groups.size(), "source package"));
  }
  if (const std::size_t hidden = taken_out_by_user(report); sum.all == 0 && hidden > 0) {
    return fmt::format("nothing is left of {} that rules of yours have taken out (see above)",
                       counted(hidden, "finding"));
  }
  if (sum.all == 0 && how == Assessment::full) {
    return "no known vulnerabilities in " + counted(report.inventory.packages.size(), "package");
  }
  if (sum.all == 0)
    return "no known vulnerabilities in what could be assessed, which is not all of it (see above)";
  std::string text = fmt::format("{} in {} ({} fixable)", counted(sum.all, "known vulnerability"),
                                 counted(groups.size(), "source package"),
                                 sum.fixable == 0 ? "none" : grouped_digits(sum.fixable));
  if (how == Assessment::partial) text += "; not everything could be assessed (see above)";
  return text;
}

std::string_view heading_of(Why why) {
  switch (why) {
    case Why::damaged: return "damaged: not what its format says";
    case Why::unsupported: return "unsupported: peekr does not read it";
    case Why::too_big: return "over a limit (--limit raises those that it lists)";
    case Why::unordered: return "versions that cannot be compared";
    case Why::no_data: return "not assessed in full: data is missing";
    case Why::end_of_life: return "past its end of life";
    case Why::suspicious: return "odd: not as it is usual, worth a look";
    case Why::unasked: return "not looked for, as an option says";
    case Why::unreadable:
      return "unreadable: the system does not give the bytes (permissions, a broken disk)";
  }
  return "";
}

// What rules took out of the list is counted by rule, or listed where asked for, never silently gone.
void print_suppressed(const Page& page) {
  using Rule = Suppressed::Rule;
  struct Told {
    Rule rule;
    std::string_view noun, why;
  };
  constexpr std::array kTold = {
      Told{Rule::informational, "informational record", "such as \"unmaintained\", no hole in a version"},
      Told{Rule::distribution, "finding",
           "in language packages that a system package installed, which the distribution has judged"},
      Told{Rule::overruled, "finding", "made by copies alone, where who judges the package says otherwise"},
      Told{Rule::host_kernel, "finding",
           "in what a kernel's source builds beside the kernel; the host's kernel runs"},
      Told{Rule::remnant, "finding", "in packages of which no file is left in the image"},
      Told{Rule::filter, "finding", "not asked for (--severity, --only-fixed, --ignore-status)"},
      Told{Rule::baseline, "finding", "in the earlier report, too (--baseline)"},
      Told{Rule::exception, "finding", "taken out by rules of ignore files"},
      Told{Rule::vex, "finding", "of which a VEX document says that the image is not affected"},
  };
  const std::vector<Suppressed>& all = page.report.findings.suppressed;
  if (all.empty()) return;
  page.out += "\n";
  if (page.style.suppressed || page.style.verbose) {
    page.out += page.paint()(fmt::format("Suppressed ({})", grouped_digits(all.size())), kBold) + "\n";
    for (const Suppressed& one : all) {
      const Package& package = page.report.inventory.packages[one.finding.package];
      page.line(fmt::format("  {} in {} {} (/{})", one_line(one.finding.id), one_line(package.name),
                            one_line(full_version(package)), one_line(package.path.str())),
                6);
      page.line("      " + one_line(one.reason), 6);
    }
    return;
  }
  for (const Told& one : kTold) {
    const auto count = static_cast<std::uint64_t>(std::ranges::count(all, one.rule, &Suppressed::rule));
    if (count == 0) continue;
    page.line(fmt::format("{} {} not listed: {} (--show-suppressed gives each with its reason)",
                          counted(count, one.noun), count == 1 ? "is" : "are", one.why));
  }
}

// What is known to be exploited; says what the marks mean.
void print_exploited(const Page& page, const std::vector<FindingGroup>& groups) {
  std::set<std::string_view> exploited, by_ransomware;
  for (const FindingGroup& group : groups) {
    for (const FindingRow& row : group.rows) {
      const Risk* kev = kev_of(row.finding->risks);
      if (kev == nullptr) continue;
      exploited.insert(row.finding->id);
      if (kev->kev->ransomware) by_ransomware.insert(row.finding->id);
    }
  }
  if (exploited.empty()) return;
  page.line(fmt::format("  {} known to be exploited (KEV){}", grouped_digits(exploited.size()),
                        by_ransomware.empty() ? ""
                                              : fmt::format(", {} by ransomware (KEV!)",
                                                            grouped_digits(by_ransomware.size()))));
}

// Where it is known which layers are the base image's: who can do something about how much.
void print_origins(const Page& page) {
  if (page.report.image.base.layers == 0) return;
  const SeverityCount own = total(grouped(page.report, Sort::severity, Whose::own));
  const SeverityCount base = total(grouped(page.report, Sort::severity, Whose::base));
  page.line(fmt::format("  in your layers: {} ({} fixable); in your base image's: {} ({} fixable)",
                        grouped_digits(own.all), grouped_digits(own.fixable), grouped_digits(base.all),
                        grouped_digits(base.fixable)),
            4);
}

// What would rate those that nothing rates.
void print_remedy(const Page& page) {
  const Report& report = page.report;
  const bool any = std::ranges::any_of(report.findings.list, [](const Finding& one) {
    return one.severity == Severity::unknown && one.id.starts_with("CVE-");
  });
  if (any && !report.db.sources.empty() && !has_scores(report.db))
    page.line("  not rated: " + page.style.scores_line + " fetches NVD's scores", 4);
}

void print_sums(const Page& page, const std::vector<FindingGroup>& groups) {
  print_suppressed(page);
  if (groups.empty()) return;
  const std::array<SeverityCount, 6> counts = counted_by_severity(groups);
  page.out += "\n" + page.paint()("Summary", kBold) + "\n";
  for (std::size_t i = counts.size(); i-- > 0;) {
    if (counts[i].all == 0) continue;
    const auto severity = static_cast<Severity>(i);
    const std::string label = page.paint()(filled(name(severity), 10), colour_of(severity));
    const std::string head = fmt::format("  {}  {:>6}  ", label, grouped_digits(counts[i].all));
    const std::string fixable = counts[i].fixable == 0 ? "none" : grouped_digits(counts[i].fixable);
    const std::string unrated =
        severity == Severity::unknown ? ", not rated by any advisory in the database" : "";
    const std::size_t indent = 2 + 10 + 2 + 6 + 3;
    page.out += wrapped("(" + fixable + " fixable" + unrated + ")",
                        {.width = page.style.width, .indent = indent, .head = head});
  }
  print_remedy(page);
  print_exploited(page, groups);
  print_origins(page);
  const SeverityCount sum = total(groups);
  if (vulnerabilities(page.report) == sum.all) return;
  const std::string head = fmt::format("  {}  {:>6}  ", filled("all", 10), grouped_digits(sum.all));
  const std::string each = counted(vulnerabilities(page.report), "finding");
  page.out += wrapped("(" + each + ", counting each binary package, as gates do)",
                      {.width = page.style.width, .indent = columns(head) + 1, .head = head});
}

void print_notes(const Page& page, const std::vector<Note>& notes, std::string_view of) {
  if (notes.empty()) return;
  std::map<Why, std::vector<const Note*>> by_kind;
  for (const Note& note : notes) by_kind[note.why].push_back(&note);
  const std::string heading = of.empty() ? "What" : fmt::format("{}: what", of);
  page.out += "\n" + page.paint()(heading + " could not be looked at, or is in doubt", kBold) + "\n";
  for (const auto& [why, list] : by_kind) {
    page.out +=
        fmt::format("  {} ({})\n", page.paint()(heading_of(why), kWarning), grouped_digits(list.size()));
    const std::size_t shown = page.shown(list.size(), kNotesOfAKind);
    for (std::size_t i = 0; i < shown; ++i) {
      const std::string path = one_line(list[i]->path.str());
      const std::string what = one_line(list[i]->what);
      page.line(path.empty() ? "    " + what : fmt::format("    /{}: {}", path, what), 8);
    }
    if (list.size() > shown)
      page.line(
          fmt::format("    and {} more: --format json has them all", grouped_digits(list.size() - shown)));
  }
}

void print_advice(const Page& page, const std::vector<FindingGroup>& groups) {
  std::string text;
  const Page body{page.report, page.style, text};
  if (is_past(page.report)) {
    body.line(
        fmt::format("- Rebuild on a base image with a supported release: {} gets no more security fixes.",
                    system_name(page.report)));
  }
  if (vulnerabilities(page.report) < page.report.findings.list.size())
    body.line("- Take the malicious packages out, and treat what ran with them as compromised.");
  print_plan(body);
  const SeverityCount sum = total(groups);
  if (sum.all != sum.fixable) {
    const std::size_t rest = sum.all - sum.fixable;
    body.line(
        fmt::format("- {} {} no fix: nothing can be installed against {}; leave the package out if the image "
                    "can do without.",
                    counted(rest, "vulnerability"), rest == 1 ? "has" : "have", rest == 1 ? "it" : "them"));
  }
  if (!text.empty()) page.out += "\n" + page.paint()("What to do", kBold) + "\n" + text;
}

std::string exit_text(const Verdict& verdict) {
  std::string text = fmt::format("Exit code {}", verdict.exit_code);
  for (std::size_t i = 0; i < verdict.reasons.size(); ++i)
    text += (i == 0 ? ": " : "; ") + one_line(verdict.reasons[i]);
  return text;
}

void print_remarks(const Page& page, const Verdict& verdict) {
  for (const std::string& remark : verdict.remarks) page.line("- " + one_line(remark));
}

void print_verdict(const Page& page, const std::vector<FindingGroup>& groups) {
  const Verdict& verdict = page.report.verdict;
  std::string text = "Verdict: " + answer(page.report, groups);
  if (is_past(page.report)) text += fmt::format("; {} is past its end of life", system_name(page.report));
  page.out += "\n";
  page.line_in(kBold, text);
  page.line(exit_text(verdict));
  print_remarks(page, verdict);
}

}  // namespace peekr::table
