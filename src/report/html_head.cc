// SPDX-License-Identifier: Apache-2.0
// The head of the page: what was scanned, what is at stake in one sentence, and what stands against that answer.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "report/columns.h"
#include "report/data_age.h"
#include "report/html.h"
#include "report/plan.h"
#include "report/system.h"

namespace peekr::html {
namespace {

std::size_t malicious(const Report& report) { return report.findings.list.size() - vulnerabilities(report); }

std::string vulnerabilities_text(std::size_t count) { return counted(count, "known vulnerability"); }

std::string nothing_found(const Report& report) {
  if (assessment(report) == Assessment::none) return "Not assessed: " + not_assessed(report).front() + ".";
  if (taken_out_by_user(report) > 0)
    return "Nothing is left of what was found: rules of yours have taken it out.";
  if (assessment(report) == Assessment::partial)
    return "No known vulnerabilities in what could be assessed, which is not all of it.";
  return "No known vulnerabilities in " + counted(report.inventory.packages.size(), "package") + ".";
}

// "None" is said only where the catalogue of what is exploited was at hand.
std::string exploited_text(const Report& report, const Sums& sums) {
  if (sums.exploited == 0) {
    const bool known =
        std::ranges::find(report.db.sources, "kev", &DbSource::feed) != report.db.sources.end();
    return known ? ", none of them known to be exploited" : "";
  }
  std::string text = fmt::format(", {} known to be exploited", grouped_digits(sums.exploited));
  if (sums.by_ransomware > 0) text += fmt::format(" ({} by ransomware)", grouped_digits(sums.by_ransomware));
  return text;
}

// What nobody has rated is not harmless.
std::string severe_text(const Sums& sums) {
  const auto count = [&](Severity severity) {
    return sums.by_severity[static_cast<std::size_t>(severity)].all;
  };
  const std::size_t critical = count(Severity::critical), high = count(Severity::high),
                    unrated = count(Severity::unknown);
  if (unrated == sums.all) return "of unknown severity";
  std::string text = critical > 0 && high > 0 ? fmt::format("{} critical and {} high",
                                                            grouped_digits(critical), grouped_digits(high))
                     : critical > 0           ? grouped_digits(critical) + " critical"
                     : high > 0               ? grouped_digits(high) + " high"
                                              : "none of high severity";
  if (unrated > 0) text += fmt::format(" ({} not rated)", grouped_digits(unrated));
  return text;
}

std::string fixable_text(const Sums& sums) {
  if (sums.fixable == 0) return "no fix is out";
  if (sums.fixable == sums.all) return sums.all == 1 ? "a fix is out" : "fixes are out for all";
  return fmt::format("fixes are out for {}", grouped_digits(sums.fixable));
}

// What is at stake.
std::string stake(const Page& page, const Sums& sums) {
  const Report& report = page.report;
  if (const std::size_t count = malicious(report); count > 0) {
    return fmt::format("{} {} in this image: treat whatever ran with {} as compromised{}.",
                       counted(count, "malicious package"), count == 1 ? "is" : "are",
                       count == 1 ? "it" : "them",
                       sums.all == 0 ? "" : "; beside that, " + vulnerabilities_text(sums.all));
  }
  if (sums.all == 0) return nothing_found(report);
  return fmt::format("{} in {}: {}{}; {}.", vulnerabilities_text(sums.all),
                     counted(page.groups.size(), "source package"), severe_text(sums),
                     exploited_text(report, sums), fixable_text(sums));
}

void put_facts(const Page& page) {
  const Report& report = page.report;
  page.put("<ul class=\"facts\">\n");
  const auto fact = [&](std::string_view text) {
    if (!text.empty()) page.put("<li>{}</li>\n", {text});
  };
  fact(report.inventory.distro ? system_name(report) : "operating system not recognised");
  fact(report.image.platform);
  std::string contents = counted(report.inventory.packages.size(), "package");
  if (has_layers(report.image)) contents += " in " + counted(report.image.layers.size(), "layer");
  fact(contents);
  const std::string& tag = report.image.tag;  // "latest" of a layout says nothing by itself
  fact(tag.empty() || tag.contains(':') || tag.contains('/') ? tag : "tag " + tag);
  const std::string_view created = report.created;
  page.put("<li>scanned <time datetime=\"{}\">{} {} UTC</time></li>\n",
           {created, created.substr(0, 10), created.substr(std::min<std::size_t>(created.size(), 11), 5)});
  page.put("</ul>\n");
}

void put_plan_line(const Page& page) {
  if (!page.report.plan || page.report.plan->actions.empty()) return;
  const Remediation& plan = *page.report.plan;
  page.put("<p class=\"next\"><a href=\"#plan\">{}</a> {} {} of {} and {} the risk from {} to {}.</p>\n",
           {counted(plan.actions.size(), "action"), plan.actions.size() == 1 ? "removes" : "remove",
            grouped_digits(plan.before - plan.after), counted_before(page.report, plan),
            plan.actions.size() == 1 ? "brings" : "bring", fmt::format("{:.0f}", plan.risk_before),
            fmt::format("{:.0f}", plan.risk_after)});
}

void put_warnings(const Page& page) {
  const Report& report = page.report;
  std::vector<std::string> warnings;
  if (const std::optional<EndOfLife>& end = report.verdict.end_of_life; end && end->past)
    warnings.push_back(
        system_name(report) +
        " is past its end of life: it gets no more security fixes, and vulnerabilities found since "
        "then may be missing here.");
  if (std::string old = old_data_text(report); !old.empty()) {
    old[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(old[0])));
    warnings.push_back(old + ".");
  }
  if (assessment(report) == Assessment::partial)
    warnings.emplace_back("Not everything could be looked at or judged: see what, below.");
  if (warnings.empty()) return;
  page.put("<ul class=\"warnings\" aria-label=\"Warnings\">\n");
  for (const std::string& one : warnings) page.put("<li>{}</li>\n", {one});
  page.put("</ul>\n");
}

void put_verdict(const Page& page) {
  const Verdict& verdict = page.report.verdict;
  page.put("<p class=\"verdict\"><span class=\"code {}\">Exit code {}</span>",
           {verdict.exit_code == 0 ? "pass" : "fail", std::to_string(verdict.exit_code)});
  page.put(" {}</p>\n", {verdict.reasons.empty() ? "no gate was hit" : join(verdict.reasons, "; ")});
}

}  // namespace

void put_head(const Page& page) {
  const Sums sums = sums_of(page.entries);
  page.put(
      "<header class=\"head\">\n<p class=\"brand\">peekr<span> · known vulnerabilities</span>"
      "<button type=\"button\" id=\"theme\" hidden>Dark</button></p>\n<h1>{}</h1>\n",
      {page.report.image.name});
  put_facts(page);
  page.put("<p class=\"stake\">{}</p>\n", {stake(page, sums)});
  put_plan_line(page);
  put_verdict(page);
  put_warnings(page);
  page.put("</header>\n");
}

}  // namespace peekr::html
