// SPDX-License-Identifier: Apache-2.0
// CycloneDX: vulnerabilities of {id, analysis of {state, justification, detail}, affects of {ref, versions}}. A ref is the bom-ref
// of a component of the same document, a package URL, or a BOM-Link to a component of another ("urn:cdx:SERIAL/VERSION#REF").
// Where metadata.component is an image, they are all about packages in that one.
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "policy/json.h"
#include "policy/vex_formats.h"

namespace peekr {
namespace {

using simdjson::dom::element;
// What the statements of a document lean on.
struct Bom {
  std::map<std::string, std::string, std::less<>> purls;  // by bom-ref
  std::optional<VexProduct> image;                        // what it is about, where it names one
  std::string_view image_ref;
  std::optional<Instant> time;
};

std::string name_of(const element& component) {
  const std::string_view group = json_text(component, "group");
  return std::string(group) + (group.empty() ? "" : "/") + std::string(json_text(component, "name"));
}

// By its package URL, else by name and version ("sha256:..." or a tag). Nothing: it is no image, or any of that name.
std::optional<VexProduct> image_in(const element& component) {
  std::optional<VexProduct> out = product_of(json_text(component, "purl"));
  if (out && out->image) return out;
  if (json_text(component, "type") != "container") return std::nullopt;
  const std::string_view version = json_text(component, "version");
  const bool digest = version.find(':') != std::string_view::npos;
  std::string text = name_of(component);
  NamedImage image = image_called(text);
  image.whole = text.find('/') != std::string::npos;
  if (digest) {
    image.digest = lower(version);
    text.append("@").append(version);
  } else if (!version.empty() && image.tag.empty()) {
    image.tag = version;
    text.append(":").append(version);
  }
  if (image.tag.empty() && image.digest.empty()) return std::nullopt;
  return VexProduct{.text = std::move(text), .image = std::move(image), .whole = {}, .package = {}};
}

Bom bom_of(const element& root, Vex& to) {
  Bom out;
  std::vector<element> open;
  const auto take = [&](const element& one) { open.push_back(one); };
  element metadata, component;
  if (root["metadata"].get(metadata) == simdjson::SUCCESS) {
    out.time = time_in(metadata, {"timestamp"}, to.file + ": metadata", to);
    if (metadata["component"].get(component) == simdjson::SUCCESS) {
      take(component);
      out.image = image_in(component);
      out.image_ref = json_text(component, "bom-ref");
    }
  }
  each(root, "components", take);
  while (!open.empty()) {
    const element at = open.back();
    open.pop_back();
    const std::string_view purl = json_text(at, "purl");
    out.purls.emplace(json_text(at, "bom-ref"), purl.empty() ? json_text(at, "name") : purl);
    each(at, "components", take);
  }
  out.purls.erase("");
  return out;
}

std::optional<VexStatement::Status> status_called(std::string_view word) {
  using enum VexStatement::Status;
  if (word == "not_affected" || word == "false_positive") return not_affected;
  if (word == "resolved" || word == "resolved_with_pedigree") return fixed;
  if (word == "exploitable") return affected;
  if (word == "in_triage") return under_investigation;
  return std::nullopt;
}

// What the reference names is an image itself, or a package in the one that the document is about.
void add_named(std::string_view ref, const Bom& bom, VexStatement& statement, Vex& to) {
  if (bom.image && !ref.empty() && ref == bom.image_ref) return statement.products.push_back(*bom.image);
  const auto known = bom.purls.find(ref);
  const std::size_t before = statement.products.size();
  add_product(known == bom.purls.end() ? ref : std::string_view(known->second), statement, to);
  if (statement.products.size() == before || !bom.image) return;
  VexProduct& product = statement.products.back();
  if (product.image) return;
  product.image = bom.image->image;
  product.text = bom.image->text + ", " + product.text;
}

// A product, and the statement that it is of.
struct Place {
  const VexStatement& statement;
  VexProduct& product;
  Vex& to;
  void remark(const std::string& text) const {
    to.remarks.push_back(statement.where + ": product " + printable(product.text) + ": " + text);
  }
};

void add_version(const element& one, const Place& at, VexVersions& versions) {
  const std::string_view version = json_text(one, "version"), range = json_text(one, "range");
  if (!version.empty()) {
    versions.listed.emplace_back(version);
    return;
  }
  Result<VersRange> read = at.product.package ? read_vers(range, at.product.package->package.type)
                                              : fail(Errc::unsupported, "an image's versions have no order");
  if (read) {
    versions.ranges.push_back(*std::move(read));
    return;
  }
  versions.all_may_be = true;
  at.remark("range " + printable(range) + ": " + read.error().message);
}

// Of an image nothing but its tag or digest is a version. Nothing: which of these it has is not known.
std::optional<bool> is_its_own(const NamedImage& image, const std::string& version) {
  const std::string small = lower(version);
  const bool digest = version.find(':') != std::string::npos;
  const bool known = digest ? cut(small, ':').first == cut(image.digest, ':').first : !image.tag.empty();
  if (!known) return std::nullopt;
  return digest ? small == image.digest : version == image.tag;
}

bool takes_image_out(const NamedImage& image, const VexVersions& meant, const VexVersions& others) {
  const auto surely = [&](const std::string& one) { return is_its_own(image, one).value_or(false); };
  return std::ranges::any_of(meant.listed, surely) && !others.all_may_be &&
         std::ranges::none_of(others.listed,
                              [&](const std::string& one) { return is_its_own(image, one).value_or(true); });
}

bool keeps_image(const NamedImage& image, const VexVersions& meant) {
  const auto maybe = [&](const std::string& one) { return is_its_own(image, one).value_or(true); };
  return meant.all_may_be || std::ranges::any_of(meant.listed, maybe);
}

// Of the versions that a product lists the statement is about some. Without a status one is affected (the schema's default), and a
// statement that takes out is about those alone that nothing calls affected. False: it is about none.
bool add_versions(const element& item, const Place& at) {
  const bool takes = takes_out(at.statement);
  VexVersions meant, others;
  each(item, "versions", [&](const element& one) {
    const bool unaffected = json_text(one, "status") == "unaffected";
    add_version(one, at, unaffected == takes ? meant : others);
  });
  if (!at.product.package) {
    const NamedImage& image = *at.product.image;
    return takes ? takes_image_out(image, meant, others) : keeps_image(image, meant);
  }
  if (!takes && meant.all_may_be) return true;  // of any: it takes nothing out
  std::erase_if(meant.listed, [&](const std::string& one) {
    return takes && std::ranges::find(others.listed, one) != others.listed.end();
  });
  const bool any = !meant.empty();
  at.product.versions = std::move(meant);
  if (takes) at.product.others = std::move(others);
  return any;
}

void add_affected(const element& item, const Bom& bom, VexStatement& statement, Vex& to) {
  std::string_view ref = json_text(item, "ref");
  std::string decoded;
  if (ref.starts_with("urn:cdx:")) {
    ref = ref.substr(std::min(ref.find('#'), ref.size() - 1) + 1);
    if (!is_purl(ref) && !bom.purls.contains(ref)) ref = decoded = percent_decoded(ref);
  }
  const std::size_t before = statement.products.size();
  add_named(ref, bom, statement, to);
  if (statement.products.size() == before) return;
  element versions;
  if (item["versions"].get(versions) != simdjson::SUCCESS) return;
  simdjson::dom::array list;
  const bool is_list = versions.get(list) == simdjson::SUCCESS;
  if (is_list && list.size() == 0) return;
  const Place at{statement, statement.products.back(), to};
  const std::size_t remarks = to.remarks.size();
  if (add_versions(item, at)) return;
  if (to.remarks.size() == remarks)
    at.remark(is_list ? "of the versions that it lists none is in the statement's state"
                      : "versions: want a list");
  if (is_list || takes_out(statement)) statement.products.pop_back();
}

}  // namespace

void read_cyclonedx_vex(const element& root, Vex& to) {
  const Bom bom = bom_of(root, to);
  each(root, "vulnerabilities", [&](const element& item) {
    element analysis;
    if (item["analysis"].get(analysis) != simdjson::SUCCESS) return;  // it is a list of findings
    const std::string id(json_text(item, "id"));
    VexStatement statement{.where = to.file + ": " + (id.empty() ? "a vulnerability" : id)};
    const std::string_view word = json_text(analysis, "state");
    const std::optional<VexStatement::Status> status = status_called(word);
    if (!status) {
      to.remarks.push_back(statement.where + ": state \"" + std::string(word) + "\" means nothing to peekr");
      return;
    }
    statement.status = *status;
    if (!id.empty()) statement.names.push_back(id);
    each(item, "references", [&](const element& one) { statement.names.emplace_back(json_text(one, "id")); });
    statement.justification = json_text(analysis, "justification");
    statement.impact = json_text(analysis, "detail");
    statement.time = time_in(analysis, {"firstIssued", "lastUpdated"}, statement.where, to);
    if (!statement.time) statement.time = bom.time;
    const std::size_t remarks = to.remarks.size();
    each(item, "affects", [&](const element& one) { add_affected(one, bom, statement, to); });
    if (!statement.products.empty() || to.remarks.size() == remarks) keep(std::move(statement), to);
  });
}

}  // namespace peekr
