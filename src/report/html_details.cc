// SPDX-License-Identifier: Apache-2.0
// What opens below the line of a finding: what to do, why it matched, where it is, how bad who finds it, and where to read on.
#include <fmt/format.h>

#include <cctype>
#include <set>
#include <tuple>

#include "report/columns.h"
#include "report/facts.h"
#include "report/html.h"
#include "report/identity.h"
#include "report/table.h"

namespace peekr::html {
namespace {

void put_facts(const Page& page, const Entry& entry) {
  const Finding& finding = entry.finding();
  page.put("<dl>\n");
  put_fact(page, "What to do", advice_on(finding, entry.row->packages, page.report.inventory));
  for (const ExtendedFix& fix : finding.extended_fixes)
    put_fact(page, "Subscribers",
             fmt::format("fixed in {} for those who have {} ({})", fix.version, fix.needs, fix.advisory));
  for (const Fact& fact : facts_of(finding, page.report)) {
    std::string label(fact.label);
    label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
    put_fact(page, label, fact.text);
  }
  page.put("</dl>\n");
}

void put_proof(const Page& page, const Proof& proof) {
  page.put("<tr><th scope=\"row\">");
  page.html.link(page_of(proof.advisory), proof.advisory);
  page.put("</th><td>{}", {proof.publisher});
  put_small(page, proof.ecosystem);
  page.put("</td><td>{}", {proof.key});
  put_small(page, proof.by_source ? "source package" : "package");
  page.put("</td><td class=\"code\">{}</td><td class=\"code\">{}</td><td class=\"code\">{}{}",
           {proof.range, proof.comparison, proof.fixed_in.empty() ? "no fix" : proof.fixed_in,
            proof.needs.empty() ? "" : ", for " + proof.needs});
  put_small(page, proof.caveat);
  page.put("</td></tr>\n");
}

void put_proofs(const Page& page, const Entry& entry) {
  open_table(page, "Why it matched",
             {{"Advisory"}, {"Publisher"}, {"Looked up"}, {"Affected"}, {"Comparison"}, {"Fixed in"}});
  std::set<std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>> seen;
  for (const Finding* finding : entry.findings) {
    for (const Proof& proof : finding->proofs) {
      if (seen.emplace(proof.advisory, proof.key, proof.range, proof.comparison).second)
        put_proof(page, proof);
    }
  }
  close_table(page);
}

void put_place(const Page& page, const Package& package) {
  const ImageInfo& image = page.report.image;
  page.put("<tr><th scope=\"row\">{} {}</th><td class=\"code\">{}</td><td class=\"code\">/{}",
           {package.type, package.name, full_version(package), package.path.str()});
  const std::optional<std::size_t> other = package.owner ? package.owner : package.altered;
  if (other) {
    const Package& owner = page.report.inventory.packages[*other];
    put_small(page, fmt::format("{} {} {}", package.owner ? "installed by" : "altered file of", owner.name,
                                full_version(owner)));
  }
  page.put("</td>");
  if (has_layers(image) && package.layer < image.layers.size()) {
    const LayerInfo& layer = image.layers[package.layer];
    page.put("<td>{}<small class=\"code\">{}</small></td>",
             {place_of(page.report, package.layer),
              layer.digest.empty() ? layer.diff_id.str() : layer.digest.str()});
  }
  page.put("</tr>\n");
}

void put_places(const Page& page, const Entry& entry) {
  if (has_layers(page.report.image)) {
    open_table(page, "Where it is", {{"Package"}, {"Version"}, {"File"}, {"Layer"}});
  } else {
    open_table(page, "Where it is", {{"Package"}, {"Version"}, {"File"}});
  }
  for (const std::size_t i : entry.row->packages) put_place(page, page.report.inventory.packages[i]);
  close_table(page);
}

void put_grades(const Page& page, const Finding& finding) {
  if (finding.grades.empty()) return;
  open_table(page, "Severity, by source",
             {{"Source"}, {"Severity"}, {"Score", kNumber}, {"Vector, or its own word"}, {"Record"}});
  for (const Grade& grade : finding.grades) {
    page.put(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{}</td><td "
        "class=\"code\">{}</td><td>{}</td></tr>\n",
        {grade.source, name(grade.severity), grade.score ? fmt::format("{:.1f}", *grade.score) : "",
         grade.vector.empty() ? grade.word : grade.vector, grade.advisory});
  }
  close_table(page);
}

void put_dissents(const Page& page, const Finding& finding) {
  if (finding.dissents.empty()) return;
  open_table(page, "Who says otherwise", {{"Record"}, {"Publisher"}, {"Says"}});
  for (const Dissent& one : finding.dissents) {
    page.put("<tr><th scope=\"row\">{}</th><td>{}", {one.advisory, one.publisher});
    put_small(page, one.ecosystem);
    page.put("</td><td>{}</td></tr>\n", {one.says});
  }
  close_table(page);
}

void put_links(const Page& page, Markup title, const std::vector<std::string>& urls) {
  if (urls.empty()) return;
  page.put("<div class=\"links\"><p>");
  page.put(title);
  page.put("</p><ul>");
  for (const std::string& url : urls) {
    page.put("<li>");
    page.html.link(url, url);
    page.put("</li>");
  }
  page.put("</ul></div>\n");
}

}  // namespace

void put_details(const Page& page, const Entry& entry) {
  const Finding& finding = entry.finding();
  page.put("<div class=\"more\">\n");
  if (!finding.summary.empty()) page.put("<p class=\"summary\">{}</p>\n", {finding.summary});
  put_facts(page, entry);
  put_proofs(page, entry);
  put_places(page, entry);
  put_grades(page, finding);
  put_dissents(page, finding);
  put_links(page, "Exploits", finding.exploits);
  std::vector<std::string> references = {page_of(finding.id)};
  references.insert(references.end(), finding.references.begin(), finding.references.end());
  put_links(page, "References", references);
  page.put("</div>\n");
}

}  // namespace peekr::html
