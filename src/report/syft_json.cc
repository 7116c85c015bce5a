// SPDX-License-Identifier: Apache-2.0
// Syft's own JSON, schema 16 (github.com/anchore/syft, schema/json): the packages of the image, for Grype and what else reads it.
// What packages of a system need there to be judged by their source (metadata) is written, of others nothing.
#include <array>

#include "base/text.h"
#include "report/anchore.h"
#include "report/identity.h"
#include "report/json_writer.h"
#include "report/reporter.h"
#include "report/spdx_license.h"

namespace peekr {
namespace {

void write_deb(JsonWriter& json, const Package& package) {
  json.text("package", package.name);
  json.text("source", package.source == package.name ? "" : package.source);
  json.text("version", package.version);
  json.text("sourceVersion", package.source_version == package.version ? "" : package.source_version);
  json.text("architecture", package.arch);
  json.text("maintainer", package.maintainer);
  json.number("installedSize", 0);
  json.strings("files", {});
}

void write_apk(JsonWriter& json, const Package& package) {
  json.text("package", package.name);
  json.text("originPackage", package.source);
  json.text("maintainer", package.maintainer);
  json.text("version", package.version);
  json.text("architecture", package.arch);
  json.strings("files", {});
}

void write_rpm(JsonWriter& json, const Package& package) {
  const std::size_t dash = package.version.rfind('-');
  json.text("name", package.name);
  json.text("version", package.version.substr(0, dash));
  package.epoch ? json.number("epoch", *package.epoch) : json.null("epoch");
  json.text("architecture", package.arch);
  json.text("release", dash == std::string::npos ? "" : package.version.substr(dash + 1));
  json.text("sourceRpm",
            package.source_version.empty() ? "" : package.source + "-" + package.source_version + ".src.rpm");
  json.number("size", 0);
  json.text("vendor", package.vendor);
  json.given("modularityLabel", package.modularity);
  json.strings("files", {});
}

void write_metadata(JsonWriter& json, const Package& package) {
  struct Row {
    std::string_view type, name;
    void (*write)(JsonWriter&, const Package&);
  };
  constexpr Row kRows[] = {{"deb", "dpkg-db-entry", write_deb},
                           {"apk", "apk-db-entry", write_apk},
                           {"rpm", "rpm-db-entry", write_rpm}};
  for (const Row& row : kRows) {
    if (row.type != package.type) continue;
    json.text("metadataType", row.name);
    json.record("metadata", [&] { row.write(json, package); });
  }
}

void write_license(JsonWriter& json, const std::string& license) {
  json.text("value", license);
  json.text("spdxExpression", spdx_expression({license}));
  json.text("type", "declared");
  json.strings("urls", {});
  json.strings("locations", {});
}

void write_artifact(JsonWriter& json, const ImageInfo& image, const Package& package, const std::string& id) {
  const anchore::Kind kind = anchore::kind_of(package);
  json.text("id", id);
  json.text("name", package.name);
  json.text("version", full_version(package));
  json.text("type", kind.syft);
  json.text("foundBy", "peekr");
  anchore::write_place(json, image, package);
  json.list("licenses", package.licenses, [&](const std::string& one) { write_license(json, one); });
  json.text("language", kind.language);
  json.list("cpes", package.cpes, [&](const std::string& cpe) {
    json.text("cpe", cpe);
    json.text("source", "nvd-cpe-dictionary");
  });
  json.text("purl", package.purl);
  write_metadata(json, package);
}

void write_source(JsonWriter& json, const ImageInfo& image) {
  const ImageName name = name_of(image);
  json.record("source", [&] {
    const std::string hex = image.digest.empty() ? image.id.hex : image.digest.hex;
    json.text("id", hex.empty() ? uuid_of(image.name) : hex);
    json.text("name", name.repository.empty() ? image.name : name.repository);
    json.text("version", image.digest.empty() ? image.id.str() : image.digest.str());
    json.text("type", anchore::source_type(image));
    if (has_layers(image)) return anchore::write_image(json, "metadata", image);
    json.record("metadata", [&] { json.text("path", image.name); });
  });
}

void write(const Report& report, std::string& out) {
  const std::vector<std::string> ids = anchore::ids_of(report.inventory);
  std::size_t next = 0;
  JsonWriter json(out);
  json.document([&] {
    json.list("artifacts", report.inventory.packages,
              [&](const Package& one) { write_artifact(json, report.image, one, ids[next++]); });
    json.strings("artifactRelationships", {});
    write_source(json, report.image);
    anchore::write_distro(json, report.inventory.distro);
    json.record("descriptor", [&] {
      json.text("name", "peekr");
      json.text("version", report.version);
    });
    json.record("schema", [&] {
      json.text("version", "16.0.0");
      json.text("url", "https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-16.0.0.json");
    });
  });
}

void packages(const Report& report, const Style& /*style*/, std::string& out) { write(report, out); }

}  // namespace

namespace reporters {
extern const Reporter syft_json;
constexpr Reporter syft_json = {.name = "syft-json",
                                .about = "Syft's JSON: the packages of the image, of a scan too",
                                .scan = packages,
                                .inventory = packages};
}  // namespace reporters

}  // namespace peekr
