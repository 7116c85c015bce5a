// SPDX-License-Identifier: Apache-2.0
// OpenVEX 0.2.0 (github.com/openvex/spec): report/vex.h. The product is the image by its package URL, and the packages are its
// subcomponents; what has no digest (a root file system) has no such URL, and the packages stand for themselves.
#include "report/identity.h"
#include "report/json_writer.h"
#include "report/reporter.h"
#include "report/vex.h"

namespace peekr {
namespace {

void write_named(JsonWriter& json, const std::string& url) {
  json.text("@id", url);
  json.record("identifiers", [&] { json.text("purl", url); });
}

void write_products(JsonWriter& json, const std::string& image, const VexAnswer& one) {
  if (image.empty())
    return json.list("products", one.products, [&](const std::string& url) { write_named(json, url); });
  json.only("products", [&] {
    write_named(json, image);
    if (!one.products.empty())
      json.list("subcomponents", one.products, [&](const std::string& url) { write_named(json, url); });
  });
}

void write_answer(JsonWriter& json, const std::string& image, const VexAnswer& one) {
  json.record("vulnerability", [&] {
    json.text("name", one.id);
    if (one.finding != nullptr) json.text("@id", page_of(one.id));
    if (!one.aliases.empty()) json.strings("aliases", one.aliases);
  });
  write_products(json, image, one);
  json.text("status", name(one.status));
  json.given("justification", one.justification);
  json.given("impact_statement", one.impact);
  json.given("action_statement", one.action);
  json.given("status_notes", one.notes);
}

void scan(const Report& report, const Style& /*style*/, std::string& out) {
  const std::string image = purl(report.image);
  JsonWriter json(out);
  json.document([&] {
    json.text("@context", "https://openvex.dev/ns/v0.2.0");
    json.text("@id", "urn:uuid:" + uuid_of(report, "openvex"));
    json.text("author", "peekr");
    json.text("role", "scanner");
    json.text("timestamp", report.created);
    json.number("version", 1);
    json.text("tooling", "peekr " + report.version);
    json.list("statements", vex_answers(report),
              [&](const VexAnswer& one) { write_answer(json, image, one); });
  });
}

}  // namespace

namespace reporters {
extern const Reporter openvex;
constexpr Reporter openvex = {
    .name = "openvex",
    .about = "OpenVEX 0.2.0: a statement on each finding, and on what rules took out",
    .scan = scan};
}  // namespace reporters

}  // namespace peekr
