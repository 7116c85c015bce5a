// SPDX-License-Identifier: Apache-2.0
// The end of the page: what could not be looked at, what rules took out, and what the answer rests on.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/columns.h"
#include "report/completeness.h"
#include "report/html.h"
#include "report/identity.h"
#include "report/table.h"

namespace peekr::html {
namespace {

constexpr std::size_t kOpenNotes = 30;    // more are folded
constexpr std::size_t kOpenChanges = 30;  // the same of a container's packages

std::string base_text(const ImageInfo& image) {
  if (image.base.layers > 0)
    return table::base_text(image) + (image.base.by.empty() ? "" : " (" + image.base.by + ")");
  return image.base.name.empty() ? "" : image.base.name + "; which layers are its own is not known";
}

void put_image(const Page& page) {
  const ImageInfo& image = page.report.image;
  page.put("<h3>Image</h3>\n<dl>\n");
  put_fact(page, "Name", image.name);
  put_fact(page, "Kind", image.kind);
  put_fact(page, "Tag", image.tag);
  put_fact(page, "Platform", image.platform);
  put_fact(page, "Digest", image.digest.str());
  put_fact(page, "ID", image.id.str());
  put_fact(page, "Base image", base_text(image));
  if (const std::optional<EndOfLife>& end = page.report.verdict.end_of_life)
    put_fact(page, "Support",
             "until " + end->date + (end->extended.empty() ? "" : ", extended until " + end->extended));
  for (const std::string& remark : page.report.verdict.remarks) put_fact(page, "Rules", remark);
  page.put("</dl>\n");
  if (!has_layers(image)) return;
  page.put("<details><summary>{} with digests</summary>\n", {counted(image.layers.size(), "layer")});
  open_table(page, "Digests of the layers", {{"Layer"}, {"Digest"}, {"Bytes", kNumber}, {"Built by"}});
  std::size_t number = 0;
  for (const LayerInfo& layer : image.layers) {
    page.put(
        "<tr><th scope=\"row\">{}</th><td class=\"code\">{}</td><td class=\"number\">{}</td><td "
        "class=\"code\">{}</td></tr>\n",
        {std::to_string(++number), layer.digest.empty() ? layer.diff_id.str() : layer.digest.str(),
         grouped_digits(layer.size), layer.created_by});
  }
  close_table(page);
  page.put("</details>\n");
}

void put_unidentified(const Page& page, const std::vector<Unidentified>& files) {
  if (files.empty()) return;
  page.put("<details><summary>{} that nothing accounts for</summary>\n",
           {counted(files.size(), "executable")});
  open_table(page, "Unidentified executables", {{"File"}, {"Bytes", kNumber}, {"SHA-256"}});
  for (const Unidentified& one : files) {
    page.put("<tr><th scope=\"row\" class=\"code\">/{}", {one.path.str()});
    put_small(page, one.listed_by.empty() ? "" : "other bytes than " + one.listed_by + " has");
    page.put("</th><td class=\"number\">{}</td><td class=\"code\">{}</td></tr>\n",
             {grouped_digits(one.size), one.sha256});
  }
  close_table(page);
  page.put("</details>\n");
}

void put_completeness(const Page& page) {
  const Inventory& inventory = page.report.inventory;
  const Completeness& all = inventory.completeness;
  page.put("<h3>Completeness</h3>\n<dl>\n");
  put_fact(page, "Packages",
           grouped_digits(inventory.packages.size()) + ", of which the database speaks for " +
               grouped_digits(page.report.findings.judged));
  put_fact(page, "Executables and libraries",
           fmt::format("{}: {} owned by system packages, {} identified otherwise, {} unidentified",
                       grouped_digits(all.executables), grouped_digits(all.owned),
                       grouped_digits(all.identified), grouped_digits(all.unidentified.size())));
  for (const LostDatabase& lost : all.lost)
    put_fact(
        page, "Package database",
        fmt::format("/{} was {} in a higher layer: the copy of {} was used ({})", lost.path.str(),
                    name(lost.how), place_of(page.report, lost.layer), counted(lost.packages, "package")));
  if (const std::size_t count = remnants(inventory); count > 0)
    put_fact(page, "Remnants", counted(count, "package") + " of which no file is left");
  page.put("</dl>\n");
  put_unidentified(page, all.unidentified);
}

void put_database(const Page& page) {
  const DbInfo& db = page.report.db;
  page.put("<h3>Advisories</h3>\n<dl>\n");
  put_fact(page, "Database", db.path);
  put_fact(page, "Changed", db.built);
  put_fact(page, "As of", db.as_of);
  put_fact(page, "Advisories", grouped_digits(db.advisories));
  put_fact(page, "Records on exploitation", grouped_digits(db.risks));
  page.put("</dl>\n");
  if (db.sources.empty()) return;
  page.put("<details><summary>{}</summary>\n", {counted(db.sources.size(), "source")});
  open_table(page, "Sources of advisories", {{"Source"}, {"Records", kNumber}, {"Newest"}, {"Fetched"}});
  for (const DbSource& source : db.sources) {
    page.put("<tr><th scope=\"row\">{}", {source.name});
    put_small(page, source.held.empty() ? "" : "newer data was held back: " + source.held);
    page.put("</th><td class=\"number\">{}</td><td>{}</td><td>{}</td></tr>\n",
             {grouped_digits(source.records), source.newest.substr(0, 10), source.fetched.substr(0, 10)});
  }
  close_table(page);
  page.put("</details>\n");
}

}  // namespace

void put_notes(const Page& page) {
  std::vector<Note> notes = all_notes(page.report);
  if (notes.empty()) return;
  std::ranges::stable_sort(notes, {}, &Note::why);
  page.put(
      "<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">What could not be looked at, or is in "
      "doubt</h2>\n");
  page.put(notes.size() > kOpenNotes ? Markup("<details><summary>") : Markup("<details open><summary>"));
  page.put("{}</summary>\n", {counted(notes.size(), "note")});
  open_table(page, "Notes", {{"Why"}, {"File"}, {"What"}});
  for (const Note& note : notes) {
    page.put("<tr><th scope=\"row\">{}</th><td class=\"code\">{}{}</td><td>{}</td></tr>\n",
             {table::heading_of(note.why), note.path.empty() ? "" : "/", note.path.str(), note.what});
  }
  close_table(page);
  page.put("</details>\n</section>\n");
}

void put_drift(const Page& page) {
  if (!page.report.drift) return;
  const std::vector<Drift::Change>& all = page.report.drift->packages;
  page.put("<section aria-labelledby=\"drift\">\n<h2 id=\"drift\">Drift from the image</h2>\n");
  if (all.empty()) {
    page.put("<p>The container has the packages of its image.</p>\n</section>\n");
    return;
  }
  page.put(all.size() > kOpenChanges ? Markup("<details><summary>") : Markup("<details open><summary>"));
  page.put("{}</summary>\n", {table::sums_of(*page.report.drift)});
  open_table(page, "What the container has other than its image",
             {{"Package"}, {"Change"}, {"In the image"}, {"In the container"}});
  for (const Drift::Change& one : all) {
    constexpr std::string_view kHow[] = {"added", "removed", "changed"};
    page.put("<tr><th scope=\"row\">{}<small>{}{}{}</small></th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
             {one.name, one.type, one.arch.empty() ? "" : " ", one.arch,
              kHow[static_cast<std::size_t>(one.how)], one.before, one.after});
  }
  close_table(page);
  page.put("</details>\n</section>\n");
}

void put_suppressed(const Page& page) {
  const std::vector<Suppressed>& all = page.report.findings.suppressed;
  if (all.empty()) return;
  page.put(
      "<section aria-labelledby=\"suppressed\">\n<h2 id=\"suppressed\">Not reported, and why</h2>\n"
      "<details><summary>{}</summary>\n",
      {counted(all.size(), "finding")});
  open_table(page, "What rules took out",
             {{"Vulnerability"}, {"Severity"}, {"Package"}, {"Rule"}, {"Reason"}});
  for (const Suppressed& one : all) {
    const Package& package = page.report.inventory.packages[one.finding.package];
    page.put(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{} {}<small "
        "class=\"code\">/{}</small></td><td>{}</td><td>{}</td></tr>\n",
        {one.finding.id, name(one.finding.severity), package.name, full_version(package), package.path.str(),
         spoken(name(one.rule)), one.reason});
  }
  close_table(page);
  page.put("</details>\n</section>\n");
}

void put_about(const Page& page) {
  page.put("<section class=\"about\" aria-labelledby=\"about\">\n<h2 id=\"about\">What this rests on</h2>\n");
  put_image(page);
  put_completeness(page);
  put_database(page);
  page.put("</section>\n");
  page.put(
      "<footer><p>peekr {} · risk = harm × likelihood × 10: severity and score; KEV, SSVC, exploits, EPSS. A "
      "finding is what an advisory says "
      "of an installed version; what has no advisory is not seen.</p></footer>\n",
      {page.report.version});
}

}  // namespace peekr::html
