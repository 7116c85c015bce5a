// SPDX-License-Identifier: Apache-2.0
// The report for programs. Its shape is published: docs/schema/report.schema.json and inventory.schema.json;
// fields are only ever added. Every list item is a record. Layers are counted from 0, the lowest.
#include "report/json.h"

#include "base/date.h"
#include "model/end_of_life.h"
#include "report/completeness.h"
#include "report/finding_groups.h"
#include "report/json_writer.h"
#include "report/reporter.h"

namespace peekr {
namespace {

constexpr std::uint64_t kSchemaVersion = 1;

void write_head(JsonWriter& json, const Report& report) {
  json.number("schema_version", kSchemaVersion);
  json.record("peekr", [&] { json.text("version", report.version); });
  json.text("created", report.created);
}

void write_layer(JsonWriter& json, std::size_t index, const ImageInfo& image) {
  const LayerInfo& layer = image.layers[index];
  json.number("index", index);
  json.text("digest", layer.digest.str());
  json.text("diff_id", layer.diff_id.str());
  json.text("created_by", layer.created_by);
  json.flag("base", is_of_base(image, index));
}

void write_image(JsonWriter& json, const ImageInfo& image) {
  json.record("image", [&] {
    json.text("name", image.name);
    json.text("kind", image.kind);
    json.text("platform", image.platform);
    json.text("tag", image.tag);
    json.text("digest", image.digest.str());
    json.text("id", image.id.str());
    json.list("labels", image.labels, [&](const auto& label) {
      json.text("name", label.first);
      json.text("value", label.second);
    });
    json.list("annotations", image.annotations, [&](const auto& annotation) {
      json.text("name", annotation.first);
      json.text("value", annotation.second);
    });
    json.record("base", [&] {
      json.text("name", image.base.name);
      json.text("digest", image.base.digest);
      json.number("layers", image.base.layers);
      json.text("by", image.base.by);
    });
    std::size_t index = 0;
    json.list("layers", image.layers, [&](const LayerInfo& layer) {
      write_layer(json, index++, image);
      json.text("media_type", layer.media_type);
      json.number("size", layer.size);
    });
  });
}

// Left out where there can be none.
void write_drift(JsonWriter& json, const std::optional<Drift>& drift) {
  if (!drift) return;
  constexpr std::array<std::string_view, 3> kHow = {"added", "removed", "changed"};
  json.record("drift", [&] {
    json.list("packages", drift->packages, [&](const Drift::Change& one) {
      json.text("change", kHow[static_cast<std::size_t>(one.how)]);
      json.text("type", one.type);
      json.text("name", one.name);
      json.text("arch", one.arch);
      json.text("before", one.before);
      json.text("after", one.after);
    });
  });
}

void write_end_of_life(JsonWriter& json, const std::optional<EndOfLife>& end) {
  if (!end) return json.null("end_of_life");
  json.record("end_of_life", [&] {
    json.text("date", end->date);
    json.text("extended", end->extended);
    json.flag("past", end->past);
  });
}

// Nothing is said about end of life in an inventory: nobody judged there.
enum class Judged { no, yes };

void write_distro(JsonWriter& json, const Report& report, Judged judged) {
  if (!report.inventory.distro) return json.null("distro");
  const Distro& distro = *report.inventory.distro;
  json.record("distro", [&] {
    json.text("id", distro.id);
    json.texts("id_like", distro.id_like, "id");
    json.text("version_id", distro.version_id);
    json.text("codename", distro.codename);
    json.text("variant_id", distro.variant_id);
    json.text("name", distro.name);
    json.text("path", distro.path.str());
    if (judged == Judged::no) return;
    write_end_of_life(json, report.verdict.end_of_life);
    json.flag("rolling", is_rolling(distro));
  });
}

void write_identity(JsonWriter& json, const Package& package) {
  json.text("type", package.type);
  json.text("name", package.name);
  json.text("version", package.version);
  if (package.epoch) {
    json.number("epoch", *package.epoch);
  } else {
    json.null("epoch");
  }
  json.text("arch", package.arch);
  json.text("source", package.source);
  json.text("source_version", package.source_version);
  json.text("purl", package.purl);
  json.flag("declared", package.declared);
  json.flag("claimed", package.claimed);
}

// Another package of the inventory.
void write_other(JsonWriter& json, std::string_view key, std::optional<std::size_t> index,
                 const Report& report) {
  if (!index) return json.null(key);
  json.record(key, [&] { write_identity(json, report.inventory.packages[*index]); });
}

// Whose the file is that the package was read from.
void write_owners(JsonWriter& json, const Package& package, const Report& report) {
  write_other(json, "installed_by", package.owner, report);
  write_other(json, "altered_file_of", package.altered, report);
}

void write_package(JsonWriter& json, const Package& package, const Report& report) {
  write_identity(json, package);
  json.text("path", package.path.str());
  write_owners(json, package, report);
  json.flag("remnant", package.remnant);
  json.number("layer_index", package.layer);
  std::string layer;
  if (package.layer < report.image.layers.size()) {
    const LayerInfo& info = report.image.layers[package.layer];
    layer = info.digest.empty() ? info.diff_id.str() : info.digest.str();
  }
  json.text("layer", layer);
  json.flag("base", is_of_base(report.image, package.layer));
  json.texts("licenses", package.licenses, "name");
  json.text("maintainer", package.maintainer);
  json.text("vendor", package.vendor);
  json.text("modularity", package.modularity);
  json.texts("cpes", package.cpes, "name");
}

void write_notes(JsonWriter& json, const std::vector<Note>& notes) {
  json.list("notes", notes, [&](const Note& note) {
    json.text("path", note.path.str());
    json.text("why", name(note.why));
    json.text("what", note.what);
    json.flag("incomplete", incomplete(note.why));
  });
}

void write_proof(JsonWriter& json, const Proof& proof) {
  json.text("advisory", proof.advisory);
  json.text("publisher", proof.publisher);
  json.text("ecosystem", proof.ecosystem);
  json.text("key", proof.key);
  json.flag("by_source", proof.by_source);
  json.text("scheme", proof.scheme);
  json.text("installed", proof.installed);
  json.text("range", proof.range);
  json.text("comparison", proof.comparison);
  json.text("fixed_in", proof.fixed_in);
  json.text("needs", proof.needs);
  json.text("caveat", proof.caveat);
}

void write_score(JsonWriter& json, std::string_view key, const std::optional<double>& score) {
  if (score) {
    json.decimal(key, *score);
  } else {
    json.null(key);
  }
}

// Whole days up to the report; null where it is not known from when.
void write_age(JsonWriter& json, std::string_view key, const std::string& from, const Report& report) {
  if (const std::optional<std::int64_t> days = days_between(from, report.created)) {
    json.integer(key, *days);
  } else {
    json.null(key);
  }
}

void write_epss(JsonWriter& json, const Risk* risk) {
  if (risk == nullptr) return json.null("epss");
  json.record("epss", [&] {
    json.fraction("score", risk->epss->score);
    json.fraction("percentile", risk->epss->percentile);
    json.text("date", risk->date);
    json.text("source", risk->source);
  });
}

void write_kev(JsonWriter& json, const Risk* risk) {
  if (risk == nullptr) return json.null("kev");
  json.record("kev", [&] {
    json.text("added", risk->kev->added);
    json.text("due", risk->kev->due);
    json.flag("ransomware", risk->kev->ransomware);
    json.text("action", risk->kev->action);
    json.text("date", risk->date);
    json.text("source", risk->source);
  });
}

void write_ssvc(JsonWriter& json, const Risk* risk) {
  if (risk == nullptr) return json.null("ssvc");
  json.record("ssvc", [&] {
    json.text("exploitation", name(risk->ssvc->exploitation));
    json.text("automatable", risk->ssvc->automatable ? "yes" : "no");
    json.text("technical_impact", risk->ssvc->total ? "total" : "partial");
    json.text("date", risk->date);
    json.text("source", risk->source);
  });
}

void write_risk(JsonWriter& json, const Finding& finding, const Report& report) {
  json.record("risk", [&] {
    json.decimal("score", finding.risk.total);
    json.decimal("harm", finding.risk.harm);
    json.text("harm_by", finding.risk.harm_by);
    json.fraction("likelihood", finding.risk.likelihood);
    json.text("likelihood_by", finding.risk.likelihood_by);
  });
  json.list("severities", finding.grades, [&](const Grade& grade) {
    json.text("source", grade.source);
    json.text("advisory", grade.advisory);
    json.text("severity", name(grade.severity));
    json.text("word", grade.word);
    json.text("vector", grade.vector);
    write_score(json, "score", grade.score);
  });
  write_epss(json, epss_of(finding.risks));
  write_kev(json, kev_of(finding.risks));
  write_ssvc(json, ssvc_of(finding.risks));
  json.texts("weaknesses", finding.weaknesses, "id");
  json.texts("exploits", finding.exploits, "url");
  json.text("fix_published", finding.fix_published);
  write_age(json, "age_days", finding.published, report);
  write_age(json, "fix_age_days", finding.fix_published, report);
}

void write_finding(JsonWriter& json, const Finding& finding, const Report& report) {
  const Package& package = report.inventory.packages[finding.package];
  json.text("id", finding.id);
  json.texts("names", finding.names, "id");
  json.text("severity", name(finding.severity));
  json.text("severity_source", finding.severity_source);
  write_score(json, "cvss", finding.cvss);
  json.text("standing", name(finding.standing));
  json.text("confidence", name(finding.confidence));
  json.text("confidence_by", finding.confidence_by);
  json.text("fixed_in", finding.fixed_in);
  json.list("extended_fixes", finding.extended_fixes, [&](const ExtendedFix& fix) {
    json.text("advisory", fix.advisory);
    json.text("ecosystem", fix.ecosystem);
    json.text("version", fix.version);
    json.text("needs", fix.needs);
  });
  json.text("summary", finding.summary);
  json.text("published", finding.published);
  json.texts("references", finding.references, "url");
  write_risk(json, finding, report);
  json.record("package", [&] { write_identity(json, package); });
  json.text("file", package.path.str());
  write_owners(json, package, report);
  if (has_layers(report.image) && package.layer < report.image.layers.size()) {
    json.record("layer", [&] { write_layer(json, package.layer, report.image); });
  } else {
    json.null("layer");
  }
  json.list("proofs", finding.proofs, [&](const Proof& proof) { write_proof(json, proof); });
  json.list("dissents", finding.dissents, [&](const Dissent& one) {
    json.text("advisory", one.advisory);
    json.text("publisher", one.publisher);
    json.text("ecosystem", one.ecosystem);
    json.text("says", one.says);
  });
  json.text("decided_by", finding.decided_by);
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

void write_verdict(JsonWriter& json, const Verdict& verdict) {
  json.record("verdict", [&] {
    json.integer("exit_code", verdict.exit_code);
    json.texts("reasons", verdict.reasons, "what");
    json.texts("remarks", verdict.remarks, "what");
  });
}

void scan(const Report& report, const Style& style, std::string& out) {
  JsonWriter json(out);
  json.document([&] {
    write_head(json, report);
    write_image(json, report.image);
    write_distro(json, report, Judged::yes);
    write_database(json, report.db);
    write_summary(json, report);
    write_drift(json, report.drift);
    write_completeness(json, report.inventory);
    json.list("findings", in_order(report, style.sort),
              [&](const Finding* finding) { write_finding(json, *finding, report); });
    std::vector<const Finding*> malware;
    for (const Finding& one : report.findings.list) {
      if (one.kind == Advisory::Kind::malware) malware.push_back(&one);
    }
    json.list("malware", malware, [&](const Finding* finding) { write_finding(json, *finding, report); });
    json.list("suppressed", report.findings.suppressed, [&](const Suppressed& one) {
      json.text("rule", name(one.rule));
      json.text("reason", one.reason);
      write_finding(json, one.finding, report);
    });
    write_notes(json, all_notes(report));
    write_verdict(json, report.verdict);
  });
}

void inventory(const Report& report, const Style& style, std::string& out) {
  JsonWriter json(out);
  json.document([&] {
    write_head(json, report);
    write_image(json, report.image);
    write_distro(json, report, Judged::no);
    write_drift(json, report.drift);
    write_completeness(json, report.inventory);
    json.list("packages", report.inventory.packages, [&](const Package& package) {
      write_package(json, package, report);
      if (style.files) json.texts("files", package.files, "path");
    });
    write_notes(json, all_notes(report));
  });
}

}  // namespace

void write_database(JsonWriter& json, const DbInfo& db) {
  json.record("database", [&] {
    json.text("path", db.path);
    json.text("built", db.built);
    json.text("history", db.history);
    json.text("as_of", db.as_of);
    json.number("advisories", db.advisories);
    json.number("withdrawn", db.withdrawn);
    json.number("packages", db.packages);
    json.number("risks", db.risks);
    json.number("bytes", db.bytes);
    json.list("sources", db.sources, [&](const DbSource& source) {
      json.text("name", source.name);
      json.text("feed", source.feed);
      json.number("records", source.records);
      json.text("newest", source.newest);
      json.text("fetched", source.fetched);
      json.text("held", source.held);
      json.number("left_out", source.left_out);
      write_notes(json, source.notes);
    });
  });
}

namespace reporters {
extern constexpr Reporter json = {
    .name = "json", .about = "for programs: docs/schema has the shape", .scan = scan, .inventory = inventory};
}  // namespace reporters
}  // namespace peekr
