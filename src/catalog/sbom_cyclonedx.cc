// SPDX-License-Identifier: Apache-2.0
// CycloneDX (cyclonedx.org/docs, versions 1.0 to 1.7) in JSON and in XML: the same tree of components, written in two ways.
//
//   {"components": [{"type": "library", "name": "a", "licenses": [{"license": {"id": "MIT"}}], "components": [..]}]}
//   <components><component type="library"><name>a</name><licenses><license><id>MIT</id></license></licenses>..
//
// The reader is one; what differs are the functions that take a node of one or the other.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "catalog/json_file.h"
#include "catalog/json_objects.h"
#include "catalog/packed.h"
#include "catalog/sbom.h"
#include "lib/xml.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

struct Property {
  std::string name, value;
};

std::string text_in(object from, std::string_view key) { return json_text(from, key); }
std::string text_in(XmlNode from, std::string_view key) { return from.child(key).text(); }

std::string purl_in(object from, FileNotes& notes) { return json_purl(from, "purl", notes); }
std::string purl_in(XmlNode from, FileNotes& /*notes*/) { return from.child("purl").text(); }

bool has(object from, std::string_view key) { return from.at_key(key).error() == simdjson::SUCCESS; }
bool has(XmlNode from, std::string_view key) { return static_cast<bool>(from.child(key)); }

// Whether there is such a field in other letters, which is none.
bool is_misspelt(object from, std::string_view key) {
  return std::any_of(from.begin(), from.end(), [&](const auto& field) {
    return field.key != key && equal_ignoring_case(field.key, key);
  });
}
bool is_misspelt(XmlNode from, std::string_view key) {
  return std::ranges::any_of(from.children(), [&](const XmlNode& child) {
    return child.name() != key && equal_ignoring_case(child.name(), key);
  });
}

// Who has made it: peekr and Trivy have an rpm's vendor as its supplier, Syft as its publisher.
std::string vendor_of(object component) {
  object supplier;
  std::string name;
  if (component.at_key("supplier").get(supplier) == simdjson::SUCCESS) name = json_text(supplier, "name");
  return name.empty() ? json_text(component, "publisher") : name;
}
std::string vendor_of(XmlNode component) {
  std::string name = component.child("supplier").child("name").text();
  return name.empty() ? component.child("publisher").text() : name;
}

std::string type_of(object component) { return json_text(component, "type"); }
std::string type_of(XmlNode component) { return std::string(component.attribute("type")); }

std::vector<object> list_in(object from, std::string_view key, FileNotes& notes) {
  return json_objects(from, key, notes);
}
std::vector<XmlNode> list_in(XmlNode from, std::string_view key, FileNotes& notes) {
  const std::vector<XmlNode> lists = from.children(key);
  if (lists.size() > 1) notes.add(Why::damaged, std::string(key) + ": more than one list: all are read");
  std::vector<XmlNode> all;
  for (const XmlNode list : lists) std::ranges::copy(list.children(), std::back_inserter(all));
  return all;
}

// Absent: no node.
std::vector<object> node_in(object from, std::string_view key, FileNotes& notes) {
  element value;
  if (from.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return {};
  if (object one; value.get(one) == simdjson::SUCCESS) return {one};
  notes.add(Why::damaged, std::string(key) + ": not an object");
  return {};
}
std::vector<XmlNode> node_in(XmlNode from, std::string_view key, FileNotes& notes) {
  std::vector<XmlNode> all = from.children(key);
  if (all.size() > 1) notes.add(Why::damaged, std::string(key) + ": more than one: all are read");
  return all;
}

// In XML it is easily forgotten that components are in a list of their own.
void note_outside_of_list(object /*from*/, FileNotes& /*notes*/) {}
void note_outside_of_list(XmlNode from, FileNotes& notes) {
  if (from.child("component")) notes.add(Why::damaged, "component: outside of <components>: not read");
}

Property property_of(object one) { return {json_text(one, "name"), json_text(one, "value")}; }
Property property_of(XmlNode one) { return {std::string(one.attribute("name")), one.text()}; }

void add_license(object one, std::vector<std::string>& licenses) {
  add_text(json_text(one, "expression"), licenses);
  object license;
  if (one.at_key("license").get(license) != simdjson::SUCCESS) return;
  const std::string id = json_text(license, "id");
  add_text(id.empty() ? json_text(license, "name") : id, licenses);
}
void add_license(XmlNode one, std::vector<std::string>& licenses) {
  if (one.name() == "expression") add_text(one.text(), licenses);
  if (one.name() != "license") return;
  const std::string id = one.child("id").text();
  add_text(id.empty() ? one.child("name").text() : id, licenses);
}

// What Trivy says of a package's source: a property for each part.
struct Source {
  std::string name, epoch, version, release;

  void take(std::string_view key, std::string value) {
    if (key == "aquasecurity:trivy:SrcName") name = std::move(value);
    if (key == "aquasecurity:trivy:SrcEpoch") epoch = std::move(value);
    if (key == "aquasecurity:trivy:SrcVersion") version = std::move(value);
    if (key == "aquasecurity:trivy:SrcRelease") release = std::move(value);
  }
  [[nodiscard]] std::string upstream() const {
    if (name.empty() || version.empty()) return name;
    return name + "@" + (epoch.empty() ? "" : epoch + ":") + version + (release.empty() ? "" : "-" + release);
  }
};

// The label of an rpm's module: ours, Syft's, Trivy's.
bool is_modularity(std::string_view property) {
  return property == "peekr:modularity" || property == "syft:metadata:modularityLabel" ||
         property == "aquasecurity:trivy:Modularitylabel";
}

template <class Node>
SbomComponent component_of(Node one, FileNotes& notes) {
  const std::string group = text_in(one, "group"), name = text_in(one, "name");
  SbomComponent component{.name = group.empty() ? name : group + "/" + name,
                          .version = text_in(one, "version"),
                          .purl = purl_in(one, notes)};
  for (const Node& license : list_in(one, "licenses", notes)) add_license(license, component.licenses);
  // One CPE has a field of its own; peekr keeps the others in properties, and Syft there where it saw a package:
  // "syft:location:0:path".
  add_text(text_in(one, "cpe"), component.cpes);
  Source source;
  for (const Node& item : list_in(one, "properties", notes)) {
    const auto [key, value] = property_of(item);
    source.take(key, value);
    if (key == "peekr:cpe") add_text(value, component.cpes);
    if (is_modularity(key)) component.modularity = value;
    if (key == "cdx:npm:package:private" && value == "true") component.unpublished = true;
    if (key.starts_with("syft:location:") && key.ends_with(":path")) add_text(value, component.files);
  }
  component.upstream = source.upstream();
  component.vendor = vendor_of(one);
  return component;
}

// Trivy's heading over the packages of a language, or of a lock file: no package.
template <class Node>
bool is_heading(Node one, FileNotes& notes) {
  if (!text_in(one, "version").empty() || has(one, "purl")) return false;
  return std::ranges::any_of(list_in(one, "properties", notes), [](const Node& item) {
    return property_of(item).name == "aquasecurity:trivy:Class";
  });
}

// Since CycloneDX 1.5 they are components, before that a list of their own. What is neither does no harm: no package is missed by it.
std::vector<object> tools_in(object metadata) {
  element tools;
  array list;
  std::vector<object> all;
  if (metadata.at_key("tools").get(tools) != simdjson::SUCCESS) return all;
  if (tools.get(list) != simdjson::SUCCESS && tools.at_key("components").get(list) != simdjson::SUCCESS)
    return all;
  for (const element item : list) {
    if (object one; item.get(one) == simdjson::SUCCESS) all.push_back(one);
  }
  return all;
}
std::vector<XmlNode> tools_in(XmlNode metadata) {
  const XmlNode tools = metadata.child("tools");
  std::vector<XmlNode> all = tools.children("tool");
  std::ranges::copy(tools.child("components").children("component"), std::back_inserter(all));
  return all;
}

// The ones inside of it are open then.
template <class Node>
void take(Node one, std::vector<Node>& open, SbomComponents& all, FileNotes& notes) {
  constexpr std::array<std::string_view, 6> kNoPackages = {
      "container", "cryptographic-asset", "data", "device", "file", "operating-system"};
  // Neither packed nor reached: what tests or the build needed.
  if (text_in(one, "scope") == "excluded") return;
  note_outside_of_list(one, notes);
  const std::vector<Node> inner = list_in(one, "components", notes);
  open.insert(open.end(), inner.begin(), inner.end());
  // With a package URL it is a package whatever is said of its kind.
  const std::string type = type_of(one);
  const bool is_other = std::ranges::find(kNoPackages, type) != kNoPackages.end();
  if (type == "operating-system")
    all.push_back({.name = text_in(one, "name"), .version = text_in(one, "version"), .system = true});
  if ((!is_other && !is_heading(one, notes)) || has(one, "purl")) all.push_back(component_of(one, notes));
}

// What the document is about need not be a package.
template <class Node>
void take_subject(Node metadata, std::vector<Node>& open, SbomComponents& all, FileNotes& notes) {
  for (const Node& subject : node_in(metadata, "component", notes)) {
    if (text_in(subject, "version").empty() && text_in(subject, "purl").empty()) {
      const std::vector<Node> inner = list_in(subject, "components", notes);
      open.insert(open.end(), inner.begin(), inner.end());
    } else {
      take(subject, open, all, notes);
      for (SbomComponent& one : all) one.subject = true;
    }
  }
}

template <class Node>
SbomComponents components_of(Node root, FileNotes& notes) {
  SbomComponents all, tools;
  note_outside_of_list(root, notes);
  std::vector<Node> open = list_in(root, "components", notes);
  for (const Node& metadata : node_in(root, "metadata", notes)) {
    take_subject(metadata, open, all, notes);
    for (const Node& one : tools_in(metadata))
      tools.push_back({.name = text_in(one, "name"), .version = text_in(one, "version"), .tool = true});
  }
  while (!open.empty()) {
    const Node one = open.back();
    open.pop_back();
    take(one, open, all, notes);
  }
  // The list may be absent.
  note_if_unlisted(all, "components", has(root, "components") || !is_misspelt(root, "components"), notes);
  std::ranges::move(tools, std::back_inserter(all));
  return all;
}

}  // namespace

bool is_cyclonedx_xml(std::string_view head) {
  return head.starts_with('<') && head.find("cyclonedx.org/schema/bom/") != std::string_view::npos;
}

SbomComponents read_cyclonedx(object root, FileNotes& notes) { return components_of(root, notes); }

SbomComponents read_cyclonedx_xml(std::string_view bytes, FileNotes& notes) {
  const Result<Xml> document = Xml::parse(bytes);
  if (!document) {
    notes.add(why_of(document.error()), document.error().message);
    return {};
  }
  if (document->root().name() != "bom") {
    notes.add(Why::damaged, "xml: <" + peekr::quoted(document->root().name()) + "> where <bom> should be");
    return {};
  }
  return components_of(document->root(), notes);
}

}  // namespace peekr
