// SPDX-License-Identifier: Apache-2.0
// The plan on the page: what to do, the action that removes the most risk first, and what stays.
#include <fmt/format.h>

#include "base/text.h"
#include "report/columns.h"
#include "report/html.h"
#include "report/plan.h"

namespace peekr::html {
namespace {

void put_steps(const Page& page, const Remediation::Action& action) {
  page.put("<details><summary>{}</summary>\n", {counted(action.steps.size(), "step")});
  open_table(page, "Steps", {{"Package"}, {"From"}, {"To"}, {"Removes"}});
  for (const Remediation::Step& step : action.steps) {
    page.put("<tr><th scope=\"row\">{}", {step.name});
    put_small(page, asked_by(step));
    page.put("</th><td class=\"code\">{}</td><td class=\"code\">{}</td><td>{}</td></tr>\n",
             {step.from, step.to.empty() ? "not there" : step.to, join(step.removes, ", ")});
  }
  close_table(page);
  page.put("</details>\n");
}

void put_action(const Page& page, const Remediation::Action& action) {
  page.put("<li class=\"action\">\n<h3>{}</h3>\n<p>Removes {}; risk {}</p>\n",
           {title_of(action), removes_text(action), fmt::format("{:.0f}", action.risk)});
  if (!action.command.empty())
    page.put(
        "<div class=\"command\"><code>{}</code><button type=\"button\" class=\"copy\" "
        "hidden>Copy</button></div>\n",
        {action.command});
  if (!action.words.empty()) page.put("<p>{}</p>\n", {action.words});
  if (action.base > 0 && action.type != kBaseImage)
    page.put(
        "<p class=\"aside\">In the base image's layers: {}. A base image that was built since may have fixed "
        "them already.</p>\n",
        {grouped_digits(action.base)});
  put_steps(page, action);
  page.put("</li>\n");
}

void put_lines(const Page& page, Markup title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  page.put("<details><summary>");
  page.put(title);
  page.put(" ({})</summary>\n<ul class=\"lines\">\n", {grouped_digits(lines.size())});
  for (const std::string& line : lines) page.put("<li>{}</li>\n", {line});
  page.put("</ul></details>\n");
}

}  // namespace

void put_plan(const Page& page) {
  if (!page.report.plan || page.report.plan->before == 0) return;
  const Remediation& plan = *page.report.plan;
  page.put("<section class=\"plan\" aria-labelledby=\"plan\">\n<h2 id=\"plan\">What to do</h2>\n");
  if (plan.actions.empty()) {
    page.put("<p class=\"key\">Nothing that you could do removes any of them.</p>\n");
  } else {
    page.put(
        "<p class=\"key\">The fewest actions that remove the most risk. The image as it would be then was "
        "judged again: {} of {} would be "
        "left, each counted once for a source package, and the risk would be {} of {}.</p>\n<ol "
        "class=\"actions\">\n",
        {grouped_digits(plan.after), counted_before(page.report, plan),
         fmt::format("{:.0f}", plan.risk_after), fmt::format("{:.0f}", plan.risk_before)});
    for (const Remediation::Action& action : plan.actions) put_action(page, action);
    page.put("</ol>\n");
  }
  if (!plan.base_image.empty()) page.put("<p class=\"aside\">{}</p>\n", {plan.base_image});
  put_lines(page, "No fix is known", plan.unfixable);
  put_lines(page, "Stays, though a fix is known", plan.staying);
  put_lines(page, "Comes with the new versions", plan.brings);
  page.put("</section>\n");
}

}  // namespace peekr::html
