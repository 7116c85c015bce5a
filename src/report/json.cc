// SPDX-License-Identifier: Apache-2.0
// The report for programs. Its shape is published: docs/schema/report.schema.json, inventory.schema.json and
// platforms.schema.json; fields are only ever added. Every list item is a record. Layers are counted from 0, the lowest.
#include "report/json.h"

#include "base/date.h"
#include "report/completeness.h"
#include "report/finding_groups.h"
#include "report/json_writer.h"
#include "report/record_finding.h"
#include "report/record_writer.h"
#include "report/reporter.h"
#include "report/saved.h"

namespace peekr {
namespace {

void write_distro(RecordWriter& both, const Report& report) {
  both.record("distro", report.inventory.distro, [&](Distro& one) {
    fields(both, one);
    both.record("end_of_life", report.verdict.end_of_life, [&](EndOfLife& end) { fields(both, end); });
    both.shown([&](JsonWriter& json, const Report&) { json.flag("rolling", is_rolling(one)); });
  });
}

// Left out where there can be none.
void write_drift(RecordWriter& both, const std::optional<Drift>& drift) {
  if (!drift) return;
  both.record("drift", [&] {
    both.list("packages", drift->packages, [&](Drift::Change& one) { fields(both, one); });
  });
}

void write_completeness(RecordWriter& both, const Inventory& inventory) {
  both.record("completeness", [&] {
    fields(both, to_write(inventory.completeness));
    both.shown([&](JsonWriter& json, const Report&) {
      json.number("remnants", remnants(inventory));
      json.list("unopened_archives", unopened_archives(inventory), [&](const Note* note) {
        json.text("path", note->path.str());
        json.text("what", note->what);
      });
    });
  });
}

void write_packages(RecordWriter& both, const Report& report, const Style& style) {
  both.list("packages", report.inventory.packages, [&](Package& package) {
    fields(both, package);
    if (style.files) both.texts("files", package.files, "path");
  });
}

// Whole days; null where it is not known from when.
void write_age(JsonWriter& json, std::string_view key, const std::string& from, const Report& report) {
  if (const std::optional<std::int64_t> days = days_between(from, report.created)) {
    json.integer(key, *days);
  } else {
    json.null(key);
  }
}

// Another package of the inventory.
void write_other(JsonWriter& json, std::string_view key, std::optional<std::size_t> index,
                 const Report& report) {
  if (!index) return json.null(key);
  json.record(key, [&] { write_identity(json, report.inventory.packages[*index]); });
}

// The highest severity first.
void write_rows(JsonWriter& json, const std::vector<FindingGroup>& groups) {
  const std::array<SeverityCount, 6> counts = counted_by_severity(groups);
  std::size_t severity = counts.size();
  json.list("rows", counts, [&](const SeverityCount&) {
    --severity;
    json.text("severity", name(static_cast<Severity>(severity)));
    json.number("count", counts[severity].all);
    json.number("fixable", counts[severity].fixable);
  });
}

// Rows count a vulnerability of a source package once, as the table does; findings count each binary package.
void write_summary(JsonWriter& json, const Report& report) {
  const std::vector<FindingGroup> groups = grouped(report);
  json.record("summary", [&] {
    json.text("assessment", name(assessment(report)));
    json.texts("not_assessed", not_assessed(report), "what");
    json.number("packages", report.inventory.packages.size());
    json.number("judged", report.findings.judged);
    json.number("findings", vulnerabilities(report));
    json.number("malware", report.findings.list.size() - vulnerabilities(report));
    json.number("source_packages", groups.size());
    write_rows(json, groups);
    constexpr std::array kSides = {Whose::own, Whose::base};
    json.list("origins", kSides, [&](Whose origin) {
      json.text("origin", origin == Whose::base ? "base" : "own");
      write_rows(json, grouped(report, Sort::severity, origin));
    });
  });
}

// Of the inventory, then of matching.
void write_notes(RecordWriter& both, const Report& report) {
  std::vector<std::pair<Stage, const Note*>> all;
  for (const Note& note : report.inventory.notes) all.emplace_back(Stage::inventory, &note);
  for (const Note& note : report.findings.notes) all.emplace_back(Stage::match, &note);
  both.list("notes", all, [&](auto& one) {
    fields(both, to_write(*one.second));
    both.word("stage", one.first, Stage::match);
  });
}

// All fields of a report.
void write_scan(JsonWriter& json, const Report& report, const Style& style) {
  RecordWriter both(json, report);
  const auto write = [&](const Finding* finding) { fields(both, to_write(*finding)); };
  std::vector<const Finding*> findings = in_order(report, style.sort), malware;
  for (const Finding& one : report.findings.list) {
    if (one.kind == Advisory::Kind::malware) malware.push_back(&one);
  }
  write_head(json, kReportSchema, report.version, report.created);
  both.record("image", [&] { fields(both, to_write(report.image)); });
  write_distro(both, report);
  write_database(json, report.db);
  write_summary(json, report);
  write_drift(both, report.drift);
  write_completeness(both, report.inventory);
  both.list("findings", findings, write);
  both.list("malware", malware, write);
  both.list("suppressed", report.findings.suppressed, [&](Suppressed& one) { fields(both, one); });
  both.record("plan", report.plan, [&](Remediation& plan) { fields(both, plan); });
  write_packages(both, report, Style());
  write_notes(both, report);
  both.record("verdict", [&] { fields(both, to_write(report.verdict)); });
}

void write_inventory(JsonWriter& json, const Report& report, const Style& style) {
  RecordWriter both(json, report);
  write_head(json, kReportSchema, report.version, report.created);
  both.record("image", [&] { fields(both, to_write(report.image)); });
  write_distro(both, report);
  write_drift(both, report.drift);
  write_completeness(both, report.inventory);
  write_packages(both, report, style);
  write_notes(both, report);
}

// It seldom comes to more: a text that grows is copied again and again, and each copy is new memory. What is not used costs nothing.
constexpr std::size_t kOfFinding = 3072, kOfPackage = 1280;

void scan(const Report& report, const Style& style, std::string& out) {
  out.reserve(kOfFinding * report.findings.list.size() + kOfPackage * report.inventory.packages.size());
  JsonWriter json(out);
  json.document([&] { write_scan(json, report, style); });
}

void inventory(const Report& report, const Style& style, std::string& out) {
  JsonWriter json(out);
  json.document([&] { write_inventory(json, report, style); });
}

// Each report is what is written of that platform alone.
void platforms(const IndexReport& index, Extent extent, const Style& style, std::string& out) {
  const auto write = extent == Extent::findings ? write_scan : write_inventory;
  const Report none;
  JsonWriter json(out);
  RecordWriter both(json, none);
  json.document([&] {
    write_head(json, kReportSchema, index.version, index.created);
    both.record("image", [&] { fields(both, to_write(index.image)); });
    both.list("platforms", index.platforms, [&](PlatformReport& one) {
      fields(both, one);
      if (!one.report) return json.null("report");
      json.record("report", [&] { write(json, *one.report, style); });
    });
    if (extent == Extent::findings) both.record("verdict", [&] { fields(both, to_write(index.verdict)); });
  });
}

}  // namespace

void write_identity(JsonWriter& json, const Package& package) {
  const Report none;
  RecordWriter both(json, none);
  identity(both, to_write(package));
}

void write_origin(JsonWriter& json, const Report& report, const Package& package) {
  std::string layer;
  if (package.layer < report.image.layers.size()) {
    const LayerInfo& info = report.image.layers[package.layer];
    layer = info.digest.empty() ? info.diff_id.str() : info.digest.str();
  }
  json.text("layer", layer);
  json.flag("base", is_of_base(report.image, package.layer));
}

void write_ages(JsonWriter& json, const Report& report, const Finding& finding) {
  write_age(json, "age_days", finding.published, report);
  write_age(json, "fix_age_days", finding.fix_published, report);
}

void write_place(JsonWriter& json, const Report& report, const Package& package) {
  json.text("file", package.path.str());
  write_other(json, "installed_by", package.owner, report);
  write_other(json, "altered_file_of", package.altered, report);
  if (!has_layers(report.image) || package.layer >= report.image.layers.size()) return json.null("layer");
  json.record("layer", [&] {
    RecordWriter both(json, report);
    fields(both, to_write(report.image.layers[package.layer]), package.layer);
  });
}

void write_database(JsonWriter& json, const DbInfo& db) {
  const Report none;
  RecordWriter both(json, none);
  both.record("database", [&] { fields(both, to_write(db)); });
}

namespace reporters {
extern constexpr Reporter json = {.name = "json",
                                  .about = "for programs: docs/schema has the shape; peekr convert reads it",
                                  .scan = scan,
                                  .inventory = inventory,
                                  .platforms = platforms,
                                  .shows_plan = true};
}  // namespace reporters
}  // namespace peekr
