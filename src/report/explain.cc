// SPDX-License-Identifier: Apache-2.0
#include "report/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/finding_groups.h"
#include "report/record_finding.h"
#include "report/record_writer.h"
#include "report/story.h"
#include "report/table.h"

namespace peekr {
namespace {

using table::Page;

std::string label(const Report& report, std::size_t index) {
  const Package& package = report.inventory.packages[index];
  const std::string& source = package.source;
  return one_line(fmt::format("{} {} {}{}", package.type, package.name, full_version(package),
                              source.empty() || source == package.name ? "" : ", built from " + source));
}

std::string spoken(Story::Verdict verdict) {
  switch (verdict) {
    case Story::Verdict::affected: return "it is affected";
    case Story::Verdict::undetermined: return "it cannot be said whether it is affected";
    case Story::Verdict::suppressed: return "it is found, and suppressed";
    case Story::Verdict::no_data: return "nobody judges it";
    case Story::Verdict::fixed: return "it is fixed";
    case Story::Verdict::not_affected: return "it is not affected";
    case Story::Verdict::not_in_image: return "it is not in the image";
    case Story::Verdict::unknown: return "it is not known";
  }
  return "";
}

void print_finding(const Page& page, const Finding& finding) {
  page.line("  fixed in " + (finding.fixed_in.empty() ? "no version" : one_line(finding.fixed_in)), 4);
  for (const ExtendedFix& fix : finding.extended_fixes) {
    page.line(fmt::format("  fixed in {} for those who have {} ({})", one_line(fix.version), fix.needs,
                          one_line(fix.advisory)),
              4);
  }
  table::print_details(page, finding, 2);
}

void print_account(const Page& page, const Account& account) {
  const std::string where = account.ecosystem.empty() ? "" : " on " + one_line(account.ecosystem);
  page.line(fmt::format("    {} of {}{}: {}", one_line(account.advisory), one_line(account.publisher), where,
                        one_line(account.says)),
            8);
}

void print_part(const Page& page, const Story::Part& part) {
  const Report& report = page.report;
  const Package& package = report.inventory.packages[part.package];
  page.out += "\n";
  page.line_in(table::kBold, label(report, part.package));
  page.line("  /" + one_line(package.path.str()), 4);
  if (has_layers(report.image) && package.layer < report.image.layers.size())
    page.line("  from " + table::layer_text(report.image, package.layer), 4);
  page.line(fmt::format("  {}: {}", spoken(part.verdict), one_line(part.why)), 4);
  if (part.finding != nullptr) print_finding(page, *part.finding);
  for (const Account* one : part.accounts) print_account(page, *one);
}

void write_part(RecordWriter& both, JsonWriter& json, const Report& report, const Story::Part& part) {
  json.record("package", [&] { fields(both, to_write(report.inventory.packages[part.package])); });
  json.text("verdict", name(part.verdict));
  json.text("why", part.why);
  if (part.finding == nullptr) {
    json.null("finding");
  } else {
    json.record("finding", [&] { fields(both, to_write(*part.finding)); });
  }
  json.list("records", part.accounts, [&](const Account* one) {
    json.text("advisory", one->advisory);
    json.text("publisher", one->publisher);
    json.text("ecosystem", one->ecosystem);
    json.text("answer", name(one->word));
    json.text("says", one->says);
    json.text("fixed_in", one->fixed_in);
  });
}

}  // namespace

void write_explanation(const Report& report, const Style& style, std::string& out) {
  const Page page{report, style, out};
  const Story story = story_of(report);
  const std::string id = one_line(report.explained);
  page.line_in(table::kBold,
               fmt::format("{} in {}: {}", id, one_line(report.image.name), spoken(story.verdict)));
  page.line("  " + one_line(story.why), 4);
  page.line(fmt::format("  {} in the database", counted(report.records, "record")), 4);
  for (const Story::Part& part : story.parts) print_part(page, part);
  table::print_notes(page, gaps(report));
  if (!report.verdict.remarks.empty()) out += "\n";
  table::print_remarks(page, report.verdict);
}

std::string explanation_json(const Report& report) {
  std::string out;
  JsonWriter json(out);
  RecordWriter both(json, report);
  const Story story = story_of(report);
  json.document([&] {
    write_head(json, 1, report.version, report.created);
    json.record("image", [&] { fields(both, to_write(report.image)); });
    json.text("id", report.explained);
    json.text("verdict", name(story.verdict));
    json.text("why", story.why);
    json.number("records", report.records);
    json.list("packages", story.parts,
              [&](const Story::Part& part) { write_part(both, json, report, part); });
    json.list("notes", all_notes(report), [&](const Note& note) { fields(both, to_write(note)); });
    json.texts("remarks", report.verdict.remarks, "what");
  });
  return out;
}

}  // namespace peekr
