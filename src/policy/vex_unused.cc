// SPDX-License-Identifier: Apache-2.0
// Which statements of VEX documents took nothing out, and why.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "policy/product.h"
#include "policy/vex.h"
#include "policy/vex_meant.h"

namespace peekr {
namespace {

constexpr std::size_t kMostLines = 50;  // on one document

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
    } else if (lines.size() < kMostLines) {
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

}  // namespace

std::vector<std::string> unused(const Report& report, std::span<const Vex> documents) {
  std::vector<std::string> lines;
  for (const Vex& one : documents) {
    lines.insert(lines.end(), one.remarks.begin(), one.remarks.end());
    std::ranges::move(unused_of(report, one, documents), std::back_inserter(lines));
  }
  return lines;
}

}  // namespace peekr
