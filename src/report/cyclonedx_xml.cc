// SPDX-License-Identifier: Apache-2.0
// CycloneDX as XML (cyclonedx.org/docs/1.6/xml): what cyclonedx_json.cc writes, field by field. The XML schema wants its elements in
// one order and calls the items of lists something else: that is the table here. A field that it lacks is our bug.
#include <simdjson.h>

#include <algorithm>
#include <cassert>
#include <span>

#include "report/cyclonedx.h"
#include "report/reporter.h"
#include "report/xml.h"

namespace peekr {
namespace reporters {
extern const Reporter cyclonedx_json;
}  // namespace reporters

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

struct Shape;
struct Field {
  enum class As : std::uint8_t {
    attribute,
    text,
    content,     // the text of the element itself
    object,      // an element
    list,        // an element with one called `item` for each
    refs,        // texts: empty elements called `item` with the attribute ref, in one called as the field is
    loose_refs,  // the former only
    inside,  // {"license": {..}}, or {"expression": ".."}: as if that stood here, and not the item around it
    left_out,  // the XML says it by its name space
  };
  std::string_view key;
  As as{};
  const Shape* shape = nullptr;
  std::string_view item = {}, name = {};  // name: of the element, where it is not the key
};
struct Shape {
  std::span<const Field> fields;
};

using As = Field::As;
constexpr Field kPropertyFields[] = {{"name", As::attribute}, {"value", As::content}};
constexpr Shape kProperty{kPropertyFields};
constexpr Field kHashFields[] = {{"alg", As::attribute}, {"content", As::content}};
constexpr Shape kHash{kHashFields};
constexpr Field kNamedFields[] = {{"id", As::text}, {"name", As::text}, {"url", As::text}};
constexpr Shape kNamed{kNamedFields};  // a supplier, a source, a licence, an advisory
constexpr Field kLicenseFields[] = {{"license", As::inside, &kNamed}, {"expression", As::inside}};
constexpr Shape kLicense{kLicenseFields};
constexpr Field kOccurrenceFields[] = {{"location", As::text}};
constexpr Shape kOccurrence{kOccurrenceFields};
constexpr Field kEvidenceFields[] = {{"occurrences", As::list, &kOccurrence, "occurrence"}};
constexpr Shape kEvidence{kEvidenceFields};
constexpr Field kComponentFields[] = {{"type", As::attribute},
                                      {"bom-ref", As::attribute},
                                      {"supplier", As::object, &kNamed},
                                      {"publisher", As::text},
                                      {"name", As::text},
                                      {"version", As::text},
                                      {"description", As::text},
                                      {"hashes", As::list, &kHash, "hash"},
                                      {"licenses", As::list, &kLicense, "license"},
                                      {"cpe", As::text},
                                      {"purl", As::text},
                                      {"properties", As::list, &kProperty, "property"},
                                      {"evidence", As::object, &kEvidence}};
constexpr Shape kComponent{kComponentFields};
constexpr Field kToolsFields[] = {{"components", As::list, &kComponent, "component"}};
constexpr Shape kTools{kToolsFields};
constexpr Field kToolFields[] = {{"name", As::text}, {"version", As::text}};
constexpr Shape kTool{kToolFields};  // of 1.4
constexpr Field kMetadataFields[] = {{"timestamp", As::text},
                                     {"tools", As::object, &kTools},
                                     {"tools", As::list, &kTool, "tool"},
                                     {"component", As::object, &kComponent},
                                     {"properties", As::list, &kProperty, "property"}};
constexpr Shape kMetadata{kMetadataFields};
constexpr Field kDependencyFields[] = {{"ref", As::attribute},
                                       {"dependsOn", As::loose_refs, nullptr, "dependency"}};
constexpr Shape kDependency{kDependencyFields};
constexpr Field kCompositionFields[] = {{"aggregate", As::text},
                                        {"assemblies", As::refs, nullptr, "assembly"}};
constexpr Shape kComposition{kCompositionFields};
constexpr Field kReferenceFields[] = {{"id", As::text}, {"source", As::object, &kNamed}};
constexpr Shape kReference{kReferenceFields};
constexpr Field kRatingFields[] = {{"source", As::object, &kNamed},
                                   {"score", As::text},
                                   {"severity", As::text},
                                   {"method", As::text},
                                   {"vector", As::text},
                                   {"justification", As::text}};
constexpr Shape kRating{kRatingFields};
constexpr Field kAnalysisFields[] = {{"state", As::text},
                                     {"justification", As::text},
                                     {"response", As::list, nullptr, "response", "responses"},
                                     {"detail", As::text}};
constexpr Shape kAnalysis{kAnalysisFields};
constexpr Field kVersionFields[] = {{"version", As::text}, {"status", As::text}};
constexpr Shape kVersion{kVersionFields};
constexpr Field kTargetFields[] = {{"ref", As::text}, {"versions", As::list, &kVersion, "version"}};
constexpr Shape kTarget{kTargetFields};
constexpr Field kVulnerabilityFields[] = {{"id", As::text},
                                          {"source", As::object, &kNamed},
                                          {"references", As::list, &kReference, "reference"},
                                          {"ratings", As::list, &kRating, "rating"},
                                          {"cwes", As::list, nullptr, "cwe"},
                                          {"description", As::text},
                                          {"recommendation", As::text},
                                          {"advisories", As::list, &kNamed, "advisory"},
                                          {"published", As::text},
                                          {"analysis", As::object, &kAnalysis},
                                          {"affects", As::list, &kTarget, "target"},
                                          {"properties", As::list, &kProperty, "property"}};
constexpr Shape kVulnerability{kVulnerabilityFields};
constexpr Field kBomFields[] = {{"$schema", As::left_out},
                                {"bomFormat", As::left_out},
                                {"specVersion", As::left_out},
                                {"serialNumber", As::attribute},
                                {"version", As::attribute},
                                {"metadata", As::object, &kMetadata},
                                {"components", As::list, &kComponent, "component"},
                                {"dependencies", As::list, &kDependency, "dependency"},
                                {"compositions", As::list, &kComposition, "composition"},
                                {"vulnerabilities", As::list, &kVulnerability, "vulnerability"}};
constexpr Shape kBom{kBomFields};

std::string text_of(const element& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::string(text) : simdjson::minify(value);
}

class Converter {
 public:
  explicit Converter(XmlWriter& xml) : xml_(xml) {}

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the table is
  void write(std::string_view name, const element& value, const Shape* shape,
             XmlWriter::Attributes more = {}) {
    if (shape == nullptr) return xml_.text(name, text_of(value));
    object fields = value.get_object().value_unsafe();
    assert(knows_all(fields, *shape));
    if (shape->fields.front().as == As::inside) {
      for (const Field& field : shape->fields) {
        if (element inner; fields.at_key(field.key).get(inner) == simdjson::SUCCESS)
          write(field.key, inner, field.shape);
      }
      return;
    }
    std::vector<std::string> texts(shape->fields.size());
    const std::string* content = nullptr;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const Field& field = shape->fields[i];
      element of;
      if (fields.at_key(field.key).get(of) != simdjson::SUCCESS) continue;
      if (field.as != As::attribute && field.as != As::content) continue;
      texts[i] = text_of(of);
      if (field.as == As::content) content = &texts[i];
      if (field.as == As::attribute) more.emplace_back(field.key, texts[i]);
    }
    if (content != nullptr) return xml_.text(name, *content, more);
    xml_.element(name, more, [&] {
      for (const Field& field : shape->fields) {
        // What is an object in one version may be a list in another: it has a line for each.
        if (element of; fields.at_key(field.key).get(of) == simdjson::SUCCESS &&
                        field.as != (of.is_array() ? As::object : As::list))
          write_field(of, field);
      }
    });
  }

 private:
  static bool knows_all(const object& fields, const Shape& shape) {
    for (const auto one : fields) {
      if (std::ranges::find(shape.fields, one.key, &Field::key) == shape.fields.end()) return false;
    }
    return true;
  }

  void write_field(const element& value, const Field& field) {
    const std::string_view name = field.name.empty() ? field.key : field.name;
    switch (field.as) {
      case As::text: return xml_.text(name, text_of(value));
      case As::object: return write(name, value, field.shape);
      case As::list:
      case As::refs: return xml_.element(name, {}, [&] { write_items(value, field); });
      case As::loose_refs: return write_items(value, field);
      case As::attribute:
      case As::content:
      case As::inside:
      case As::left_out: break;
    }
  }

  void write_items(const element& list, const Field& field) {
    for (const element one : list.get_array().value_unsafe()) {
      if (field.as == As::list) {
        write(field.item, one, field.shape);
      } else {
        xml_.empty(field.item, {{"ref", text_of(one)}});
      }
    }
  }

  XmlWriter& xml_;
};

void convert(const std::string& json, std::string_view version, std::string& out) {
  simdjson::dom::parser parser;
  element root;
  [[maybe_unused]] const bool whole = parser.parse(json).get(root) == simdjson::SUCCESS;
  assert(whole);
  XmlWriter xml(out);
  const std::string space = "http://cyclonedx.org/schema/bom/" + std::string(version);
  Converter(xml).write("bom", root, &kBom, {{"xmlns", space}});
}

void scan(const Report& report, const Style& style, std::string& out) {
  std::string json;
  reporters::cyclonedx_json.scan(report, style, json);
  convert(json, cyclonedx_version(style.version), out);
}

void inventory(const Report& report, const Style& style, std::string& out) {
  std::string json;
  reporters::cyclonedx_json.inventory(report, style, json);
  convert(json, cyclonedx_version(style.version), out);
}

}  // namespace

namespace reporters {
extern const Reporter cyclonedx_xml;
constexpr Reporter cyclonedx_xml = {
    .name = "cyclonedx-xml",
    .about = "CycloneDX 1.6 (@1.4, @1.5, @1.7), XML: the same as cyclonedx-json",
    .scan = scan,
    .inventory = inventory,
    .versions = kCycloneDxVersions};
}  // namespace reporters

}  // namespace peekr
