// SPDX-License-Identifier: Apache-2.0
// CycloneDX: vulnerabilities of {id, analysis of {state, justification, detail}, affects of {ref, versions}}. A ref is the bom-ref
// of a component of the same document, a package URL, or a BOM-Link to a component of another ("urn:cdx:SERIAL/VERSION#REF").
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "policy/json.h"
#include "policy/vex_formats.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using Purls = std::map<std::string, std::string, std::less<>>;  // by bom-ref

Purls purls_of(const element& root) {
  Purls all;
  std::vector<element> open;
  const auto take = [&](const element& one) { open.push_back(one); };
  element metadata, component;
  if (root["metadata"].get(metadata) == simdjson::SUCCESS &&
      metadata["component"].get(component) == simdjson::SUCCESS)
    take(component);
  each(root, "components", take);
  while (!open.empty()) {
    const element at = open.back();
    open.pop_back();
    const std::string_view purl = json_text(at, "purl");
    all.emplace(json_text(at, "bom-ref"), purl.empty() ? json_text(at, "name") : purl);
    each(at, "components", take);
  }
  all.erase("");
  return all;
}

std::optional<VexStatement::Status> status_called(std::string_view word) {
  using enum VexStatement::Status;
  if (word == "not_affected" || word == "false_positive") return not_affected;
  if (word == "resolved" || word == "resolved_with_pedigree") return fixed;
  if (word == "exploitable") return affected;
  if (word == "in_triage") return under_investigation;
  return std::nullopt;
}

void add_affected(const element& item, const Purls& purls, VexStatement& statement, Vex& to) {
  std::string_view ref = json_text(item, "ref");
  if (ref.starts_with("urn:cdx:")) ref = ref.substr(std::min(ref.find('#'), ref.size() - 1) + 1);
  const auto known = purls.find(ref);
  const std::size_t before = statement.products.size();
  add_product(known == purls.end() ? ref : std::string_view(known->second), statement, to);
  if (statement.products.size() == before) return;
  each(item, "versions", [&](const element& one) {
    if (json_text(one, "status") != "unaffected") return;
    const std::string_view version = json_text(one, "version");
    // A range of versions is none of the image's: the statement does not apply, and that is said.
    statement.products.back().versions.emplace_back(version.empty() ? json_text(one, "range") : version);
  });
}

}  // namespace

void read_cyclonedx_vex(const element& root, Vex& to) {
  const Purls purls = purls_of(root);
  element metadata;
  const bool dated = root["metadata"].get(metadata) == simdjson::SUCCESS;
  const std::string_view written = dated ? json_text(metadata, "timestamp") : std::string_view();
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
    statement.words = both(json_text(analysis, "justification"), json_text(analysis, "detail"));
    statement.time = latest({json_text(analysis, "firstIssued"), json_text(analysis, "lastUpdated")});
    if (!statement.time) statement.time = latest({written});
    each(item, "affects", [&](const element& one) { add_affected(one, purls, statement, to); });
    keep(std::move(statement), to);
  });
}

}  // namespace peekr
