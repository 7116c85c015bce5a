// SPDX-License-Identifier: Apache-2.0
// OpenVEX: statements of {vulnerability, products of {@id, identifiers, subcomponents}, status, justification, ...}. Versions
// before 0.2 have texts where objects stand now.
#include <simdjson.h>

#include <string>
#include <utility>

#include "policy/json.h"
#include "policy/vex_formats.h"

namespace peekr {
namespace {

using simdjson::dom::element;

// Of "https://nvd.nist.gov/vuln/detail/CVE-2023-1" the last part.
std::string name_of(std::string_view text) {
  return std::string(text.starts_with("http") ? text.substr(text.rfind('/') + 1) : text);
}

void add_names(const element& item, VexStatement& statement) {
  std::string_view text;
  element vulnerability;
  const auto add = [&](std::string_view name) {
    if (!name.empty()) statement.names.push_back(name_of(name));
  };
  if (item["vulnerability"].get(text) == simdjson::SUCCESS) return add(text);
  if (item["vulnerability"].get(vulnerability) != simdjson::SUCCESS) return;
  for (const std::string_view key : {"name", "@id"}) add(json_text(vulnerability, key));
  each(vulnerability, "aliases", [&](const element& one) {
    if (one.get(text) == simdjson::SUCCESS) add(text);
  });
}

// What a product or a part of it is called: its package URL before its @id; where that names neither a package nor an image, its hash.
std::string called(const element& item) {
  std::string_view text;
  if (item.get(text) == simdjson::SUCCESS) return std::string(text);
  element inner;
  if (item["identifiers"].get(inner) == simdjson::SUCCESS) text = json_text(inner, "purl");
  if (text.empty()) text = json_text(item, "@id");
  if (product_of(text) || item["hashes"].get(inner) != simdjson::SUCCESS) return std::string(text);
  for (const auto& [key, front] : {std::pair("sha-256", "sha256:"), std::pair("sha-512", "sha512:")}) {
    if (const std::string_view hash = json_text(inner, key); !hash.empty()) return front + std::string(hash);
  }
  return std::string(text);
}

// What the product is made of, by itself or, before 0.2, by its statement: each part is a product of its own, within the whole.
void add_parts(const element& item, const element& of, VexStatement& statement, Vex& to) {
  const std::string whole = called(item);
  bool any = false;
  element own;
  const bool has_own = item["subcomponents"].get(own) == simdjson::SUCCESS;
  each(has_own ? item : of, "subcomponents", [&](const element& part) {
    any = true;
    const std::string name = called(part);
    const std::optional<VexProduct> of = product_of(whole);
    std::optional<VexProduct> one = product_of(name);
    if (!of || !one || !one->package) return add_product(of ? name : whole, statement, to);
    one->text = whole + ", " + name;
    one->image = of->image;
    one->whole = of->package;
    statement.products.push_back(*std::move(one));
  });
  if (!any) add_product(whole, statement, to);
}

std::optional<VexStatement::Status> status_called(std::string_view word) {
  using enum VexStatement::Status;
  if (word == "not_affected") return not_affected;
  if (word == "fixed") return fixed;
  if (word == "affected") return affected;
  if (word == "under_investigation") return under_investigation;
  return std::nullopt;
}

}  // namespace

void read_openvex(const element& root, Vex& to) {
  const std::optional<Instant> time = time_in(root, {"timestamp"}, to.file, to);
  std::size_t number = 0;
  each(root, "statements", [&](const element& item) {
    VexStatement statement{.where = to.file + ": statement " + std::to_string(++number)};
    const std::string_view word = json_text(item, "status");
    const std::optional<VexStatement::Status> status = status_called(word);
    if (!status) {
      to.remarks.push_back(statement.where + ": status \"" + std::string(word) + "\" means nothing to peekr");
      return;
    }
    statement.status = *status;
    statement.justification = json_text(item, "justification");
    statement.impact = json_text(item, "impact_statement");
    statement.time = time_in(item, {"timestamp", "last_updated"}, statement.where, to);
    if (!statement.time) statement.time = time;
    add_names(item, statement);
    each(item, "products", [&](const element& product) { add_parts(product, item, statement, to); });
    keep(std::move(statement), to);
  });
}

}  // namespace peekr
