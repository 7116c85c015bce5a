// SPDX-License-Identifier: Apache-2.0
// SPDX 3 in its one form, JSON-LD (spdx.github.io/spdx-spec/v3.0.1, "serialization"): a flat list of elements that name each
// other. The licences of a package are elements, too, joined to it by a relationship.
//
//   {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
//     {"type": "software_Package", "spdxId": "urn:p", "name": "a", "software_packageVersion": "1", "software_packageUrl": "pkg:npm/a@1",
//      "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": "cpe:2.3:a:.."}]},
//     {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:l", "simplelicensing_licenseExpression": "MIT"},
//     {"type": "Relationship", "from": "urn:p", "relationshipType": "hasDeclaredLicense", "to": ["urn:l"]}]}
#include <simdjson.h>

#include <array>
#include <map>
#include <utility>

#include "catalog/json_file.h"
#include "catalog/json_objects.h"
#include "catalog/sbom.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

struct Licenses {
  std::map<std::string, std::string> text_of;                           // by the id of the licence
  std::map<std::string, std::vector<std::string>> declared, concluded;  // by the id of the package
};

// The identifier of a listed licence ends in its name: "https://spdx.org/licenses/MIT".
std::string listed_license(std::string_view id) {
  constexpr std::string_view kList = "spdx.org/licenses/";
  const std::size_t at = id.find(kList);
  return at == std::string_view::npos ? std::string() : std::string(id.substr(at + kList.size()));
}

void add_license(object one, Licenses& licenses) {
  std::string id = json_text(one, "spdxId");
  std::string text = json_text(one, "simplelicensing_licenseExpression");
  if (text.empty()) text = listed_license(id);
  if (text.empty()) text = json_text(one, "name");
  licenses.text_of.emplace(std::move(id), std::move(text));
}

void add_relationship(object one, Licenses& licenses) {
  const std::string type = json_text(one, "relationshipType");
  if (type != "hasDeclaredLicense" && type != "hasConcludedLicense") return;
  auto& of = type == "hasDeclaredLicense" ? licenses.declared : licenses.concluded;
  std::vector<std::string>& ids = of[json_text(one, "from")];
  for (std::string& to : json_texts(one, "to")) ids.push_back(std::move(to));
}

Licenses licenses_of(const std::vector<object>& graph) {
  Licenses licenses;
  for (const object one : graph) {
    const std::string type = json_text(one, "type");
    if (type == "Relationship") add_relationship(one, licenses);
    if (type.starts_with("simplelicensing_") || type.starts_with("expandedlicensing_"))
      add_license(one, licenses);
  }
  return licenses;
}

std::vector<std::string> licenses_of_package(const std::string& id, const Licenses& licenses) {
  std::vector<std::string> texts;
  for (const auto* of : {&licenses.declared, &licenses.concluded}) {
    const auto ids = of->find(id);
    if (ids == of->end() || !texts.empty()) continue;
    for (const std::string& one : ids->second) {
      const auto known = licenses.text_of.find(one);
      add_text(known == licenses.text_of.end() ? listed_license(one) : known->second, texts);
    }
  }
  return texts;
}

SbomComponent package_of(object one, const Licenses& licenses, FileNotes& notes) {
  SbomComponent component{.name = json_text(one, "name"),
                          .version = json_text(one, "software_packageVersion"),
                          .purl = json_text(one, "software_packageUrl"),
                          .licenses = licenses_of_package(json_text(one, "spdxId"), licenses)};
  for (const object identifier : json_objects(one, "externalIdentifier", notes)) {
    const std::string type = json_text(identifier, "externalIdentifierType");
    if (component.purl.empty() && (type == "packageUrl" || type == "packageURL"))
      component.purl = json_text(identifier, "identifier");
    if (type == "cpe23" || type == "cpe22") add_text(json_text(identifier, "identifier"), component.cpes);
  }
  return component;
}

}  // namespace

bool is_spdx3(object root) {
  for (const std::string& one : json_texts(root, "@context")) {
    if (one.find("spdx.org/rdf/3.") != std::string::npos) return true;
  }
  return false;
}

SbomComponents read_spdx3(object root, FileNotes& notes) {
  constexpr std::array<std::string_view, 6> kNoPackages = {"container", "device",          "diskImage",
                                                           "file",      "filesystemImage", "operatingSystem"};
  std::vector<object> graph = json_objects(root, "@graph", notes);
  element list;
  if (root.at_key("@graph").get(list) != simdjson::SUCCESS) {
    if (json_text(root, "type").empty()) notes.add(Why::damaged, "no list @graph");
    graph.push_back(root);  // an element alone
  }
  const Licenses licenses = licenses_of(graph);
  SbomComponents all;
  for (const object one : graph) {
    if (json_text(one, "type") != "software_Package") continue;
    if (std::ranges::find(kNoPackages, json_text(one, "software_primaryPurpose")) == kNoPackages.end())
      all.push_back(package_of(one, licenses, notes));
  }
  return all;
}

}  // namespace peekr
