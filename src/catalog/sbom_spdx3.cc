// SPDX-License-Identifier: Apache-2.0
// SPDX 3 in its one form, JSON-LD (spdx.github.io/spdx-spec/v3.0.1, "serialization"): a flat list of elements that name each
// other. The licences of a package are elements, too, joined to it by a relationship.
//
//   {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
//     {"type": "software_Package", "spdxId": "urn:p", "name": "a", "software_packageVersion": "1", "software_packageUrl": "pkg:npm/a@1",
//      "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": "cpe:2.3:a:.."}]},
//     {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:l", "simplelicensing_licenseExpression": "MIT"},
//     {"type": "Relationship", "from": "urn:p", "relationshipType": "hasDeclaredLicense", "to": ["urn:l"]}]}
//
// A licence may be a set of others, by their ids: {"type": "expandedlicensing_ConjunctiveLicenseSet", "expandedlicensing_member": [..]}.
//
// What other writers of JSON-LD may do is read, too: "@type" and "@id", a list of types, types as IRIs, elements that stand where
// others would name them.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
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

struct Element {
  std::vector<std::string> types;
  object fields;

  [[nodiscard]] bool is(std::string_view type) const { return std::ranges::find(types, type) != types.end(); }
};

// "MIT AND (Apache-2.0 OR ISC)"
struct LicenseSet {
  std::string id;
  std::string_view joint;  // " AND "
  std::vector<std::string> members;
};

constexpr int kDeepestSet = 16;             // sets within sets
constexpr std::size_t kLongestText = 4096;  // of a set

struct Licenses {
  std::map<std::string, std::string> text_of;                           // by the id of the licence
  std::vector<LicenseSet> sets;                                         // which have no text yet
  std::map<std::string, std::vector<std::string>> declared, concluded;  // by the id of the package
  std::size_t left = kMostJson;                                         // bytes
  std::size_t relations = 1 << 20;                                      // of a package and a licence
  bool cut = false;                                                     // there are more
};

// "software_Package", which others write "https://spdx.org/rdf/3.0.1/terms/Software/Package" or "spdx:Software/Package".
std::string short_type(std::string_view type) {
  for (const std::string_view front : {"/terms/", "spdx:"}) {
    const std::size_t at = type.find(front);
    if (at != std::string_view::npos) type.remove_prefix(at + front.size());
  }
  const auto [profile, name] = cut(type, '/');
  if (name.empty()) return std::string(type);
  return profile == "Core" ? std::string(name) : lower(profile) + "_" + std::string(name);
}

std::vector<std::string> types_of(object one) {
  std::vector<std::string> types;
  for (const std::string_view key : {"type", "@type"}) {
    for (const std::string& type : json_texts(one, key)) types.push_back(short_type(type));
  }
  return types;
}

std::string id_of(object one) {
  std::string id = json_text(one, "spdxId");
  return id.empty() ? json_text(one, "@id") : id;
}

// Of the elements that are named there, or stand there.
std::vector<std::string> ids_at(object from, std::string_view key) {
  element value;
  if (from.at_key(key).get(value) != simdjson::SUCCESS) return {};
  std::vector<element> list = {value};
  if (array items; value.get(items) == simdjson::SUCCESS) list.assign(items.begin(), items.end());
  std::vector<std::string> ids;
  for (const element one : list) {
    std::string_view text;
    object inside;
    if (one.get(text) == simdjson::SUCCESS) ids.emplace_back(text);
    if (one.get(inside) == simdjson::SUCCESS) ids.push_back(id_of(inside));
  }
  return ids;
}

// "container", which may be the end of an IRI.
std::string word_at(object from, std::string_view key) { return last_word(json_text(from, key)); }

// All that have a type, wherever they stand.
std::vector<Element> elements_of(object root) {
  std::vector<Element> all;
  std::vector<element> open;
  const auto take = [&](object fields) {
    std::vector<std::string> types = types_of(fields);
    if (!types.empty()) all.push_back({std::move(types), fields});
    for (const auto field : fields) {
      const bool opens = field.value.is_object() || field.value.is_array();
      if (opens && field.key != "@context") open.push_back(field.value);
    }
  };
  take(root);
  for (std::size_t i = 0; i < open.size(); ++i) {
    const element one = open[i];
    if (array list; one.get(list) == simdjson::SUCCESS) open.insert(open.end(), list.begin(), list.end());
    if (object fields; one.get(fields) == simdjson::SUCCESS) take(fields);
  }
  return all;
}

void note_strange(object root, FileNotes& notes) {
  std::size_t count = 0;
  element graph;
  if (root.at_key("@graph").get(graph) != simdjson::SUCCESS) {
    if (types_of(root).empty()) notes.add(Why::damaged, "no list @graph");
  } else if (!graph.is_object()) {  // one that stands for a list
    for (const object one : json_objects(root, "@graph", notes)) count += types_of(one).empty() ? 1 : 0;
  }
  if (count > 0)
    notes.add(Why::damaged, "@graph: without a type: " + std::to_string(count) + " of its items");
}

// The identifier of a listed licence ends in its name: "https://spdx.org/licenses/MIT".
std::string listed_license(std::string_view id) {
  constexpr std::string_view kList = "spdx.org/licenses/";
  const std::size_t at = id.find(kList);
  return at == std::string_view::npos ? std::string() : std::string(id.substr(at + kList.size()));
}

// " AND "; empty: it is no set.
std::string_view joint_of(const Element& one) {
  if (one.is("expandedlicensing_ConjunctiveLicenseSet")) return " AND ";
  return one.is("expandedlicensing_DisjunctiveLicenseSet") ? " OR " : "";
}

void add_license(const Element& element, Licenses& licenses) {
  const object one = element.fields;
  std::string id = id_of(one);
  if (const std::string_view joint = joint_of(element); !joint.empty()) {
    std::vector<std::string> members = ids_at(one, "expandedlicensing_member");
    if (!members.empty()) licenses.sets.push_back({std::move(id), joint, std::move(members)});
    return;
  }
  std::string text = json_text(one, "simplelicensing_licenseExpression");
  if (text.empty()) text = listed_license(id);
  if (text.empty()) text = json_text(one, "name");
  licenses.text_of.emplace(std::move(id), std::move(text));
}

void add_relationship(object one, Licenses& licenses) {
  const std::string type = word_at(one, "relationshipType");
  if (type != "hasDeclaredLicense" && type != "hasConcludedLicense") return;
  auto& of = type == "hasDeclaredLicense" ? licenses.declared : licenses.concluded;
  const std::vector<std::string> to = ids_at(one, "to");
  for (const std::string& from : ids_at(one, "from")) {
    if (to.size() > licenses.relations) {
      licenses.cut = true;
      return;
    }
    licenses.relations -= to.size();
    std::ranges::copy(to, std::back_inserter(of[from]));
  }
}

Licenses licenses_of(const std::vector<Element>& elements) {
  Licenses licenses;
  for (const Element& one : elements) {
    add_relationship(one.fields, licenses);
    const bool is_license = std::ranges::any_of(one.types, [](std::string_view type) {
      return type.starts_with("simplelicensing_") || type.starts_with("expandedlicensing_");
    });
    if (is_license) add_license(one, licenses);
  }
  return licenses;
}

// Nothing where the licence is not in the document.
std::optional<std::string> text_of(const std::string& id, const Licenses& licenses) {
  const auto known = licenses.text_of.find(id);
  if (known != licenses.text_of.end()) return known->second;
  // NoAssertionLicense and NoneLicense, which the context has a short name for, too.
  if (id.contains("spdx.org/rdf/") || id.starts_with("expandedlicensing_")) return "";
  std::string listed = listed_license(id);
  return listed.empty() ? std::nullopt : std::optional(std::move(listed));
}

// Nothing where a member has none, or it is too long.
std::optional<std::string> text_of(const LicenseSet& set, const Licenses& licenses) {
  std::string all;
  for (const std::string& member : set.members) {
    const auto known = licenses.text_of.find(member);
    if (known != licenses.text_of.end() && known->second.size() > kLongestText) return std::nullopt;
    const std::optional<std::string> text = text_of(member, licenses);
    if (!text || text->empty()) return std::nullopt;
    const bool other = text->contains(set.joint == " AND " ? " OR " : " AND ");
    all += (all.empty() ? "" : std::string(set.joint)) + (other ? "(" + *text + ")" : *text);
    if (all.size() > kLongestText) return std::nullopt;
  }
  return all;
}

// The innermost sets first, whose members have texts.
void put_sets_together(Licenses& licenses, FileNotes& notes) {
  for (int depth = 0; depth < kDeepestSet && !licenses.sets.empty(); ++depth) {
    std::vector<LicenseSet> left;
    for (LicenseSet& set : licenses.sets) {
      if (std::optional<std::string> text = text_of(set, licenses)) {
        licenses.text_of.emplace(set.id, *std::move(text));
      } else {
        left.push_back(std::move(set));
      }
    }
    const bool more = left.size() < licenses.sets.size();
    licenses.sets = std::move(left);
    if (!more) break;
  }
  for (LicenseSet& set : licenses.sets) {
    notes.add(Why::unsupported, "a set of licences that has no text: " + peekr::quoted(set.id));
    licenses.text_of.emplace(std::move(set.id), "");
  }
}

// One text may be named by all packages: what they get of them together has a bound.
std::vector<std::string> licenses_of_package(const std::string& id, Licenses& licenses, FileNotes& notes) {
  std::vector<std::string> texts;
  for (const auto* of : {&licenses.declared, &licenses.concluded}) {
    const auto ids = of->find(id);
    if (ids == of->end() || !texts.empty()) continue;
    for (const std::string& one : ids->second) {
      const std::optional<std::string> text = text_of(one, licenses);
      const std::size_t size = sizeof(std::string) + one.size() + text.value_or("").size();
      if (size > licenses.left) {
        notes.add(Why::too_big, "licences of more than " + std::to_string(kMostJson) + " bytes");
        return texts;
      }
      licenses.left -= size;
      if (!text) notes.add(Why::damaged, "a licence that is not in the document: " + peekr::quoted(one));
      add_text(text.value_or(""), texts);
    }
  }
  return texts;
}

std::vector<std::string> purls_of(object one, const std::vector<object>& identifiers, FileNotes& notes) {
  std::vector<std::string> purls;
  add_text(json_purl(one, "software_packageUrl", notes), purls);
  for (const object identifier : identifiers) {
    const std::string type = word_at(identifier, "externalIdentifierType");
    if (type == "packageUrl" || type == "packageURL")
      add_text(json_purl(identifier, "identifier", notes), purls);
  }
  return purls;
}

SbomComponent package_of(object one, const std::vector<object>& identifiers, Licenses& licenses,
                         FileNotes& notes) {
  SbomComponent component{.name = json_text(one, "name"),
                          .version = spdx_text(json_text(one, "software_packageVersion")),
                          .purl = {},
                          .licenses = licenses_of_package(id_of(one), licenses, notes)};
  component.upstream = upstream_in(json_text(one, "software_sourceInfo"));
  for (const object identifier : identifiers) {
    const std::string type = word_at(identifier, "externalIdentifierType");
    if (type == "cpe23" || type == "cpe22") add_text(json_text(identifier, "identifier"), component.cpes);
  }
  return component;
}

// The purpose decides where there is no package URL. A system's may be "pkg:generic/debian".
void add_package(object one, Licenses& licenses, SbomComponents& all, FileNotes& notes) {
  constexpr std::array<std::string_view, 5> kNoPackages = {"container", "device", "diskImage", "file",
                                                           "filesystemImage"};
  const std::string purpose = word_at(one, "software_primaryPurpose");
  const std::vector<object> identifiers = json_objects(one, "externalIdentifier", notes);
  std::vector<std::string> purls = purls_of(one, identifiers, notes);
  if (purpose == "operatingSystem") {
    all.push_back({.name = json_text(one, "name"),
                   .version = spdx_text(json_text(one, "software_packageVersion")),
                   .purl = {},
                   .licenses = {},
                   .system = true});
  } else if (std::ranges::find(kNoPackages, purpose) == kNoPackages.end() || !purls.empty()) {
    add_each(package_of(one, identifiers, licenses, notes), std::move(purls), all, notes);
  }
}

using Organizations = std::map<std::string, std::string>;  // names, by id

Organizations organizations_of(const std::vector<Element>& elements) {
  Organizations all;
  for (const Element& one : elements) {
    if (one.is("Organization")) all.emplace(id_of(one.fields), json_text(one.fields, "name"));
  }
  return all;
}

std::string vendor_of(object package, const Organizations& organizations) {
  for (const std::string& id : ids_at(package, "suppliedBy")) {
    if (const auto found = organizations.find(id); found != organizations.end()) return found->second;
  }
  return {};
}

bool is_package(const Element& one) {
  return one.is("software_Package") || one.is("ai_AIPackage") || one.is("dataset_DatasetPackage");
}

// The package that the document is about, where it is one: a root of it, or of the list that is its root.
std::string described_in(const std::vector<Element>& elements) {
  std::set<std::string> roots, packages;
  for (const Element& one : elements) {
    if (!one.is("SpdxDocument") && !one.is("software_Sbom")) continue;
    for (std::string& id : ids_at(one.fields, "rootElement")) roots.insert(std::move(id));
  }
  for (const Element& one : elements) {
    if (std::string id = id_of(one.fields); is_package(one) && roots.contains(id))
      packages.insert(std::move(id));
  }
  return packages.size() == 1 ? *packages.begin() : std::string();
}

bool says_package(object one) {
  return !json_text(one, "software_packageVersion").empty() || !json_text(one, "software_packageUrl").empty();
}

}  // namespace

bool is_spdx3(object root) {
  for (const std::string& one : json_texts(root, "@context")) {
    if (one.find("spdx.org/rdf/3.") != std::string::npos) return true;
  }
  return false;
}

SbomComponents read_spdx3(object root, FileNotes& notes) {
  note_strange(root, notes);
  const std::vector<Element> elements = elements_of(root);
  Licenses licenses = licenses_of(elements);
  put_sets_together(licenses, notes);
  const Organizations organizations = organizations_of(elements);
  const std::string described = described_in(elements);
  SbomComponents all;
  std::set<std::string> ids;
  bool any = false;
  std::size_t strange = 0;
  for (const Element& one : elements) {
    std::string id = id_of(one.fields);
    const bool subject = !id.empty() && id == described;
    const bool again = !id.empty() && !ids.insert(std::move(id)).second;
    if (one.is("Tool")) all.push_back(tool_called(json_text(one.fields, "name")));
    if (!is_package(one)) {
      strange += says_package(one.fields) ? 1 : 0;
      continue;
    }
    any = true;
    if (again) continue;  // it stands where others name it, too
    const std::size_t before = all.size();
    add_package(one.fields, licenses, all, notes);
    for (std::size_t i = before; i < all.size(); ++i) {
      all[i].vendor = vendor_of(one.fields, organizations);
      all[i].subject = subject;
    }
  }
  if (!any) notes.add(Why::unsupported, "no element that is read as a package");
  if (strange > 0)
    notes.add(Why::unsupported, "of a type that is not read, though with a version or a package URL: " +
                                    std::to_string(strange) + " of its elements");
  if (licenses.cut) notes.add(Why::too_big, "licences: too many relationships, not all are read");
  for (const auto* of : {&licenses.declared, &licenses.concluded}) {
    for (const auto& [from, to] : *of) {
      if (!ids.contains(from))
        notes.add(Why::damaged, "a licence of what is not in the document: " + peekr::quoted(from));
    }
  }
  return all;
}

}  // namespace peekr
