// SPDX-License-Identifier: Apache-2.0
// The head of the report: what was scanned, against what; and what stands against the answer, before the
// answer.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/end_of_life.h"
#include "model/read_whole.h"
#include "report/data_age.h"
#include "report/identity.h"
#include "report/system.h"
#include "report/table.h"

namespace peekr::table {
namespace {

constexpr std::size_t kSources = 3;

std::string day(std::string_view rfc3339) { return one_line(rfc3339.substr(0, 10)); }

std::string newest(const DbInfo& db) {
  std::string latest;
  for (const DbSource& source : db.sources) latest = std::max(latest, source.newest);
  return latest;
}

std::string kind_text(const ImageInfo& image) {
  std::string text = one_line(image.kind);
  if (!image.tag.empty()) text += ", " + one_line(image.tag);
  if (!image.platform.empty()) text += ", " + one_line(image.platform);
  return text;
}

// "ended 2023-05-31" or "until 2028-04-01", on the day of the report.
std::string ends(std::string_view date, const Report& report) {
  return fmt::format("{} {}", date < day(report.created) ? "ended" : "until", one_line(date));
}

std::string system_text(const Report& report) {
  const bool of_words = report.image.kind == "sbom" || report.image.kind == "purl";
  if (!report.inventory.distro)
    return of_words ? "not recognised: none is named"
                    : "not recognised: no os-release or other release file was found";
  const std::optional<EndOfLife>& eol = report.verdict.end_of_life;
  std::string text = system_name(report);
  if (!eol && is_rolling(*report.inventory.distro))
    return text + "; a rolling release, without an end of life";
  if (!eol) return text + "; its end of life is not known here";
  text += "; security support " + ends(eol->date, report);
  if (!eol->extended.empty() && eol->extended != eol->date) {
    text += ", extended support " + ends(eol->extended, report);
  }
  return text;
}

std::string sources_text(const Page& page) {
  const DbInfo& db = page.report.db;
  const std::size_t shown = page.shown(db.sources.size(), kSources);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    text += (i > 0 ? ", " : "") + one_line(db.sources[i].name);
  }
  if (db.sources.size() > shown) text += fmt::format(" and {} more", db.sources.size() - shown);
  return text;
}

std::string advisories_text(const Page& page) {
  const DbInfo& db = page.report.db;
  if (db.advisories == 0) return "none";
  std::string text = grouped_digits(db.advisories);
  if (!db.sources.empty()) text += " from " + sources_text(page);
  if (const std::string latest = newest(db); !latest.empty()) text += ", newest " + day(latest);
  if (!db.as_of.empty()) text += "; as of " + one_line(db.as_of);
  return text;
}

// What came over the line, and of which layers only a part.
void print_fetched(const Page& page) {
  const ImageInfo& image = page.report.image;
  const std::size_t parts = parts_in(image);
  if (image.fetched) {
    std::string text = fmt::format("{} bytes; the image has {}", grouped_digits(*image.fetched),
                                   grouped_digits(stored_bytes(image)));
    if (parts > 0)
      text += fmt::format("; {} of {} read through a table of contents, in part", grouped_digits(parts),
                          counted(image.layers.size(), "layer"));
    field(page, "fetched", text);
  }
  for (const std::string& line : told_of_whole_layers(image)) field(page, "", one_line(line));
}

}  // namespace

void field(const Page& page, std::string_view label, std::string_view text) {
  const std::string head = "  " + filled(label, 10) + "  ";
  page.out += wrapped(text, {.width = page.style.width, .indent = columns(head), .head = head});
}

void Page::line_in(std::string_view sgr, std::string_view text) const {
  std::string lines = wrapped(text, {.width = style.width, .indent = 2});
  lines.pop_back();
  out += paint()(lines, sgr) + "\n";
}

void print_header(const Page& page) {
  const ImageInfo& image = page.report.image;
  page.out += page.paint()(one_line(image.name), kBold) + "\n";
  field(page, "image", kind_text(image));
  if (!image.digest.empty()) field(page, "digest", image.digest.str());
  if (!image.id.empty()) field(page, "id", image.id.str());
  field(page, "system", system_text(page.report));
  std::string contents = counted(page.report.inventory.packages.size(), "package");
  if (has_layers(image)) contents += " in " + counted(image.layers.size(), "layer");
  field(page, "contents", contents);
  print_fetched(page);
  if (image.base.layers > 0) {
    field(page, "base image", base_text(image) + " (" + image.base.by + ")");
  } else if (!image.base.name.empty()) {
    field(page, "base image", one_line(image.base.name) + "; which layers are its own is not known");
  }
  if (!page.report.db.path.empty()) field(page, "advisories", advisories_text(page));
}

// OSC 8 (gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda).
std::string Page::id(const std::string& id) const {
  const std::string text = one_line(id);
  return style.links ? "\x1b]8;;" + page_of(id) + "\x1b\\" + text + "\x1b]8;;\x1b\\" : text;
}

void print_warnings(const Page& page) {
  const Report& report = page.report;
  std::vector<std::string> warnings;
  if (const std::string over = end_of_life_text(report); !over.empty()) warnings.push_back(over);
  for (const std::string& reason : not_assessed(report)) warnings.push_back(reason);
  if (const std::string old = old_data_text(report); !old.empty()) warnings.push_back(old);
  constexpr std::size_t kMost = 6;
  if (!warnings.empty()) page.out += "\n";
  const std::size_t shown = page.shown(warnings.size(), kMost);
  for (std::size_t i = 0; i < shown; ++i) page.line_in(kWarning, "! " + warnings[i]);
  if (warnings.size() > shown) page.line(fmt::format("! and {} more, see below", warnings.size() - shown));
}

}  // namespace peekr::table
