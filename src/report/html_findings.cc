// SPDX-License-Identifier: Apache-2.0
// The list of findings: a line for each vulnerability of each source package, which opens. It is whole without the script, which
// finds by the data-* attributes what it shows and in which order.
#include <fmt/format.h>

#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "report/columns.h"
#include "report/html.h"
#include "report/identity.h"
#include "report/table.h"

namespace peekr::html {
namespace {

std::string number(double value) { return fmt::format("{:.5g}", value); }

void put_marks(const Page& page, const Finding& finding) {
  if (const Risk* kev = kev_of(finding.risks))
    page.put(" <span class=\"mark hot\">{}</span>", {kev->kev->ransomware ? "KEV, ransomware" : "KEV"});
  if (!finding.exploits.empty()) page.put(" <span class=\"mark\">exploit</span>");
  if (finding.confidence == Confidence::potential) page.put(" <span class=\"mark\">potential</span>");
}

bool has_epss(const Page& page) {
  return std::ranges::any_of(page.entries,
                             [](const Entry& one) { return epss_of(one.finding().risks) != nullptr; });
}

// "94%", the probability; there is no column where it is known of none.
void put_epss(const Page& page, const Finding& finding) {
  const Risk* epss = epss_of(finding.risks);
  if (epss == nullptr) return page.put("<span class=\"epss\"></span>");
  const double percent = epss->epss->score * 100;
  page.put("<span class=\"epss\"><span class=\"unseen\">EPSS </span>{}%</span>",
           {percent < 1 ? "<1" : fmt::format("{:.0f}", percent)});
}

void put_layer(const Page& page, const Entry& entry) {
  if (!has_layers(page.report.image)) return;
  page.put("<span class=\"from\"><span class=\"unseen\">layer </span>{}{}</span>",
           {is_of_base(page.report.image, entry.layer) ? "base, " : "", std::to_string(entry.layer + 1)});
}

void open_item(const Page& page, const Entry& entry) {
  const Finding& finding = entry.finding();
  const Risk *epss = epss_of(finding.risks), *kev = kev_of(finding.risks);
  page.put(
      "<li class=\"finding {}\" data-severity=\"{}\" data-risk=\"{}\" data-epss=\"{}\" data-kev=\"{}\"",
      {name(finding.severity), std::to_string(static_cast<int>(finding.severity)), number(finding.risk.total),
       epss == nullptr ? "-1" : number(epss->epss->score), kev == nullptr ? "0" : "1"});
  const std::optional<std::int64_t> days = days_between(finding.published, page.report.created);
  page.put(" data-fix=\"{}\" data-package=\"{}\" data-layer=\"{}\" data-age=\"{}\"><details><summary>",
           {finding.fixed_in.empty() ? "0" : "1", entry.group->source, std::to_string(entry.layer),
            days ? std::to_string(*days) : ""});
}

void put_entry(const Page& page, const Entry& entry) {
  const Finding& finding = entry.finding();
  const std::string_view status = status_text(finding);
  open_item(page, entry);
  page.put(
      "<span class=\"severity\">{}</span><span class=\"risk\"><span class=\"unseen\">risk </span>{}</span>"
      "<span class=\"what\"><b>{}</b>",
      {name(finding.severity), fmt::format("{:.0f}", finding.risk.total), finding.id});
  put_marks(page, finding);
  put_small(page, finding.summary);
  page.put("</span><span class=\"package\"><b>{}</b><small>{}</small></span>",
           {entry.group->source, entry.group->version});
  if (finding.fixed_in.empty()) {
    page.put("<span class=\"fix none\">{}</span>", {status});
  } else {
    page.put("<span class=\"fix\"><b>{}</b><small>{}</small></span>", {finding.fixed_in, status});
  }
  put_epss(page, finding);
  put_layer(page, entry);
  // Text to a browser that runs scripts, until html.js unpacks it: as elements it would be most of what a page of thousands costs.
  page.put("</summary>\n<noscript>");
  put_details(page, entry);
  page.put("</noscript></details></li>\n");
}

// "None" is said only of what was looked at.
void put_none(const Page& page) {
  const Assessment how = assessment(page.report);
  page.put("<p>{}</p>\n</section>\n", {how == Assessment::none      ? "Not assessed: see above."
                                       : how == Assessment::partial ? "None in what could be assessed."
                                                                    : "None."});
}

// Hidden until the script is there to do what it says.
void put_controls(const Page& page) {
  page.put(
      "<form class=\"controls\" id=\"controls\" role=\"search\" hidden>\n"
      "<label class=\"search\"><span class=\"unseen\">Search</span><input type=\"search\" id=\"search\" "
      "placeholder=\"CVE, package, file, words\" autocomplete=\"off\" spellcheck=\"false\"></label>\n"
      "<fieldset class=\"severities\"><legend class=\"unseen\">Severity</legend>\n");
  const Sums sums = sums_of(page.entries);
  for (std::size_t i = sums.by_severity.size(); i-- > 0;) {
    if (sums.by_severity[i].all == 0) continue;
    const std::string_view severity = name(static_cast<Severity>(i));
    page.put(
        "<label class=\"chip {}\"><input type=\"checkbox\" name=\"severity\" value=\"{}\" "
        "checked><span>{}</span></label>\n",
        {severity, std::to_string(i), severity});
  }
  page.put(
      "</fieldset>\n<label class=\"chip\"><input type=\"checkbox\" id=\"fixable\"><span>with a "
      "fix</span></label>\n"
      "<label class=\"chip\"><input type=\"checkbox\" id=\"exploited\"><span>exploited</span></label>\n");
  if (has_layers(page.report.image)) {
    page.put(
        "<label class=\"pick\"><span class=\"unseen\">Layer</span><select id=\"layer\"><option "
        "value=\"\">all layers</option>");
    for (std::uint32_t i = 0; i < page.report.image.layers.size(); ++i)
      page.put("<option value=\"{}\">{}</option>",
               {std::to_string(i), shortened(place_of(page.report, i), 60)});
    page.put("</select></label>\n");
  }
  page.put("<button type=\"button\" id=\"clear\">Clear</button>\n</form>\n");
}

void put_titles(const Page& page) {
  page.put(
      "<div class=\"titles\" id=\"titles\" role=\"group\" aria-label=\"Sort by\" hidden>"
      "<button type=\"button\" data-sort=\"severity\">Severity</button>"
      "<button type=\"button\" data-sort=\"risk\">Risk</button>"
      "<button type=\"button\" data-sort=\"age\">Vulnerability</button>"
      "<button type=\"button\" data-sort=\"package\">Package</button>"
      "<button type=\"button\" data-sort=\"fix\">Fixed in</button>"
      "<button type=\"button\" data-sort=\"epss\" class=\"epss\">EPSS</button>"
      "<button type=\"button\" data-sort=\"layer\" class=\"from\">Layer</button></div>\n");
}

}  // namespace

// A package that is itself the attack: apart from vulnerabilities, and before them.
void put_malware(const Page& page) {
  const Report& report = page.report;
  if (vulnerabilities(report) == report.findings.list.size()) return;
  page.put("<section class=\"malware\" aria-labelledby=\"malware\">\n<h2 id=\"malware\">Malware</h2>\n");
  open_table(page, "Packages that are an attack, not ones that have a hole",
             {{"Package"}, {"Record"}, {"What it is"}, {"File"}});
  for (const Finding& one : report.findings.list) {
    if (one.kind != Advisory::Kind::malware) continue;
    const Package& package = report.inventory.packages[one.package];
    page.put("<tr><th scope=\"row\">{} {} {}</th><td>", {package.type, package.name, full_version(package)});
    page.html.link(page_of(one.id), one.id);
    page.put("</td><td>{}</td><td class=\"code\">/{}</td></tr>\n", {one.summary, package.path.str()});
  }
  close_table(page);
  page.put("</section>\n");
}

void put_findings(const Page& page) {
  page.put("<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n");
  if (page.entries.empty()) return put_none(page);
  put_controls(page);
  page.put(
      "<p class=\"count\"><output id=\"count\" for=\"search\">{}</output> "
      "<button type=\"button\" id=\"unfold\" hidden>Open all</button></p>\n",
      {counted(page.entries.size(), "finding")});
  page.put("<div class=\"rows {} {}\">\n",
           {has_epss(page) ? "with-epss" : "", has_layers(page.report.image) ? "with-layers" : ""});
  put_titles(page);
  page.put("<ol id=\"list\">\n");
  for (const Entry& entry : page.entries) put_entry(page, entry);
  page.put("</ol>\n</div>\n</section>\n");
}

}  // namespace peekr::html
