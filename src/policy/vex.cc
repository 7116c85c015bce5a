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

namespace peekr {
namespace {

using simdjson::dom::element;
using Status = VexStatement::Status;

constexpr std::size_t kMostRemarks = 50;  // of one document

std::string_view name(Status status) {
  constexpr std::array<std::string_view, 4> kNames = {"not_affected", "fixed", "affected",
                                                      "under_investigation"};
  return kNames[static_cast<std::size_t>(status)];
}

// What may be one of the others is not taken out; what may be one of those that are kept is kept.
bool is_version(const VexStatement& statement, const VexProduct& product, const Package& package) {
  if (product.versions.empty()) return true;
  const std::optional<bool> among = is_among(product.versions, *product.package, package);
  if (!takes_out(statement)) return among.value_or(true);
  return among.value_or(false) && !is_among(product.others, *product.package, package).value_or(true);
}

// Which of its conditions a product fails on, the last one first; ok: it is meant.
enum class Miss : std::uint8_t { image, whole, package, build, version, none };

Miss missed(const VexStatement& statement, const VexProduct& product, const Package& package,
            const Report& report) {
  const Inventory& inventory = report.inventory;
  if (product.image && !is_image(*product.image, report.image)) return Miss::image;
  const auto holds = [&](const Package& one) { return is_meant(*product.whole, one, inventory.distro); };
  if (product.whole && std::ranges::none_of(inventory.packages, holds)) return Miss::whole;
  if (!product.package) return Miss::none;
  if (!has_name(*product.package, package)) return Miss::package;
  if (!is_named(*product.package, package, inventory.distro)) return Miss::build;
  const bool meant =
      is_meant(*product.package, package, inventory.distro) && is_version(statement, product, package);
  return meant ? Miss::none : Miss::version;
}

bool applies(const VexStatement& statement, const Package& package, const Report& report) {
  return std::ranges::any_of(statement.products, [&](const VexProduct& product) {
    return missed(statement, product, package, report) == Miss::none;
  });
}

// Calls use(index) for the statements on one of the finding's names, some twice.
template <typename Use>
void each_on(const Finding& finding, const Vex& document, const Use& use) {
  const auto on = [&](const std::string& id) {
    const auto found = document.by_name.find(lower(id));
    if (found == document.by_name.end()) return;
    for (const std::size_t index : found->second) use(index);
  };
  on(finding.id);
  std::ranges::for_each(finding.names, on);
}

// Why a statement has taken nothing out, as far as is known.
struct Unused {
  bool asked = false, used = false;  // a finding has its name; it has taken one out
  Miss miss = Miss::image;
  std::string why;
};

// What of a package of that name is another.
std::string other_build(const NamedPackage& wanted, const Package& package,
                        const std::optional<Distro>& distro, const std::string& found) {
  NamedPackage of_its_arch = wanted, of_its_system = wanted;
  of_its_arch.package.arch = package.arch;
  of_its_system.distro.reset();
  if (is_named(of_its_arch, package, distro))
    return "is of another architecture: found is " + found + " of " + package.arch;
  if (is_named(of_its_system, package, distro))
    return "is of another distribution or release: found is " + found +
           (distro ? " of " + distro->id + " " + distro->version_id : "");
  return "is of another source, architecture or release: found is " + found;
}

// Of a package of another version.
std::string other_version(const VexProduct& product, const Package& package, const Report& report) {
  const VexVersions& meant = product.versions;
  if (meant.empty() || !is_meant(*product.package, package, report.inventory.distro))
    return ": another version";
  const std::optional<bool> among = is_among(meant, *product.package, package);
  if (among && *among) return ": its version is, or may be, among those of another status, too";
  if (among) return ": another version";
  return meant.all_may_be ? ": it is of none of the versions there that could be read"
                          : ": its version has no place in that range";
}

std::string reason(Miss miss, const VexProduct& product, const Package& package, const Report& report) {
  const std::string text = printable(product.text), found = package.name + " " + full_version(package);
  switch (miss) {
    case Miss::image: {
      NamedImage of_any_arch = *product.image;
      of_any_arch.arch.clear();
      if (is_image(of_any_arch, report.image))
        return text + " is of " + printable(product.image->arch) + ": this image is of " +
               (report.image.platform.empty() ? "no known platform" : report.image.platform);
      const std::string digest = report.image.digest.str();
      return text + " is not this image" + (digest.empty() ? "" : ", which is " + digest);
    }
    case Miss::whole: return text + ": the image has no such program";
    case Miss::package: return text + " is not " + found;
    case Miss::build:
      return text + " " + other_build(*product.package, package, report.inventory.distro, found);
    case Miss::version: return text + other_version(product, package, report) + "; found is " + found;
    case Miss::none: break;
  }
  return {};
}

void look(const Finding& finding, const Suppressed* by, const Report& report, const Vex& document,
          std::span<const Vex> all, std::vector<Unused>& out) {
  const Package& package = report.inventory.packages[finding.package];
  each_on(finding, document, [&](std::size_t index) {
    const VexStatement& statement = document.statements[index];
    Unused& to = out[index];
    to.asked = true;
    if (by != nullptr && by->rule == Suppressed::Rule::vex &&
        statement_on(finding, report, all) == &statement)
      to.used = true;
    for (const VexProduct& product : statement.products) {
      const Miss miss = missed(statement, product, package, report);
      if (!to.why.empty() && miss <= to.miss) continue;
      to.miss = miss;
      to.why = miss != Miss::none ? reason(miss, product, package, report)
               : by != nullptr    ? "already taken out: " + std::string(name(by->rule))
                                  : "another statement counts more";
    }
  });
}

std::vector<std::string> unused_of(const Report& report, const Vex& document, std::span<const Vex> all) {
  std::vector<Unused> found(document.statements.size());
  for (const Finding& one : report.findings.list) look(one, nullptr, report, document, all, found);
  for (const Suppressed& one : report.findings.suppressed)
    look(one.finding, &one, report, document, all, found);
  std::vector<std::string> lines;
  std::size_t strange = 0, more = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const VexStatement& statement = document.statements[i];
    if (found[i].used || !takes_out(statement)) continue;
    if (!found[i].asked) {
      ++strange;
    } else if (lines.size() < kMostRemarks) {
      lines.push_back(statement.where + ": takes out nothing: " + found[i].why);
    } else {
      ++more;
    }
  }
  if (more > 0)
    lines.push_back(document.file + ": " + std::to_string(more) + " statements more take out nothing");
  if (strange > 0)
    lines.push_back(document.file + ": " + std::to_string(strange) + " of " + std::to_string(found.size()) +
                    (strange == 1 ? " statements is" : " statements are") +
                    " about vulnerabilities that were not found");
  return lines;
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

std::vector<std::string> unused(const Report& report, std::span<const Vex> documents) {
  std::vector<std::string> lines;
  for (const Vex& one : documents) {
    lines.insert(lines.end(), one.remarks.begin(), one.remarks.end());
    std::ranges::move(unused_of(report, one, documents), std::back_inserter(lines));
  }
  return lines;
}

}  // namespace peekr
