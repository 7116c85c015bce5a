// SPDX-License-Identifier: Apache-2.0
// Trivy's JSON, schema 2 (trivy.dev, "Reporting"), as far as pipelines read it (Harbor, DefectDojo, Copacetic, Dependency-Track): a result
// for the packages of the system, one for each language, one for each program that has its modules in it.
#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "base/text.h"
#include "model/root.h"
#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/json_writer.h"
#include "report/reporter.h"
#include "report/rulings.h"

namespace peekr {
namespace {

// What Trivy calls a language's packages, and all of them; where nothing stands the file that they are in is the target.
struct Language {
  std::string_view type, trivy, target;
};
constexpr Language kLanguages[] = {
    {"cargo", "rustbinary", ""},    {"composer", "composer-vendor", ""}, {"conda", "conda-pkg", "Conda"},
    {"gem", "gemspec", "Ruby"},     {"golang", "gobinary", ""},          {"maven", "jar", "Java"},
    {"npm", "node-pkg", "Node.js"}, {"nuget", "dotnet-core", ""},        {"pypi", "python-pkg", "Python"}};

// Trivy's names of what os-release calls otherwise.
constexpr std::pair<std::string_view, std::string_view> kFamilies[] = {
    {"almalinux", "alma"},
    {"amzn", "amazon"},
    {"mariner", "cbl-mariner"},
    {"ol", "oracle"},
    {"opensuse-leap", "opensuse-leap"},
    {"rhel", "redhat"},
    {"sles", "suse linux enterprise server"}};

std::string_view family_of(const Distro& distro) {
  const auto found = std::ranges::find(kFamilies, std::string_view(distro.id),
                                       &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(kFamilies) ? std::string_view(distro.id) : found->second;
}

struct Target {
  std::string target, category, type;

  auto operator<=>(const Target&) const = default;
};
struct Section {
  std::vector<std::size_t> packages;
  std::vector<const Finding*> findings;
  std::vector<const Suppressed*> suppressed;
};

Target target_of(const Report& report, const Package& package) {
  if (is_of_system(package)) {
    std::optional<Distro> distro = other_distro(package, report.inventory.distro);
    if (!distro) distro = report.inventory.distro;
    const std::string system = distro ? std::string(family_of(*distro)) : package.type;
    const std::string release = distro ? " " + distro->version_id : "";
    return {report.image.name + " (" + system + release + ")", "os-pkgs", system};
  }
  const auto found = std::ranges::find(kLanguages, std::string_view(package.type), &Language::type);
  const bool known = found != std::end(kLanguages) && !package.declared;
  return {known && !found->target.empty() ? std::string(found->target) : package.path.str(), "lang-pkgs",
          known ? std::string(found->trivy) : package.type};
}

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::critical: return "CRITICAL";
    case Severity::high: return "HIGH";
    case Severity::medium: return "MEDIUM";
    case Severity::low:
    case Severity::negligible: return "LOW";
    case Severity::unknown: break;
  }
  return "UNKNOWN";
}

std::string_view status_word(const Finding& one) {
  if (!one.fixed_in.empty()) return "fixed";
  switch (one.standing) {
    case Standing::wont_fix: return "will_not_fix";
    case Standing::deferred: return "fix_deferred";
    default: return name(one.standing);
  }
}

std::string source_word(std::string_view source) { return source == "GitHub" ? "ghsa" : lower(source); }

std::string version_of(const Package& package) {
  return package.epoch && *package.epoch == 0 ? package.version : full_version(package);
}

std::string id_of(const Package& package) { return package.name + "@" + version_of(package); }

void write_layer(JsonWriter& json, const ImageInfo& image, const Package& package) {
  json.record("Layer", [&] {
    if (!has_layers(image) || package.layer >= image.layers.size()) return;
    json.given("Digest", image.layers[package.layer].digest.str());
    json.given("DiffID", image.layers[package.layer].diff_id.str());
  });
}

void write_identifier(JsonWriter& json, std::string_view key, const Package& package) {
  json.record(key, [&] {
    json.text("PURL", package.purl);
    json.text("UID", uuid_of(package.purl + "\n" + package.path.str()).substr(0, 8));
  });
}

void write_package(JsonWriter& json, const ImageInfo& image, const Package& package) {
  json.text("ID", id_of(package));
  json.text("Name", package.name);
  write_identifier(json, "Identifier", package);
  json.text("Version", package.version);
  if (package.epoch && *package.epoch > 0) json.number("Epoch", *package.epoch);
  json.given("Arch", package.arch);
  json.given("SrcName", package.source);
  json.given("SrcVersion", package.source_version);
  if (!package.licenses.empty()) json.strings("Licenses", package.licenses);
  json.given("Maintainer", package.maintainer);
  write_layer(json, image, package);
  if (!is_of_system(package)) json.given("FilePath", package.path.str());
}

// The first word of each source that has one.
void write_severities(JsonWriter& json, const Finding& one) {
  std::map<std::string, Severity> severities;
  std::map<std::string, std::map<std::string_view, const Grade*>> scores;
  for (const Grade& grade : one.grades) {
    const std::string source = source_word(grade.source);
    severities.emplace(source, grade.severity);
    if (!grade.score || grade.vector.empty()) continue;
    const std::string_view version = grade.vector.starts_with("CVSS:4")   ? "V40"
                                     : grade.vector.starts_with("CVSS:3") ? "V3"
                                                                          : "V2";
    scores[source].emplace(version, &grade);
  }
  if (!severities.empty()) {
    json.record("VendorSeverity", [&] {
      for (const auto& [source, severity] : severities) {
        const auto number = static_cast<std::uint64_t>(severity);  // they have no "negligible"
        json.number(source, severity > Severity::negligible ? number - 1 : number);
      }
    });
  }
  if (scores.empty()) return;
  json.record("CVSS", [&] {
    for (const auto& [source, versions] : scores) {
      json.record(source, [&] {
        for (const auto& [version, grade] : versions) {
          json.text(std::string(version) + "Vector", grade->vector);
          json.decimal(std::string(version) + "Score", *grade->score);
        }
      });
    }
  });
}

void write_finding(JsonWriter& json, const Report& report, const Finding& one) {
  const Package& package = report.inventory.packages[one.package];
  const Severity severity = harm_of(one);
  json.text("VulnerabilityID", one.id);
  if (!one.names.empty()) json.strings("VendorIDs", one.names);
  json.text("PkgID", id_of(package));
  json.text("PkgName", package.name);
  if (!is_of_system(package)) json.given("PkgPath", package.path.str());
  write_identifier(json, "PkgIdentifier", package);
  json.text("InstalledVersion", version_of(package));
  json.given("FixedVersion", one.fixed_in);
  json.text("Status", status_word(one));
  write_layer(json, report.image, package);
  const auto by = std::ranges::find(one.grades, one.severity, &Grade::severity);
  json.given("SeveritySource", by == one.grades.end() ? "" : source_word(by->source));
  json.text("PrimaryURL", page_of(one.id));
  json.record("DataSource", [&] {
    json.text("ID", source_word(one.proofs.front().publisher));
    json.text("Name", one.proofs.front().publisher);
  });
  json.given("Title", one_line(one.summary));
  json.given("Description", one.summary);
  json.text("Severity", severity_word(severity));
  if (!one.weaknesses.empty()) json.strings("CweIDs", one.weaknesses);
  write_severities(json, one);
  std::vector<std::string> pages;
  for (const std::string& page : one.references) pages.push_back(address(page));
  if (!pages.empty()) json.strings("References", pages);
  json.given("PublishedDate", one.published);
}

void write_suppressed(JsonWriter& json, const Report& report, const Suppressed& one) {
  json.text("Type", "vulnerability");
  const Ruling ruling = {.finding = &one.finding, .suppressed = &one};
  json.text("Status", is_fixed(ruling) ? "fixed" : is_affected(ruling) ? "ignored" : "not_affected");
  json.text("Statement", one.reason);
  json.text("Source", name(one.rule));
  json.record("Finding", [&] { write_finding(json, report, one.finding); });
}

void write_result(JsonWriter& json, const Report& report, const Target& target, const Section& result) {
  json.text("Target", target.target);
  json.text("Class", target.category);
  json.text("Type", target.type);
  json.list("Packages", result.packages,
            [&](std::size_t index) { write_package(json, report.image, report.inventory.packages[index]); });
  if (!result.findings.empty())
    json.list("Vulnerabilities", result.findings,
              [&](const Finding* one) { write_finding(json, report, *one); });
  if (!result.suppressed.empty())
    json.list("ExperimentalModifiedFindings", result.suppressed,
              [&](const Suppressed* one) { write_suppressed(json, report, *one); });
}

void write_metadata(JsonWriter& json, const Report& report) {
  const ImageInfo& image = report.image;
  const ImageName name = name_of(image);
  const std::optional<EndOfLife>& end = report.verdict.end_of_life;
  json.record("Metadata", [&] {
    if (const std::optional<Distro>& distro = report.inventory.distro) {
      json.record("OS", [&] {
        json.text("Family", family_of(*distro));
        json.text("Name", distro->version_id);
        if (end && end->past) json.flag("EOSL", true);
      });
    }
    json.given("ImageID", image.id.str());
    std::vector<std::string> diff_ids;
    for (const LayerInfo& layer : image.layers) {
      if (!layer.diff_id.empty()) diff_ids.push_back(layer.diff_id.str());
    }
    if (has_layers(image)) json.strings("DiffIDs", diff_ids);
    if (!name.tag.empty()) json.strings("RepoTags", {name.repository + ":" + name.tag});
    if (!image.digest.empty()) json.strings("RepoDigests", {name.repository + "@" + image.digest.str()});
    const auto [system, rest] = cut(image.platform, '/');
    json.record("ImageConfig", [&] {
      json.text("architecture", cut(rest, '/').first);
      json.text("os", system);
    });
  });
}

void write(const Report& report, Extent extent, const Style& style, std::string& out) {
  std::map<Target, Section> results;
  const std::vector<Package>& packages = report.inventory.packages;
  const auto result = [&](std::size_t package) -> Section& {
    return results[target_of(report, packages[package])];
  };
  for (std::size_t i = 0; i < packages.size(); ++i) result(i).packages.push_back(i);
  if (extent == Extent::findings) {
    for (const Finding& one : report.findings.list) result(one.package).findings.push_back(&one);
    for (const Suppressed& one : report.findings.suppressed) {
      if (style.suppressed) result(one.finding.package).suppressed.push_back(&one);
    }
  }
  JsonWriter json(out);
  json.document([&] {
    json.number("SchemaVersion", 2);
    json.text("CreatedAt", report.created);
    json.text("ArtifactName", report.image.name);
    json.text("ArtifactType", has_layers(report.image) ? "container_image" : "filesystem");
    write_metadata(json, report);
    json.list("Results", results,
              [&](const auto& one) { write_result(json, report, one.first, one.second); });
  });
}

void scan(const Report& report, const Style& style, std::string& out) {
  write(report, Extent::findings, style, out);
}

void inventory(const Report& report, const Style& style, std::string& out) {
  write(report, Extent::packages, style, out);
}

}  // namespace

namespace reporters {
extern const Reporter trivy_json;
constexpr Reporter trivy_json = {.name = "trivy-json",
                                 .about = "Trivy's JSON, schema 2, for what reads that",
                                 .scan = scan,
                                 .inventory = inventory};
}  // namespace reporters

}  // namespace peekr
