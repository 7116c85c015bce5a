// SPDX-License-Identifier: Apache-2.0
// CSAF 2.0: the product tree (branches within branches, relationships of a package with what it is part of) gives each product
// id its package URL; a vulnerability lists ids by status, with flags and threats as reasons.
#include <simdjson.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "policy/json.h"
#include "policy/vex_formats.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using Products = std::map<std::string, std::vector<VexProduct>, std::less<>>;  // by product id

// A full_product_name: its package URLs, else its name where that is an image.
void add(const element& product, Products& to) {
  const std::string id(json_text(product, "product_id"));
  if (id.empty()) return;
  std::vector<VexProduct>& all = to[id];
  const auto take = [&](std::string_view text) {
    if (std::optional<VexProduct> one = product_of(text)) all.push_back(*std::move(one));
  };
  element helper;
  if (product["product_identification_helper"].get(helper) == simdjson::SUCCESS) {
    if (const std::string_view purl = json_text(helper, "purl"); !purl.empty()) take(purl);
    each(helper, "purls", [&](const element& one) {
      std::string_view text;
      if (one.get(text) == simdjson::SUCCESS) take(text);
    });
  }
  if (all.empty()) take(json_text(product, "name"));
}

void add_branches(const element& tree, Products& to) {
  std::vector<element> open = {tree};
  while (!open.empty()) {
    const element at = open.back();
    open.pop_back();
    element product;
    if (at["product"].get(product) == simdjson::SUCCESS) add(product, to);
    each(at, "branches", [&](const element& one) { open.push_back(one); });
  }
}

// "openssl as a component of our image": all of the package within all that the other one is called.
void add_relationship(const element& item, Products& to) {
  element name;
  if (item["full_product_name"].get(name) != simdjson::SUCCESS) return;
  const auto part = to.find(json_text(item, "product_reference"));
  const auto whole = to.find(json_text(item, "relates_to_product_reference"));
  if (part == to.end() || whole == to.end()) return;
  std::vector<VexProduct> all;
  for (const VexProduct& one : part->second) {
    for (const VexProduct& of : whole->second) {
      if (!one.package) continue;
      VexProduct product = one;
      product.text = of.text + ", " + one.text;
      product.image = of.image;
      product.whole = of.package;
      all.push_back(std::move(product));
    }
  }
  to[std::string(json_text(name, "product_id"))] = std::move(all);
}

Products products_of(const element& root) {
  Products all;
  element tree;
  if (root["product_tree"].get(tree) != simdjson::SUCCESS) return all;
  add_branches(tree, all);
  each(tree, "full_product_names", [&](const element& one) { add(one, all); });
  each(tree, "relationships", [&](const element& one) { add_relationship(one, all); });
  return all;
}

bool lists(const element& item, std::string_view id) {
  bool found = false;
  each(item, "product_ids", [&](const element& one) {
    std::string_view text;
    found = found || (one.get(text) == simdjson::SUCCESS && text == id);
  });
  return found;
}

// Of the flags and threats that are about the product, or about all of them.
std::string reason(const element& vulnerability, std::string_view id) {
  std::string label, details;
  const auto about = [&](const element& item) {
    return item["product_ids"].error() != simdjson::SUCCESS || lists(item, id);
  };
  each(vulnerability, "flags", [&](const element& one) {
    if (label.empty() && about(one)) label = json_text(one, "label");
  });
  each(vulnerability, "threats", [&](const element& one) {
    if (details.empty() && json_text(one, "category") == "impact" && about(one))
      details = json_text(one, "details");
  });
  return both(label, details);
}

constexpr std::pair<std::string_view, VexStatement::Status> kStatuses[] = {
    {"known_not_affected", VexStatement::Status::not_affected},
    {"fixed", VexStatement::Status::fixed},
    {"first_fixed", VexStatement::Status::fixed},
    {"known_affected", VexStatement::Status::affected},
    {"first_affected", VexStatement::Status::affected},
    {"last_affected", VexStatement::Status::affected},
    {"under_investigation", VexStatement::Status::under_investigation}};

}  // namespace

void read_csaf_vex(const element& root, Vex& to) {
  const Products products = products_of(root);
  each(root, "vulnerabilities", [&](const element& item) {
    std::vector<std::string> names;
    if (const std::string_view cve = json_text(item, "cve"); !cve.empty()) names.emplace_back(cve);
    each(item, "ids", [&](const element& one) { names.emplace_back(json_text(one, "text")); });
    element statuses;
    if (item["product_status"].get(statuses) != simdjson::SUCCESS) return;
    const std::string where = to.file + ": " + (names.empty() ? "a vulnerability" : names.front());
    for (const auto& [key, status] : kStatuses) {
      each(statuses, key, [&](const element& one) {
        std::string_view id;
        if (one.get(id) != simdjson::SUCCESS) return;
        VexStatement statement{.where = where + ": " + std::string(id), .names = names, .status = status};
        const auto known = products.find(id);
        if (known != products.end()) statement.products = known->second;
        statement.words = reason(item, id);
        keep(std::move(statement), to);
      });
    }
  });
}

}  // namespace peekr
