// SPDX-License-Identifier: Apache-2.0
// SPDX 2.3 JSON (github.com/spdx/spdx-spec, schemas/spdx-schema.json); what is in it: report/spdx.h. SPDX 3 is another format: spdx3.cc.
#include <array>

#include "report/json_writer.h"
#include "report/spdx.h"

namespace peekr {
namespace {

void write_reference(JsonWriter& json, const SpdxReference& one) {
  json.text("referenceCategory", one.category);
  json.text("referenceType", one.type);
  json.text("referenceLocator", one.locator);
  json.given("comment", one.comment);
}

void write_package(JsonWriter& json, const SpdxPackage& one) {
  json.text("SPDXID", one.id);
  json.text("name", one.name);
  json.given("versionInfo", one.version);
  json.given("supplier", one.supplier);
  json.text("downloadLocation", kNoAssertion);
  json.flag("filesAnalyzed", false);
  if (!one.hash.empty()) {
    json.only("checksums", [&] {
      json.text("algorithm", one.algorithm);
      json.text("checksumValue", one.hash);
    });
  }
  json.text("licenseConcluded", kNoAssertion);
  json.text("licenseDeclared", one.license);
  json.given("licenseComments", one.license_comment);
  json.text("copyrightText", kNoAssertion);
  json.text("primaryPackagePurpose", one.purpose);
  json.given("comment", one.comment);
  if (!one.references.empty())
    json.list("externalRefs", one.references, [&](const SpdxReference& of) { write_reference(json, of); });
}

void write(const SpdxDocument& document, std::string& out) {
  JsonWriter json(out);
  json.document([&] {
    json.text("spdxVersion", "SPDX-2.3");
    json.text("dataLicense", "CC0-1.0");
    json.text("SPDXID", kSpdxDocument);
    json.text("name", document.name);
    json.text("documentNamespace", document.uri);
    json.record("creationInfo", [&] {
      json.text("created", document.created);
      json.strings("creators", {document.creator});
    });
    json.given("comment", document.comment);
    json.list("packages", document.packages, [&](const SpdxPackage& one) { write_package(json, one); });
    json.list("relationships", document.relationships, [&](const SpdxRelationship& one) {
      json.text("spdxElementId", one.from);
      json.text("relationshipType", one.type);
      json.text("relatedSpdxElement", one.to);
    });
  });
}

constexpr std::array<std::string_view, 2> kVersions = {"2.3", "3.0"};

void write(const Report& report, const Style& style, Extent extent, std::string& out) {
  if (style.version == "3.0") return write_spdx3(report, extent, out);
  write(spdx_document(report, extent), out);
}

void scan(const Report& report, const Style& style, std::string& out) {
  write(report, style, Extent::findings, out);
}

void inventory(const Report& report, const Style& style, std::string& out) {
  write(report, style, Extent::packages, out);
}

}  // namespace

namespace reporters {
extern const Reporter spdx_json;
constexpr Reporter spdx_json = {
    .name = "spdx-json",
    .about = "SPDX 2.3 (@3.0), JSON: the parts of the image; of a scan also advisories on them",
    .scan = scan,
    .inventory = inventory,
    .versions = kVersions};
}  // namespace reporters

}  // namespace peekr
