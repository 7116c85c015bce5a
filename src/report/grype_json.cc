// SPDX-License-Identifier: Apache-2.0
// Grype's JSON (github.com/anchore/grype, presenter "json"), as far as pipelines read it: a match for each finding, what rules took
// out as ignored matches.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/anchore.h"
#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/json_writer.h"
#include "report/reporter.h"
#include "report/rulings.h"

namespace peekr {
namespace {

std::string severity_word(const Finding& one) {
  std::string word(name(harm_of(one)));
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::string_view fix_state(const Finding& one) {
  if (!one.fixed_in.empty()) return "fixed";
  switch (one.standing) {
    case Standing::wont_fix:
    case Standing::end_of_life: return "wont-fix";
    case Standing::affected:
    case Standing::deferred: return "not-fixed";
    case Standing::not_affected:
    case Standing::under_investigation: break;
  }
  return "unknown";
}

void write_scores(JsonWriter& json, const Finding& one) {
  std::vector<const Grade*> grades;
  for (const Grade& grade : one.grades) {
    if (grade.score && !grade.vector.empty()) grades.push_back(&grade);
  }
  json.list("cvss", grades, [&](const Grade* grade) {
    const std::string_view vector = grade->vector;
    const bool prefixed = vector.starts_with("CVSS:");
    json.text("source", grade->source);
    json.text("type", grade->source == "NVD" ? "Primary" : "Secondary");
    json.text("version", prefixed ? vector.substr(5, 3) : "2.0");
    json.text("vector", vector);
    json.record("metrics", [&] { json.decimal("baseScore", *grade->score); });
    json.record("vendorMetadata", [] {});
  });
}

void write_exploitation(JsonWriter& json, const Finding& one) {
  if (const Risk* risk = epss_of(one.risks)) {
    json.only("epss", [&] {
      json.text("cve", risk->cve);
      json.fraction("epss", risk->epss->score);
      json.fraction("percentile", risk->epss->percentile);
      json.text("date", risk->date);
    });
  }
  if (const Risk* risk = kev_of(one.risks)) {
    json.only("knownExploited", [&] {
      json.text("cve", risk->cve);
      json.text("dateAdded", risk->kev->added);
      json.text("requiredAction", risk->kev->action);
      json.text("dueDate", risk->kev->due);
      json.text("knownRansomwareCampaignUse", risk->kev->ransomware ? "Known" : "Unknown");
    });
  }
  if (one.weaknesses.empty()) return;
  json.list("cwes", one.weaknesses, [&](const std::string& weakness) {
    json.text("cve", one.id);
    json.text("cwe", weakness);
  });
}

void write_vulnerability(JsonWriter& json, const Report& report, const Finding& one) {
  const Package& package = report.inventory.packages[one.package];
  const std::string name_space = anchore::name_space(one.proofs.empty() ? Proof{} : one.proofs.front(),
                                                     package, report.inventory.distro);
  const std::string shown = anchore::shown_id(one, package, report.inventory.distro);
  json.record("vulnerability", [&] {
    json.text("id", shown);
    json.text("dataSource", page_of(shown));
    json.text("namespace", name_space);
    json.text("severity", severity_word(one));
    std::vector<std::string> urls;
    for (const std::string& url : one.references) urls.push_back(address(url));
    json.strings("urls", urls);
    json.given("description", one.summary);
    write_scores(json, one);
    write_exploitation(json, one);
    json.record("fix", [&] {
      json.strings("versions", one.fixed_in.empty() ? std::vector<std::string>()
                                                    : std::vector<std::string>{one.fixed_in});
      json.text("state", fix_state(one));
    });
    json.list("advisories", one.proofs, [&](const Proof& proof) {
      json.text("id", proof.advisory);
      json.text("link", page_of(proof.advisory));
    });
    json.decimal("risk", one.risk.total);
  });
  std::vector<std::string> related = one.names;
  related.push_back(one.id);
  sort_unique(related);
  std::erase(related, shown);
  json.list("relatedVulnerabilities", related, [&](const std::string& id) {
    json.text("id", id);
    json.text("dataSource", page_of(id));
    json.text("namespace", id.starts_with("CVE-") ? "nvd:cpe" : "");
  });
}

void write_details(JsonWriter& json, const Report& report, const Finding& one) {
  const Package& package = report.inventory.packages[one.package];
  json.list("matchDetails", one.proofs, [&](const Proof& proof) {
    json.text("type", anchore::match_type(proof, package));
    json.text("matcher", std::string(anchore::kind_of(package).syft) + "-matcher");
    json.record("searchedBy", [&] {
      json.text("namespace", anchore::name_space(proof, package, report.inventory.distro));
      json.record("package", [&] {
        json.text("name", proof.key);
        json.text("version", proof.installed);
      });
    });
    json.record("found", [&] {
      json.text("vulnerabilityID", proof.advisory);
      json.text("versionConstraint", proof.range);
    });
    if (!proof.fixed_in.empty()) json.record("fix", [&] { json.text("suggestedVersion", proof.fixed_in); });
  });
}

void write_artifact(JsonWriter& json, const ImageInfo& image, const Package& package, const std::string& id) {
  const anchore::Kind kind = anchore::kind_of(package);
  json.record("artifact", [&] {
    json.text("id", id);
    json.text("name", package.name);
    json.text("version", full_version(package));
    json.text("type", kind.syft);
    anchore::write_place(json, image, package);
    json.text("language", kind.language);
    json.strings("licenses", package.licenses);
    json.strings("cpes", package.cpes);
    json.text("purl", package.purl);
    const bool other = is_of_system(package) && !package.source.empty() && package.source != package.name;
    json.list("upstreams", std::vector<const Package*>(other ? 1 : 0, &package), [&](const Package* one) {
      json.text("name", one->source);
      json.given("version", one->source_version == one->version ? "" : one->source_version);
    });
  });
}

// One document: what all its matches share.
struct Matches {
  const Report& report;
  JsonWriter& json;
  std::vector<std::string> ids = anchore::ids_of(report.inventory);

  void write(const Finding& one) const {
    write_vulnerability(json, report, one);
    write_details(json, report, one);
    write_artifact(json, report.image, report.inventory.packages[one.package], ids[one.package]);
  }
  void write(const Suppressed& one) const {
    write(one.finding);
    json.only("appliedIgnoreRules", [&] {
      json.text("namespace", "");
      json.text("vulnerability", one.finding.id);
      json.text("reason", std::string(name(one.rule)) + ": " + one.reason);
    });
  }
};

void scan(const Report& report, const Style& /*style*/, std::string& out) {
  JsonWriter json(out);
  const Matches matches{report, json};
  json.document([&] {
    json.list("matches", report.findings.list, [&](const Finding& one) { matches.write(one); });
    json.list("ignoredMatches", report.findings.suppressed,
              [&](const Suppressed& one) { matches.write(one); });
    json.record("source", [&] {
      json.text("type", anchore::source_type(report.image));
      if (has_layers(report.image)) return anchore::write_image(json, "target", report.image);
      json.text("target", report.image.name);
    });
    anchore::write_distro(json, report.inventory.distro);
    json.record("descriptor", [&] {
      json.text("name", "peekr");
      json.text("version", report.version);
      json.text("timestamp", report.created);
      json.record("db", [&] { json.record("status", [&] { json.text("built", report.db.built); }); });
    });
  });
}

}  // namespace

namespace reporters {
extern const Reporter grype_json;
constexpr Reporter grype_json = {
    .name = "grype-json", .about = "Grype's JSON, for what reads that", .scan = scan};
}  // namespace reporters

}  // namespace peekr
