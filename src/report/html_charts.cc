// SPDX-License-Identifier: Apache-2.0
// Charts: tables whose bars are inline SVG, so that the numbers are there for everybody. In each bar what has a fix comes first, in
// full colour. Widths are attributes: the page has no inline styles, which its policy forbids.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/date.h"
#include "report/columns.h"
#include "report/html.h"

namespace peekr::html {
namespace {

struct Bar {
  std::string label;
  std::string_view colour;  // a class of html.css
  SeverityCount count;
};

void put_chart(const Page& page, std::string_view title, const std::vector<Bar>& bars) {
  page.put(
      "<table class=\"chart\">\n<caption>{}</caption>\n<thead><tr><th scope=\"col\"><span "
      "class=\"unseen\">{}</span></th>"
      "<th scope=\"col\"><span class=\"unseen\">Bar</span></th><th scope=\"col\">all</th><th "
      "scope=\"col\">with a fix</th></tr></thead>\n"
      "<tbody>\n",
      {title, title});
  std::size_t most = 1;
  for (const Bar& bar : bars) most = std::max(most, bar.count.all);
  const auto share = [&](std::size_t count) {
    return fmt::format("{:.2f}%", 100.0 * static_cast<double>(count) / static_cast<double>(most));
  };
  for (const Bar& bar : bars) {
    page.put(
        "<tr><th scope=\"row\">{}</th><td><svg class=\"bar {}\" aria-hidden=\"true\"><rect class=\"rest\" "
        "width=\"{}\" "
        "height=\"100%\"/><rect width=\"{}\" height=\"100%\"/></svg></td>",
        {bar.label, bar.colour, share(bar.count.all), share(bar.count.fixable)});
    page.put(
        "<td class=\"number\">{}</td><td class=\"number of\">{}</td></tr>\n",
        {grouped_digits(bar.count.all), bar.count.fixable == 0 ? "–" : grouped_digits(bar.count.fixable)});
  }
  page.put("</tbody>\n</table>\n");
}

void put_severities(const Page& page) {
  const Sums sums = sums_of(page.entries);
  std::vector<Bar> bars;
  for (std::size_t i = sums.by_severity.size(); i-- > 0;) {
    const auto severity = static_cast<Severity>(i);
    if (sums.by_severity[i].all == 0 && severity < Severity::low) continue;
    bars.push_back({std::string(name(severity)), name(severity), sums.by_severity[i]});
  }
  put_chart(page, "Severity", bars);
}

void put_fixes(const Page& page) {
  std::map<std::string_view, SeverityCount> counts;
  for (const Entry& entry : page.entries) {
    if (!entry.counts) continue;
    SeverityCount& count = counts[status_text(entry.finding())];
    ++count.all;
    if (!entry.finding().fixed_in.empty()) ++count.fixable;
  }
  std::vector<Bar> bars;
  for (const auto& [status, count] : counts) bars.push_back({std::string(status), "plain", count});
  std::ranges::stable_sort(bars, std::ranges::greater(), [](const Bar& bar) { return bar.count.all; });
  put_chart(page, "Fix", bars);
}

// Since the vulnerability was published.
void put_ages(const Page& page) {
  struct Span {
    std::string_view label;
    std::int64_t days;
  };
  constexpr std::array kSpans = {Span{"this week", 7}, Span{"this month", 30},   Span{"3 months", 91},
                                 Span{"a year", 365},  Span{"3 years", 3 * 365}, Span{"longer", 1 << 30}};
  std::array<SeverityCount, kSpans.size() + 1> counts{};
  for (const Entry& entry : page.entries) {
    if (!entry.counts) continue;
    const std::optional<std::int64_t> days = days_between(entry.finding().published, page.report.created);
    const auto span = days ? std::ranges::lower_bound(kSpans, *days, {}, &Span::days) : kSpans.end();
    SeverityCount& count = counts[static_cast<std::size_t>(span - kSpans.begin())];
    ++count.all;
    if (!entry.finding().fixed_in.empty()) ++count.fixable;
  }
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < kSpans.size(); ++i)
    bars.push_back({std::string(kSpans[i].label), "plain", counts[i]});
  if (counts.back().all > 0) bars.push_back({"not known", "plain", counts.back()});
  put_chart(page, "Known since", bars);
}

}  // namespace

void put_charts(const Page& page) {
  if (page.entries.empty()) return;
  page.put(
      "<section class=\"charts\" aria-labelledby=\"numbers\">\n<h2 id=\"numbers\">In numbers</h2>\n"
      "<p class=\"key\"><span class=\"dot full\"></span> with a fix <span class=\"dot pale\"></span> "
      "without. A vulnerability counts "
      "once for each source package.</p>\n<div class=\"panels\">\n");
  put_severities(page);
  put_fixes(page);
  put_ages(page);
  page.put("</div>\n</section>\n");
}

}  // namespace peekr::html
