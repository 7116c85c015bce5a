// SPDX-License-Identifier: Apache-2.0
// SPDX 2 and Syft's JSON of catalog/sbom.h. What is wrong with one component is a Note; the others count.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"
#include "catalog/sbom.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

bool is_package(std::string_view purpose) {
  constexpr std::array<std::string_view, 5> kNone = {"CONTAINER", "DEVICE", "FILE", "OPERATING-SYSTEM",
                                                     "OPERATING_SYSTEM"};
  return std::ranges::find(kNone, purpose) == kNone.end();
}

SbomComponent spdx_package(object one, FileNotes& notes) {
  SbomComponent component{.name = json_text(one, "name"), .version = json_text(one, "versionInfo")};
  add_text(json_text(one, "licenseDeclared"), component.licenses);
  if (component.licenses.empty()) add_text(json_text(one, "licenseConcluded"), component.licenses);
  for (const object reference : json_objects(one, "externalRefs", notes)) {
    const std::string type = json_text(reference, "referenceType");
    if (component.purl.empty() && type == "purl") component.purl = json_text(reference, "referenceLocator");
    if (type == "cpe23Type" || type == "cpe22Type")
      add_text(json_text(reference, "referenceLocator"), component.cpes);
  }
  return component;
}

// A text, or {"value": "MIT", ...}.
std::vector<std::string> syft_licenses(object artifact) {
  std::vector<std::string> licenses = json_texts(artifact, "licenses");
  array list;
  if (!licenses.empty() || artifact.at_key("licenses").get(list) != simdjson::SUCCESS) return licenses;
  for (const element item : list) {
    if (object one; item.get(one) == simdjson::SUCCESS) add_text(json_text(one, "value"), licenses);
  }
  return licenses;
}

// Texts, or {"cpe": "cpe:2.3:...", "source": ..}.
std::vector<std::string> syft_cpes(object artifact, FileNotes& notes) {
  std::vector<std::string> cpes = json_texts(artifact, "cpes");
  if (!cpes.empty()) return cpes;
  for (const object one : json_objects(artifact, "cpes", notes)) add_text(json_text(one, "cpe"), cpes);
  return cpes;
}

}  // namespace

void add_text(std::string text, std::vector<std::string>& texts) {
  if (!text.empty() && text != "NOASSERTION" && text != "NONE") texts.push_back(std::move(text));
}

SbomComponents read_spdx(object root, FileNotes& notes) {
  SbomComponents all;
  for (const object one : json_objects(root, "packages", notes)) {
    if (is_package(json_text(one, "primaryPackagePurpose"))) all.push_back(spdx_package(one, notes));
  }
  return all;
}

SbomComponents read_spdx_tags(std::string_view bytes) {
  SbomComponents all;
  bool package = true;  // the last one begun
  while (!bytes.empty()) {
    const auto [tag, rest] = cut(next_line(bytes), ':');
    const std::string_view value = trim(rest);
    if (tag == "PackageName") {
      if (!package) all.pop_back();
      all.push_back({.name = std::string(value)});
      package = true;
    }
    if (all.empty()) continue;
    if (tag == "PrimaryPackagePurpose") package = is_package(value);
    if (tag == "PackageVersion") all.back().version = value;
    if (tag == "PackageLicenseDeclared") add_text(std::string(value), all.back().licenses);
    // ExternalRef: PACKAGE-MANAGER purl pkg:npm/foobar@12.3.1
    if (tag == "ExternalRef" && value.find(" purl ") != std::string_view::npos)
      all.back().purl = value.substr(value.rfind(' ') + 1);
    const bool cpe = value.find(" cpe23Type ") != std::string_view::npos ||
                     value.find(" cpe22Type ") != std::string_view::npos;
    if (tag == "ExternalRef" && cpe)
      add_text(std::string(value.substr(value.rfind(' ') + 1)), all.back().cpes);
  }
  if (!package) all.pop_back();
  return all;
}

SbomComponents read_syft(object root, FileNotes& notes) {
  SbomComponents all;
  for (const object one : json_objects(root, "artifacts", notes)) {
    SbomComponent component{.name = json_text(one, "name"),
                            .version = json_text(one, "version"),
                            .purl = json_text(one, "purl"),
                            .licenses = syft_licenses(one),
                            .cpes = syft_cpes(one, notes)};
    for (const object place : json_objects(one, "locations", notes))
      add_text(json_text(place, "path"), component.files);
    all.push_back(std::move(component));
  }
  return all;
}

}  // namespace peekr
