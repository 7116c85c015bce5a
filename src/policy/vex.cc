// SPDX-License-Identifier: Apache-2.0
#include "policy/vex.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "lib/attestation.h"
#include "policy/json.h"
#include "policy/product.h"
#include "policy/vex_formats.h"
#include "policy/vex_meant.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using Status = VexStatement::Status;

constexpr std::size_t kMostRemarks = 50;  // on reading one document

std::string_view name(Status status) {
  constexpr std::array<std::string_view, 4> kNames = {"not_affected", "fixed", "affected",
                                                      "under_investigation"};
  return kNames[static_cast<std::size_t>(status)];
}

bool applies(const VexStatement& statement, const Package& package, const Report& report) {
  return std::ranges::any_of(statement.products, [&](const VexProduct& product) {
    return missed(statement, product, package, report) == Miss::none;
  });
}

using Read = void (*)(const element& root, Vex& to);

// Null: it is none of them.
Read reader_of(const element& root) {
  if (json_text(root, "@context").starts_with("https://openvex.dev/ns")) return read_openvex;
  if (json_text(root, "bomFormat") == "CycloneDX") return read_cyclonedx_vex;
  element document;
  const bool csaf =
      root["document"].get(document) == simdjson::SUCCESS && !json_text(document, "csaf_version").empty();
  return csaf ? read_csaf_vex : nullptr;
}

peekr::Status read(const Unwrapped& document, Vex& to) {
  if (document.json == nullptr) return fail(Errc::damaged, "not JSON: it does not begin with {");
  const Read read = reader_of(*document.json);
  if (read == nullptr)
    return fail(Errc::unsupported, "not a VEX document: want OpenVEX, CSAF or CycloneDX, in JSON");
  read(*document.json, to);
  if (to.remarks.size() <= kMostRemarks) return {};
  const std::size_t more = to.remarks.size() - kMostRemarks;
  to.remarks.resize(kMostRemarks);
  to.remarks.push_back(to.file + ": " + std::to_string(more) + " remarks more");
  return {};
}

}  // namespace

bool takes_out(const VexStatement& statement) {
  using enum VexStatement::Status;
  return statement.status == not_affected || statement.status == fixed;
}

std::optional<VexProduct> product_of(std::string_view text) {
  VexProduct out{.text = std::string(text), .image = {}, .whole = {}, .package = {}};
  if (is_purl(text)) {
    Result<NamedPackage> named = package_of_purl(text);
    if (!named) return std::nullopt;
    const std::string& type = named->package.type;
    if (type == "oci" || type == "docker") {
      out.image = image_of(*named);
    } else {
      out.package = *std::move(named);
    }
    return out;
  }
  const bool other = text.find("://") != std::string_view::npos || text.starts_with("cpe:") ||
                     text.starts_with("urn:") || text.find(' ') != std::string_view::npos;
  if (other || text.find_first_of("/:@") == std::string_view::npos) return std::nullopt;
  const std::string small = lower(text);
  const bool digest = small.starts_with("sha256:") || small.starts_with("sha512:");
  out.image = digest ? NamedImage{.repository = {}, .tag = {}, .digest = small} : image_called(text);
  return out;
}

std::optional<Instant> time_in(const simdjson::dom::element& from,
                               std::initializer_list<std::string_view> keys, const std::string& where,
                               Vex& to) {
  std::optional<Instant> out;
  for (const std::string_view key : keys) {
    const std::string_view text = json_text(from, key);
    const std::optional<Instant> time = instant_of(text);
    if (!time && from.at_key(key).error() == simdjson::SUCCESS)
      to.remarks.push_back(where + ": " + std::string(key) + ": no time" +
                           (text.empty() ? "" : ": " + printable(text)));
    out = std::max(out, time);
  }
  return out;
}

void add_product(std::string_view text, VexStatement& statement, Vex& to) {
  if (std::optional<VexProduct> one = product_of(text)) {
    statement.products.push_back(*std::move(one));
  } else {
    to.remarks.push_back(statement.where + ": product " + printable(text.empty() ? "without a name" : text) +
                         ": neither a package URL nor an image");
  }
}

void keep(VexStatement statement, Vex& to) {
  std::erase(statement.names, "");
  sort_unique(statement.names);
  if (statement.names.empty() || statement.products.empty()) {
    to.remarks.push_back(statement.where + ": names no " +
                         (statement.names.empty() ? "vulnerability" : "product that peekr could look for"));
    return;
  }
  for (const std::string& one : statement.names) to.by_name[lower(one)].push_back(to.statements.size());
  to.statements.push_back(std::move(statement));
}

Result<Vex> read_vex(const std::string& file, std::string_view bytes) {
  Vex out{.file = printable(file)};
  TRY(within(out.file, unwrap(bytes, bytes.size(), [&](const Unwrapped& one) { return read(one, out); })));
  return out;
}

const VexStatement* statement_on(const Finding& finding, const Report& report,
                                 std::span<const Vex> documents) {
  const Package& package = report.inventory.packages[finding.package];
  for (const Vex& document : documents) {
    const VexStatement* best = nullptr;
    each_on(finding, document, [&](std::size_t index) {
      const VexStatement& one = document.statements[index];
      if (!applies(one, package, report)) return;
      const bool later = best == nullptr || one.time > best->time || (one.time == best->time && &one > best);
      if (later) best = &one;
    });
    if (best != nullptr) return takes_out(*best) ? best : nullptr;
  }
  return nullptr;
}

Suppressed suppressed_by(const VexStatement& statement) {
  VexWords said{.status = std::string(name(statement.status)),
                .justification = statement.justification,
                .impact = statement.impact};
  std::vector<std::string> parts = {statement.where, said.status, said.justification, said.impact};
  std::erase(parts, "");
  return {.rule = Suppressed::Rule::vex, .finding = {}, .reason = join(parts, ": "), .vex = std::move(said)};
}

}  // namespace peekr
