// SPDX-License-Identifier: Apache-2.0
// Syft's JSON of catalog/sbom.h. What is wrong with one component is a Note; the others count.
#include <simdjson.h>

#include <utility>

#include "catalog/json_file.h"
#include "catalog/json_objects.h"
#include "catalog/sbom.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

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

// A deb names its source where that has another name, an apk its origin, an rpm its source rpm.
std::string syft_upstream(object artifact, object metadata) {
  if (std::string rpm = json_text(metadata, "sourceRpm"); !rpm.empty()) return rpm;
  std::string source = json_text(metadata, "originPackage");
  const bool is_deb = metadata.at_key("source").error() == simdjson::SUCCESS;
  if (is_deb) source = json_text(metadata, "source");
  if (is_deb && source.empty()) source = json_text(artifact, "name");
  const std::string version = json_text(metadata, "sourceVersion");
  return source.empty() || version.empty() ? source : source + "@" + version;
}

}  // namespace

SbomComponents read_syft(object root, FileNotes& notes) {
  SbomComponents all;
  if (object tool; root.at_key("descriptor").get(tool) == simdjson::SUCCESS)
    all.push_back({.name = json_text(tool, "name"), .version = json_text(tool, "version"), .tool = true});
  if (object distro; root.at_key("distro").get(distro) == simdjson::SUCCESS)
    all.push_back(
        {.name = json_text(distro, "id"), .version = json_text(distro, "versionID"), .system = true});
  for (const object one : json_objects(root, "artifacts", notes)) {
    SbomComponent component{.name = json_text(one, "name"),
                            .version = json_text(one, "version"),
                            .purl = json_purl(one, "purl", notes),
                            .licenses = syft_licenses(one),
                            .cpes = syft_cpes(one, notes)};
    for (const object place : json_objects(one, "locations", notes))
      add_text(json_text(place, "path"), component.files);
    if (object metadata; one.at_key("metadata").get(metadata) == simdjson::SUCCESS) {
      component.upstream = syft_upstream(one, metadata);
      component.modularity = json_text(metadata, "modularityLabel");
      component.vendor = json_text(metadata, "vendor");
    }
    all.push_back(std::move(component));
  }
  return all;
}

}  // namespace peekr
