// SPDX-License-Identifier: Apache-2.0
// CycloneDX 1.4 to 1.7 (cyclonedx.org/docs/1.6/json, ECMA-424): the image as metadata.component, what is in it as components, and of a
// scan the vulnerabilities, each with what is to be done, or why it does not count (analysis). Executables that nothing accounts
// for are components too, of type file, with their hash: a list of parts that hid them would be no list. What could not be looked
// at stands in metadata.properties, and makes the composition incomplete. The versions are the same but for what 1.4 has not yet:
// tools as components, places of evidence (a property then), CVSS 4 as a method.
#include <fmt/format.h>

#include <array>

#include "base/date.h"
#include "base/text.h"
#include "report/columns.h"
#include "report/cyclonedx.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/json_writer.h"
#include "report/reporter.h"
#include "report/rulings.h"
#include "report/spdx_license.h"

namespace peekr {
namespace {

struct Property {
  std::string name, value;
};
using Properties = std::vector<Property>;

// Those without a value are left out.
void write_properties(JsonWriter& json, Properties properties) {
  std::erase_if(properties, [](const Property& one) { return one.value.empty(); });
  if (properties.empty()) return;
  json.list("properties", properties, [&](const Property& one) {
    json.text("name", "peekr:" + one.name);
    json.text("value", one.value);
  });
}

// A format of dates that a consumer would refuse is worse than none.
void write_time(JsonWriter& json, std::string_view key, const std::string& time) {
  if (seconds_between(time, time)) json.text(key, time);
}

void write_hash(JsonWriter& json, const Digest& digest) {
  json.list("hashes", std::array{&digest}, [&](const Digest* one) {
    json.text("alg", one->algorithm == "sha512" ? "SHA-512" : "SHA-256");
    json.text("content", one->hex);
  });
}

// What a part of the image is called by its neighbours.
struct Refs {
  std::string image;
  std::string distro = "operating-system";
  std::vector<std::string> packages;
  std::vector<std::string> files;  // unidentified ones
};

Refs refs_of(const Report& report) {
  Refs refs{.image = iri_of(report.image), .packages = package_refs(report.inventory)};
  for (std::size_t i = 0; i < report.inventory.completeness.unidentified.size(); ++i)
    refs.files.push_back("unidentified-" + std::to_string(i));
  return refs;
}

// What is written, how its parts are called, and in which version.
struct Bom {
  const Report& report;
  Refs refs;
  std::string_view version;

  [[nodiscard]] bool is_old() const { return version == "1.4"; }
};

void write_image(JsonWriter& json, const Bom& bom) {
  json.record("component", [&] {
    const ImageInfo& image = bom.report.image;
    const ImageName name = name_of(image);
    json.text("bom-ref", bom.refs.image);
    json.text("type", has_layers(image) ? "container" : "file");
    json.text("name", name.repository.empty() ? image.name : name.repository);
    json.given("version", image.digest.empty() ? image.id.str() : image.digest.str());
    json.given("purl", purl(image));
    Properties all = {{"image:name", image.name},
                      {"image:kind", image.kind},
                      {"image:tag", name.tag},
                      {"image:platform", image.platform},
                      {"image:digest", image.digest.str()},
                      {"image:id", image.id.str()},
                      {"image:base:name", image.base.name},
                      {"image:base:digest", image.base.digest}};
    for (std::size_t i = 0; has_layers(image) && i < image.layers.size(); ++i) {
      all.push_back({fmt::format("layer:{}:digest", i), image.layers[i].digest.str()});
      all.push_back({fmt::format("layer:{}:diff_id", i), image.layers[i].diff_id.str()});
    }
    for (const auto& [key, value] : image.labels) all.push_back({"image:label:" + key, value});
    write_properties(json, all);
  });
}

void write_tools(JsonWriter& json, const Bom& bom) {
  const auto fields = [&] {
    if (!bom.is_old()) json.text("type", "application");
    json.text("name", "peekr");
    json.text("version", bom.report.version);
  };
  if (bom.is_old()) return json.only("tools", fields);
  json.record("tools", [&] { json.only("components", fields); });
}

void write_metadata(JsonWriter& json, const Bom& bom, Extent extent) {
  const Report& report = bom.report;
  json.record("metadata", [&] {
    write_time(json, "timestamp", report.created);
    write_tools(json, bom);
    write_image(json, bom);
    Properties all;
    if (extent == Extent::findings) {
      all = {{"assessment", std::string(name(assessment(report)))}, {"database:built", report.db.built}};
      for (const std::string& reason : not_assessed(report)) all.push_back({"not_assessed", reason});
    }
    for (const Note& note : all_notes(report)) {
      const std::string path = note.path.empty() ? "" : note.path.str() + ": ";
      all.push_back({"gap:" + std::string(name(note.why)), path + note.what});
    }
    write_properties(json, all);
  });
}

void write_distro(JsonWriter& json, const Distro& distro, const Refs& refs) {
  json.text("bom-ref", refs.distro);
  json.text("type", "operating-system");
  json.text("name", distro.id);
  json.given("version", distro.version_id);
  json.given("description", distro.name);
  write_properties(json, {{"path", distro.path.str()}, {"codename", distro.codename}});
}

void write_licenses(JsonWriter& json, const Package& package) {
  std::vector<std::string> licenses = package.licenses;
  sort_unique(licenses);
  std::erase(licenses, "");
  if (licenses.empty()) return;
  const std::string expression =
      licenses.size() > 1 || is_spdx_license(licenses.front()) ? "" : spdx_expression(licenses);
  if (!expression.empty()) return json.only("licenses", [&] { json.text("expression", expression); });
  json.list("licenses", licenses, [&](const std::string& license) {
    json.record("license", [&] { json.text(is_spdx_license(license) ? "id" : "name", license); });
  });
}

Properties layer_properties(const Report& report, std::size_t layer) {
  const ImageInfo& image = report.image;
  if (!has_layers(image) || layer >= image.layers.size()) return {};
  return {{"layer:index", std::to_string(layer)},
          {"layer:digest", image.layers[layer].digest.str()},
          {"layer:diff_id", image.layers[layer].diff_id.str()},
          {"layer:base", is_of_base(image, layer) ? "true" : ""}};
}

void write_package(JsonWriter& json, const Bom& bom, std::size_t index) {
  const Refs& refs = bom.refs;
  const Package& package = bom.report.inventory.packages[index];
  json.text("bom-ref", refs.packages[index]);
  json.text("type", package.by_content ? "application" : "library");
  if (!package.vendor.empty()) json.record("supplier", [&] { json.text("name", package.vendor); });
  json.given("publisher", package.maintainer);
  json.text("name", package.name);
  json.text("version", full_version(package));
  write_licenses(json, package);
  if (!package.cpes.empty()) json.text("cpe", package.cpes.front());
  json.given("purl", package.purl);
  if (!package.path.empty() && !bom.is_old()) {
    json.record("evidence",
                [&] { json.only("occurrences", [&] { json.text("location", package.path.str()); }); });
  }
  Properties all = {{"type", package.type},
                    {"path", bom.is_old() ? package.path.str() : ""},
                    {"arch", package.arch},
                    {"source:name", package.source},
                    {"source:version", package.source_version},
                    {"modularity", package.modularity},
                    {"declared", package.declared ? "true" : ""},
                    {"claimed", package.claimed ? "true" : ""},
                    {"remnant", package.remnant ? "true" : ""}};
  if (package.owner) all.push_back({"installed_by", refs.packages[*package.owner]});
  if (package.altered) all.push_back({"altered_file_of", refs.packages[*package.altered]});
  for (std::size_t i = 1; i < package.cpes.size(); ++i) all.push_back({"cpe", package.cpes[i]});
  for (Property& one : layer_properties(bom.report, package.layer)) all.push_back(std::move(one));
  write_properties(json, all);
}

void write_file(JsonWriter& json, const Bom& bom, std::size_t index) {
  const Unidentified& file = bom.report.inventory.completeness.unidentified[index];
  json.text("bom-ref", bom.refs.files[index]);
  json.text("type", "file");
  json.text("name", file.path.str());
  if (!file.sha256.empty()) write_hash(json, {"sha256", file.sha256});
  Properties all = {
      {"unidentified", "true"}, {"size", std::to_string(file.size)}, {"listed_by", file.listed_by}};
  for (Property& one : layer_properties(bom.report, file.layer)) all.push_back(std::move(one));
  write_properties(json, all);
}

struct Part {
  enum class Kind : std::uint8_t { distro, package, file };
  Kind kind{};
  std::size_t index = 0;
};

void write_components(JsonWriter& json, const Bom& bom) {
  const std::optional<Distro>& distro = bom.report.inventory.distro;
  std::vector<Part> parts;
  if (distro) parts.push_back({Part::Kind::distro});
  for (std::size_t i = 0; i < bom.refs.packages.size(); ++i) parts.push_back({Part::Kind::package, i});
  for (std::size_t i = 0; i < bom.refs.files.size(); ++i) parts.push_back({Part::Kind::file, i});
  json.list("components", parts, [&](const Part& part) {
    switch (part.kind) {
      case Part::Kind::distro: return write_distro(json, *distro, bom.refs);
      case Part::Kind::package: return write_package(json, bom, part.index);
      case Part::Kind::file: return write_file(json, bom, part.index);
    }
  });
}

// The image has all parts. Which package needs which is not known.
void write_relations(JsonWriter& json, const Bom& bom) {
  const auto& [report, refs, version] = bom;
  std::vector<std::string> parts;
  if (report.inventory.distro) parts.push_back(refs.distro);
  parts.insert(parts.end(), refs.packages.begin(), refs.packages.end());
  parts.insert(parts.end(), refs.files.begin(), refs.files.end());
  json.list("dependencies", std::array{&refs}, [&](const Refs* one) {
    json.text("ref", one->image);
    json.strings("dependsOn", parts);
  });
  bool gap = !refs.files.empty();
  for (const Note& note : report.inventory.notes) gap = gap || incomplete(note.why);
  json.list("compositions", std::array{&refs}, [&](const Refs* one) {
    json.text("aggregate", gap ? "incomplete" : "unknown");
    json.strings("assemblies", {one->image});
  });
}

std::string_view rating_word(Severity severity) {
  return severity == Severity::negligible ? "info" : name(severity);
}

std::string_view method_of(std::string_view vector, const Bom& bom) {
  if (vector.starts_with("CVSS:4")) return bom.is_old() ? "other" : "CVSSv4";
  if (vector.starts_with("CVSS:3.1")) return "CVSSv31";
  if (vector.starts_with("CVSS:3")) return "CVSSv3";
  return vector.empty() ? "other" : "CVSSv2";
}

// peekr's own severity, with the record that it follows, then that of every source.
void write_ratings(JsonWriter& json, const Bom& bom, const Finding& finding) {
  const Grade own = {.source = "peekr", .severity = harm_of(finding), .score = finding.cvss};
  std::vector<const Grade*> grades = {&own};
  for (const Grade& grade : finding.grades) grades.push_back(&grade);
  json.list("ratings", grades, [&](const Grade* grade) {
    json.record("source", [&] { json.text("name", grade->source); });
    if (grade->score) json.decimal("score", *grade->score);
    json.text("severity", rating_word(grade->severity));
    json.text("method", method_of(grade->vector, bom));
    json.given("vector", grade->vector);
    json.given("justification", grade == &own ? finding.severity_source : grade->word);
  });
}

void write_weaknesses(JsonWriter& json, const Finding& finding) {
  std::vector<std::uint64_t> numbers;
  for (const std::string& weakness : finding.weaknesses) {
    const std::optional<std::uint64_t> number = to_number(cut(weakness, '-').second);
    if (weakness.starts_with("CWE-") && number && *number > 0) numbers.push_back(*number);
  }
  if (!numbers.empty()) json.numbers("cwes", numbers);
}

std::string_view state_of(const Ruling& entry) {
  if (is_fixed(entry)) return "resolved";
  if (!is_affected(entry)) return "not_affected";
  return entry.finding->standing == Standing::under_investigation ? "in_triage" : "";
}

std::string_view response_of(const Ruling& entry) {
  if (!is_affected(entry)) return {};
  if (!entry.finding->fixed_in.empty() || !entry.finding->extended_fixes.empty()) return "update";
  if (entry.finding->standing == Standing::wont_fix) return "will_not_fix";
  return entry.finding->standing == Standing::end_of_life ? "can_not_fix" : "";
}

void write_analysis(JsonWriter& json, const Ruling& entry) {
  const std::string_view state = state_of(entry);
  const std::string_view response = response_of(entry);
  if (state.empty() && response.empty() && entry.suppressed == nullptr) return;
  json.record("analysis", [&] {
    json.given("state", state);
    const Grounds grounds = state == "not_affected" ? cyclonedx_grounds_of(*entry.suppressed) : Grounds();
    json.given("justification", grounds.label);
    if (!response.empty()) json.strings("response", {response});
    if (entry.suppressed != nullptr)
      json.text("detail", grounds.words.empty() ? entry.suppressed->reason : grounds.words);
  });
}

Properties risk_properties(const Ruling& entry) {
  const Finding& finding = *entry.finding;
  Properties all = {
      {"confidence", std::string(name(finding.confidence))},
      {"standing", std::string(name(finding.standing))},
      {"risk", fmt::format("{:.1f}", finding.risk.total)},
      {"kind", finding.kind == Advisory::Kind::vulnerability ? "" : std::string(name(finding.kind))}};
  if (entry.suppressed != nullptr)
    all.push_back({"suppressed_by", std::string(name(entry.suppressed->rule))});
  if (const Risk* epss = epss_of(finding.risks)) {
    all.push_back({"epss:score", fmt::format("{:.5f}", epss->epss->score)});
    all.push_back({"epss:percentile", fmt::format("{:.5f}", epss->epss->percentile)});
  }
  if (const Risk* kev = kev_of(finding.risks)) {
    all.push_back({"kev", kev->source});
    all.push_back({"kev:due", kev->kev->due});
    all.push_back({"kev:ransomware", kev->kev->ransomware ? "true" : "false"});
  }
  for (const Proof& proof : finding.proofs) all.push_back({"advisory", proof.advisory});
  return all;
}

std::string_view source_of(std::string_view id) {
  if (id.starts_with("CVE-")) return "NVD";
  return id.starts_with("GHSA-") ? "GITHUB" : "OSV";
}

void write_name(JsonWriter& json, std::string_view id) {
  json.text("id", id);
  json.record("source", [&] {
    json.text("name", source_of(id));
    json.text("url", page_of(id));
  });
}

void write_vulnerability(JsonWriter& json, const Bom& bom, const Ruling& entry) {
  const Report& report = bom.report;
  const Finding& finding = *entry.finding;
  write_name(json, finding.id);
  if (!finding.names.empty())
    json.list("references", finding.names, [&](const std::string& id) { write_name(json, id); });
  write_ratings(json, bom, finding);
  write_weaknesses(json, finding);
  json.given("description", finding.summary);
  if (is_affected(entry)) json.text("recommendation", advice_on(finding, entry.packages, report.inventory));
  std::vector<std::string> pages = finding.references;
  pages.insert(pages.end(), finding.exploits.begin(), finding.exploits.end());
  for (std::string& page : pages) page = address(page);
  sort_unique(pages);
  if (!pages.empty()) json.list("advisories", pages, [&](const std::string& url) { json.text("url", url); });
  write_time(json, "published", finding.published);
  write_analysis(json, entry);
  json.list("affects", entry.packages, [&](std::size_t package) {
    json.text("ref", bom.refs.packages[package]);
    json.list("versions", std::array{package}, [&](std::size_t index) {
      json.text("version", full_version(report.inventory.packages[index]));
      json.text("status", is_affected(entry) ? "affected" : "unaffected");
    });
  });
  write_properties(json, risk_properties(entry));
}

void write(const Bom& bom, std::string& out, Extent extent) {
  const std::string_view what = extent == Extent::findings ? "scan" : "inventory";
  JsonWriter json(out);
  json.document([&] {
    json.text("$schema", fmt::format("http://cyclonedx.org/schema/bom-{}.schema.json", bom.version));
    json.text("bomFormat", "CycloneDX");
    json.text("specVersion", bom.version);
    json.text("serialNumber",
              "urn:uuid:" + uuid_of(bom.report, fmt::format("cyclonedx {} {}", bom.version, what)));
    json.number("version", 1);
    write_metadata(json, bom, extent);
    write_components(json, bom);
    write_relations(json, bom);
    if (extent == Extent::packages) return;
    json.list("vulnerabilities", rulings_of(bom.report.findings),
              [&](const Ruling& entry) { write_vulnerability(json, bom, entry); });
  });
}

void scan(const Report& report, const Style& style, std::string& out) {
  write({report, refs_of(report), cyclonedx_version(style.version)}, out, Extent::findings);
}

void inventory(const Report& report, const Style& style, std::string& out) {
  write({report, refs_of(report), cyclonedx_version(style.version)}, out, Extent::packages);
}

}  // namespace

namespace reporters {
extern const Reporter cyclonedx_json;
constexpr Reporter cyclonedx_json = {
    .name = "cyclonedx-json",
    .about = "CycloneDX 1.6 (@1.4, @1.5, @1.7): the parts of the image; of a scan also their vulnerabilities",
    .scan = scan,
    .inventory = inventory,
    .versions = kCycloneDxVersions,
    .alias = "cyclonedx"};
}  // namespace reporters

}  // namespace peekr
