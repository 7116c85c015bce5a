// SPDX-License-Identifier: Apache-2.0
// The formats of catalog/sbom.h. What is wrong with one component is a Note; the others count.
#include <simdjson.h>

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

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

void add_text(std::string text, std::vector<std::string>& texts) {
  if (!text.empty() && text != "NOASSERTION" && text != "NONE") texts.push_back(std::move(text));
}

// {"licenses": [{"license": {"id": "MIT"}}, {"license": {"name": ..}}, {"expression": ..}]}
std::vector<std::string> cyclonedx_licenses(object component, FileNotes& notes) {
  std::vector<std::string> licenses;
  for (const object one : json_objects(component, "licenses", notes)) {
    object license;
    add_text(json_text(one, "expression"), licenses);
    if (one.at_key("license").get(license) != simdjson::SUCCESS) continue;
    const std::string id = json_text(license, "id");
    add_text(id.empty() ? json_text(license, "name") : id, licenses);
  }
  return licenses;
}

// Syft keeps in properties where it saw a package: "syft:location:0:path".
std::vector<std::string> cyclonedx_files(object component, FileNotes& notes) {
  std::vector<std::string> files;
  for (const object one : json_objects(component, "properties", notes)) {
    const std::string name = json_text(one, "name");
    if (name.starts_with("syft:location:") && name.ends_with(":path"))
      add_text(json_text(one, "value"), files);
  }
  return files;
}

// One has a field of its own; peekr keeps the others in properties.
std::vector<std::string> cyclonedx_cpes(object component, FileNotes& notes) {
  std::vector<std::string> cpes;
  add_text(json_text(component, "cpe"), cpes);
  for (const object one : json_objects(component, "properties", notes)) {
    if (json_text(one, "name") == "peekr:cpe") add_text(json_text(one, "value"), cpes);
  }
  return cpes;
}

SbomComponent cyclonedx_component(object one, FileNotes& notes) {
  const std::string group = json_text(one, "group"), name = json_text(one, "name");
  return {.name = group.empty() ? name : group + "/" + name,
          .version = json_text(one, "version"),
          .purl = json_text(one, "purl"),
          .licenses = cyclonedx_licenses(one, notes),
          .cpes = cyclonedx_cpes(one, notes),
          .files = cyclonedx_files(one, notes)};
}

constexpr std::array<std::string_view, 5> kNoSpdxPackages = {"CONTAINER", "DEVICE", "FILE",
                                                             "OPERATING-SYSTEM", "OPERATING_SYSTEM"};

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

SbomComponents read_cyclonedx(object root, FileNotes& notes) {
  constexpr std::array<std::string_view, 6> kNoPackages = {
      "container", "cryptographic-asset", "data", "device", "file", "operating-system"};
  SbomComponents all;
  std::vector<object> open = json_objects(root, "components", notes);
  object metadata, subject;
  if (root.at_key("metadata").get(metadata) == simdjson::SUCCESS &&
      metadata.at_key("component").get(subject) == simdjson::SUCCESS) {
    // What the document is about need not be a package.
    const bool versioned = !json_text(subject, "version").empty() || !json_text(subject, "purl").empty();
    const std::vector<object> inner = json_objects(subject, "components", notes);
    if (versioned) open.push_back(subject);
    if (!versioned) open.insert(open.end(), inner.begin(), inner.end());
  }
  while (!open.empty()) {
    const object one = open.back();
    open.pop_back();
    const std::vector<object> inner = json_objects(one, "components", notes);
    open.insert(open.end(), inner.begin(), inner.end());
    if (!is_one_of(json_text(one, "type"), kNoPackages)) all.push_back(cyclonedx_component(one, notes));
  }
  return all;
}

SbomComponents read_spdx(object root, FileNotes& notes) {
  SbomComponents all;
  for (const object one : json_objects(root, "packages", notes)) {
    if (!is_one_of(json_text(one, "primaryPackagePurpose"), kNoSpdxPackages))
      all.push_back(spdx_package(one, notes));
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
    if (tag == "PrimaryPackagePurpose") package = !is_one_of(value, kNoSpdxPackages);
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
