// SPDX-License-Identifier: Apache-2.0
#include "feed/csaf.h"

#include <simdjson.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "feed/words.h"
#include "model/purl.h"

namespace peekr::csaf {
namespace {

using json::element;
using json::Gaps;
using json::object;

// "nodejs:18" of "nodejs:18:8090020231019152822:a75119d5"; empty: no stream.
std::string module_of(std::string_view label) {
  const auto [name, rest] = cut(label, ':');
  const std::string_view stream = cut(rest, ':').first;
  return name.empty() || stream.empty() ? std::string() : std::string(name) + ":" + std::string(stream);
}

enum class Kind { package, module, other, damaged };

// "pkg:rpm/redhat/curl@7.76.1-26.el9?arch=src&epoch=1&rpmmod=..", "pkg:rpmmod/redhat/nodejs@18:8090020231019152822:a75119d5".
Kind read_purl(std::string_view purl, Component& one) {
  const bool module = purl.starts_with("pkg:rpmmod/");
  if (!module && !purl.starts_with("pkg:rpm/")) return Kind::other;
  const auto [head, qualifiers] = cut(purl, '?');
  const auto [path, version] = cut(head, '@');
  one.name = percent_decoded(path.substr(path.rfind('/') + 1));
  one.evr = percent_decoded(version);
  if (one.name.empty()) return Kind::damaged;
  if (module) {
    one.module = module_of(one.name + ":" + one.evr);
    return one.module.empty() ? Kind::damaged : Kind::module;
  }
  std::string epoch = "0";
  for (const std::string_view qualifier : split(qualifiers, '&')) {
    const auto [key, value] = cut(qualifier, '=');
    if (key == "arch") one.arch = percent_decoded(value);
    if (key == "epoch") epoch = percent_decoded(value);
    if (key != "rpmmod") continue;
    one.module = module_of(percent_decoded(value));
    if (one.module.empty()) return Kind::damaged;
  }
  if (!one.evr.empty()) one.evr = epoch + ":" + one.evr;
  return Kind::package;
}

}  // namespace

void Products::read(object tree, const Gaps& gaps) {
  std::vector<element> todo = json::list(tree, "branches", gaps);
  while (!todo.empty()) {  // the tree is as deep as its author likes
    const element item = todo.back();
    todo.pop_back();
    object branch, product;
    if (item.get(branch) != simdjson::SUCCESS) {
      gaps.add("branches", "an item is not an object");
      continue;
    }
    if (json::find(branch, "product", product)) add_product(product, gaps);
    for (const element below : json::list(branch, "branches", gaps)) todo.push_back(below);
  }
  for (const element item : json::list(tree, "relationships", gaps)) add_relation(item, gaps);
  if (unnamed_ > 0) gaps.add("product_tree", std::to_string(unnamed_) + " components without a purl");
}

Products::Found Products::find(std::string_view id, Placed& placed) const {
  std::string_view at = id;
  // The package, perhaps its module, the product: a chain of two or three.
  for (int step = 0; step < 4; ++step) {
    if (const auto cpe = cpes_.find(at); cpe != cpes_.end()) {
      placed.cpe = cpe->second;
      return placed.component != nullptr ? Found::placed : Found::other;
    }
    const auto relation = relations_.find(at);
    if (relation == relations_.end()) return step == 0 ? Found::unknown : Found::other;
    const auto package = packages_.find(relation->second.component);
    const auto module = modules_.find(relation->second.component);
    if (package != packages_.end() && placed.component == nullptr) {
      placed.component = &package->second;
      placed.module = package->second.module;
    }
    if (module != modules_.end()) placed.module = module->second;
    at = relation->second.product;
  }
  return Found::unknown;  // longer than any: a circle
}

void Products::add_product(object product, const Gaps& gaps) {
  const std::string id = json::text(product, "product_id", gaps);
  object helper;
  std::string_view text;
  if (id.empty()) return gaps.add("product", "without product_id");
  if (!json::find(product, "product_identification_helper", helper)) {
    ++unnamed_;
  } else if (json::find(helper, "cpe", text)) {
    cpes_[id] = text;
  } else if (json::find(helper, "purl", text)) {
    add_purl(id, text, gaps);
  } else {
    ++unnamed_;
  }
}

void Products::add_purl(const std::string& id, std::string_view purl, const Gaps& gaps) {
  Component one;
  switch (read_purl(purl, one)) {
    case Kind::package: packages_[id] = std::move(one); break;
    case Kind::module: modules_[id] = one.module; break;
    case Kind::damaged: gaps.add(id, "its purl is not understood: " + printable(purl)); break;
    case Kind::other: break;  // a container, a jar
  }
}

void Products::add_relation(element item, const Gaps& gaps) {
  object relation, full;
  std::string_view id, component, product;
  if (item.get(relation) != simdjson::SUCCESS || !json::find(relation, "full_product_name", full) ||
      !json::find(full, "product_id", id) || !json::find(relation, "product_reference", component) ||
      !json::find(relation, "relates_to_product_reference", product)) {
    return gaps.add("relationships", "an item without its products");
  }
  relations_[std::string(id)] = {std::string(component), std::string(product)};
}

namespace {

std::string_view unquoted(std::string_view field) {
  field = trim(field);
  const bool quoted = field.size() > 1 && field.front() == '"' && field.back() == '"';
  return quoted ? field.substr(1, field.size() - 2) : field;
}

void read_deletion(std::string_view line, const Publisher& publisher, const json::Gaps& gaps,
                   Published& out) {
  const auto [path, date] = cut(line, ',');
  std::string_view file = unquoted(path);
  file = file.substr(file.rfind('/') + 1);
  std::string cve(file.substr(0, file.find('.')));
  std::ranges::transform(cve, cve.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const std::string when = rfc3339(unquoted(date));
  if (cves_in(cve) != std::vector<std::string>{cve} || when.empty())
    return gaps.add("", "not a document's name and a date: " + printable(line.substr(0, 100)));
  out.advisories.push_back({.id = std::string(publisher.prefix) + cve,
                            .publisher = std::string(publisher.name),
                            .upstream = {cve},
                            .summary = "withdrawn by " + std::string(publisher.name),
                            .modified = when,
                            .withdrawn = when});
}

}  // namespace

void read_deletions(std::string_view bytes, const Publisher& publisher, const json::Gaps& gaps,
                    Published& out) {
  if (trim(bytes).empty()) gaps.add("", "nothing in it");
  while (!bytes.empty()) {
    const std::string_view line = next_line(bytes);
    if (!trim(line).empty()) read_deletion(line, publisher, gaps, out);
  }
}

}  // namespace peekr::csaf
