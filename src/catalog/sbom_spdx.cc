// SPDX-License-Identifier: Apache-2.0
// SPDX 2 of catalog/sbom.h, in JSON (in tags: sbom_spdx_tags.cc). What is wrong with one component is a Note; the others count.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"
#include "catalog/sbom.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// What Trivy says beside: "Class: lang-pkgs", "Modularitylabel: nodejs:16:8080020230818:rhel8".
std::vector<std::string> remarks(object one, FileNotes& notes) {
  std::vector<std::string> texts = json_texts(one, "attributionTexts");
  for (const object note : json_objects(one, "annotations", notes))
    texts.push_back(json_text(note, "comment"));
  return texts;
}

// Trivy's heading over the packages of a language, or of a lock file: no package.
bool is_heading(object one, FileNotes& notes) {
  return json_text(one, "versionInfo").empty() && !spdx_remark(remarks(one, notes), "Class").empty();
}

SpdxDescription spdx_package(object one, FileNotes& notes) {
  SpdxDescription package;
  SbomComponent& component = package.component;
  package.id = json_text(one, "SPDXID");
  component.name = json_text(one, "name");
  component.version = spdx_text(json_text(one, "versionInfo"));
  component.upstream = upstream_in(json_text(one, "sourceInfo"));
  component.vendor = spdx_organization(json_text(one, "supplier"));
  component.modularity = spdx_remark(remarks(one, notes), "Modularitylabel");
  add_text(json_text(one, "licenseDeclared"), component.licenses);
  add_text(json_text(one, "licenseConcluded"), package.concluded);
  for (const object reference : json_objects(one, "externalRefs", notes)) {
    const std::string type = last_word(json_text(reference, "referenceType"));
    if (type == "purl") add_text(json_purl(reference, "referenceLocator", notes), package.purls);
    if (type == "cpe23Type" || type == "cpe22Type")
      add_text(json_text(reference, "referenceLocator"), component.cpes);
  }
  return package;
}

// What the document describes by a relationship, from whichever end; empty: it is no such one.
std::string described_by(const element& relationship) {
  constexpr std::string_view kDocument = "SPDXRef-DOCUMENT";
  object fields;
  std::string_view type;
  if (relationship.get(fields) != simdjson::SUCCESS ||
      fields["relationshipType"].get(type) != simdjson::SUCCESS)
    return {};
  const bool back = type == "DESCRIBED_BY";
  if (type != "DESCRIBES" && !back) return {};
  std::string from = json_text(fields, "spdxElementId"), to = json_text(fields, "relatedSpdxElement");
  if ((back ? to : from) != kDocument) return {};
  return back ? from : to;
}

// The package that the document is about, where it is one: by its relationships, and by the list that older ones have.
std::string described_in(object root) {
  std::set<std::string> ids;
  for (std::string& one : json_texts(root, "documentDescribes")) ids.insert(std::move(one));
  simdjson::dom::array relationships;
  if (root.at_key("relationships").get(relationships) == simdjson::SUCCESS) {
    for (const element one : relationships) ids.insert(described_by(one));
  }
  ids.erase("");
  return ids.size() == 1 ? *ids.begin() : std::string();
}

bool is_system(std::string_view purpose) {
  return purpose == "OPERATING-SYSTEM" || purpose == "OPERATING_SYSTEM";
}

bool is_package(std::string_view purpose) {
  constexpr std::array<std::string_view, 3> kNone = {"CONTAINER", "DEVICE", "FILE"};
  return std::ranges::find(kNone, purpose) == kNone.end();
}

}  // namespace

std::string spdx_text(std::string text) {
  return text == "NOASSERTION" || text == "NONE" ? std::string() : std::move(text);
}

std::string spdx_organization(std::string_view supplier) {
  constexpr std::string_view kOrganization = "Organization:";
  if (!supplier.starts_with(kOrganization)) return {};
  supplier.remove_prefix(kOrganization.size());
  return std::string(trim(cut(supplier, '(').first));
}

void add_text(std::string text, std::vector<std::string>& texts) {
  text = spdx_text(std::move(text));
  if (!text.empty()) texts.push_back(std::move(text));
}

bool names_ecosystem(const Purl& purl) {
  constexpr std::array<std::string_view, 5> kNone = {"bitbucket", "docker", "generic", "github", "oci"};
  return std::ranges::find(kNone, purl.type) == kNone.end();
}

void add_each(const SbomComponent& component, std::vector<std::string> purls, SbomComponents& all,
              FileNotes& notes) {
  const auto ecosystem_of = [](const std::string& text) {
    const std::optional<Purl> purl = parse_purl(text);
    return purl && names_ecosystem(*purl);
  };
  if (std::ranges::any_of(purls, ecosystem_of)) {
    std::erase_if(purls, [&](const std::string& one) {
      const bool is_bad = !parse_purl(one);
      if (is_bad) notes.add(Why::damaged, "not a package URL: " + peekr::quoted(one));
      return is_bad || !ecosystem_of(one);
    });
  } else if (purls.size() > 1) {
    purls.resize(1);
  }
  std::set<std::tuple<std::string, std::string, std::string>> seen;  // as others write it, too
  if (purls.empty()) all.push_back(component);
  for (std::string& text : purls) {
    const std::optional<Purl> purl = parse_purl(text);
    const Package named = purl ? peekr::package_of(*purl) : Package{};
    if (!seen.emplace(named.type, named.name, named.version).second) continue;
    all.push_back(component);
    all.back().purl = std::move(text);
  }
}

void add_spdx_package(SpdxDescription package, SbomComponents& all, FileNotes& notes) {
  SbomComponent& one = package.component;
  if (one.licenses.empty()) one.licenses = std::move(package.concluded);
  if (is_system(package.purpose)) {
    all.push_back({.name = one.name, .version = one.version, .system = true});
  } else if (is_package(package.purpose) || !package.purls.empty()) {
    add_each(one, std::move(package.purls), all, notes);
  }
}

std::string last_word(std::string iri) {
  iri.erase(0, iri.rfind('/') + 1);
  return iri;
}

std::string spdx_remark(const std::vector<std::string>& texts, std::string_view name) {
  for (const std::string& text : texts) {
    const auto [key, value] = cut(text, ':');
    if (key == name) return std::string(trim(value));
  }
  return {};
}

void add_spdx_creator(std::string_view text, SbomComponents& to) {
  constexpr std::string_view kTool = "Tool:";
  if (text.starts_with(kTool)) to.push_back(tool_called(trim(text.substr(kTool.size()))));
}

std::string upstream_in(std::string_view source_info) {
  constexpr std::string_view kFront = "built package from: ";
  if (!source_info.starts_with(kFront)) return {};
  const auto [name, version] = cut(trim(source_info.substr(kFront.size())), ' ');
  return std::string(name) + (version.empty() ? "" : "@" + std::string(version));
}

SbomComponent tool_called(std::string_view text) {
  const std::size_t end = std::min(text.find_last_of("- "), text.size());
  const std::string_view version = text.substr(std::min(end + 1, text.size()));
  return {.name = std::string(text.substr(0, end)), .version = std::string(version), .tool = true};
}

std::string json_purl(object from, std::string_view key, FileNotes& notes) {
  element value;
  if (from.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return {};
  if (std::string_view text; value.get(text) == simdjson::SUCCESS) return std::string(text);
  object inside;
  std::string text;
  if (value.get(inside) == simdjson::SUCCESS) {
    text = json_text(inside, "@value");
    if (text.empty()) text = json_text(inside, "@id");
  }
  if (text.empty()) notes.add(Why::damaged, std::string(key) + ": not a text");
  return text;
}

void note_if_unlisted(const SbomComponents& all, std::string_view list, bool listed, FileNotes& notes) {
  if (all.empty() && !listed) notes.add(Why::unsupported, "no list of " + std::string(list) + " in it");
}

SbomComponents read_spdx(object root, FileNotes& notes) {
  SbomComponents all;
  const std::string described = described_in(root);
  for (const object one : json_objects(root, "packages", notes)) {
    if (is_heading(one, notes)) continue;
    SpdxDescription package = spdx_package(one, notes);
    package.component.subject = !described.empty() && package.id == described;
    package.purpose = json_text(one, "primaryPackagePurpose");
    add_spdx_package(std::move(package), all, notes);
  }
  note_if_unlisted(all, "packages", root.at_key("packages").error() == simdjson::SUCCESS, notes);
  object creation;
  if (root.at_key("creationInfo").get(creation) != simdjson::SUCCESS) return all;
  for (const std::string& one : json_texts(creation, "creators")) add_spdx_creator(one, all);
  return all;
}

}  // namespace peekr
