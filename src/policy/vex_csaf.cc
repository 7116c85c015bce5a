// SPDX-License-Identifier: Apache-2.0
// CSAF 2.0: the product tree (branches within branches, relationships of a package with what it is part of) gives each product
// id its package URL; a vulnerability lists ids by status, with flags and threats as reasons.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/rhel.h"
#include "policy/json.h"
#include "policy/vex_formats.h"

namespace peekr {
namespace {

using simdjson::dom::element;

// Of a product id.
struct Named {
  std::vector<VexProduct> products;
  std::optional<Distro> system;  // what its CPE is, if that is an operating system's
};
using Products = std::map<std::string, Named, std::less<>>;

// Of "cpe:/o:redhat:enterprise_linux:9::baseos" and "cpe:2.3:o:almalinux:almalinux:9:*:..".
std::optional<Distro> system_of(std::string_view cpe) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kIds = {{
      {"debian_linux", "debian"},
      {"ubuntu_linux", "ubuntu"},
      {"alpine_linux", "alpine"},
      {"leap", "opensuse-leap"},
  }};
  for (const std::string_view front : {"cpe:/", "cpe:2.3:"}) {
    if (!cpe.starts_with(front)) continue;
    const std::vector<std::string_view> parts = split(cpe.substr(front.size()), ':');
    if (parts.size() < 3) return std::nullopt;
    const auto known =
        std::ranges::find(kIds, parts[2], &std::pair<std::string_view, std::string_view>::first);
    Distro system{.id = std::string(known == kIds.end() ? parts[2] : known->second)};
    if (rhel_stream(parts[2])) system.id = "rhel";
    if (parts.size() > 3 && parts[3] != "*" && parts[3] != "-") system.version_id = parts[3];
    return system;
  }
  return std::nullopt;
}

// A full_product_name: its package URLs, else its name where that is an image.
void add(const element& product, Products& to) {
  const std::string id(json_text(product, "product_id"));
  if (id.empty()) return;
  Named& named = to[id];
  std::vector<VexProduct>& all = named.products;
  const auto take = [&](std::string_view text) {
    if (std::optional<VexProduct> one = product_of(text)) all.push_back(*std::move(one));
  };
  element helper;
  if (product["product_identification_helper"].get(helper) == simdjson::SUCCESS) {
    if (const std::string_view purl = json_text(helper, "purl"); !purl.empty()) take(purl);
    named.system = system_of(json_text(helper, "cpe"));
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

// "openssl as a component of Red Hat Enterprise Linux 9": the package of that system; an image is itself wherever it runs.
void add_of_system(const Named& part, const Distro& system, std::vector<VexProduct>& to) {
  for (const VexProduct& one : part.products) {
    if (one.image) to.push_back(one);
    if (!one.package) continue;
    const std::optional<Distro>& own = one.package->distro;
    if (own && own->id != system.id) continue;
    to.push_back(one);
    if (!own || own->version_id.empty()) to.back().package->distro = system;
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
  for (const VexProduct& one : part->second.products) {
    for (const VexProduct& of : whole->second.products) {
      if (!one.package) continue;
      VexProduct product = one;
      product.text = of.text + ", " + one.text;
      product.image = of.image;
      product.whole = of.package;
      all.push_back(std::move(product));
    }
  }
  if (whole->second.products.empty() && whole->second.system)
    add_of_system(part->second, *whole->second.system, all);
  to[std::string(json_text(name, "product_id"))] = {.products = std::move(all), .system = {}};
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

// By the flags and threats that are about the product, or about all of them.
void add_reason(const element& vulnerability, std::string_view id, VexStatement& statement) {
  auto& label = statement.justification;
  auto& details = statement.impact;
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
        if (known != products.end()) statement.products = known->second.products;
        add_reason(item, id, statement);
        keep(std::move(statement), to);
      });
    }
  });
}

}  // namespace peekr
