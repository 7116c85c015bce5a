// SPDX-License-Identifier: Apache-2.0
#include "report/saved_check.h"

#include <algorithm>
#include <string_view>

#include "report/columns.h"

namespace peekr {
namespace {

// An index that stands in the document, and what it is an index of.
struct Index {
  std::string place;
  std::size_t value = 0, end = 0;
  std::string_view of;
};

Status check(const Index& one) {
  if (one.value < one.end) return {};
  return fail(Errc::damaged, one.place + ": is " + std::to_string(one.value) + " (counted from 0) of " +
                                 counted(one.end, one.of));
}

// A folder, a package URL or an SBOM has no layers; what is in it is in layer 0.
struct Ends {
  std::size_t packages = 0, layers = 1;
};

Status check_packages(const std::vector<Package>& packages, const Ends& ends) {
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const std::string place = "packages[" + std::to_string(i) + "].";
    TRY(check({place + "layer_index", packages[i].layer, ends.layers, "layer"}));
    if (packages[i].owner)
      TRY(check({place + "installed_by.index", *packages[i].owner, ends.packages, "package"}));
    if (packages[i].altered)
      TRY(check({place + "altered_file_of.index", *packages[i].altered, ends.packages, "package"}));
  }
  return {};
}

// A finding that nothing proves is none.
Status check_finding(const Finding& one, const std::string& place, const Ends& ends) {
  TRY(check({place + ".package.index", one.package, ends.packages, "package"}));
  if (one.proofs.empty()) return fail(Errc::damaged, place + ".proofs: is empty");
  return {};
}

Status check_completeness(const Completeness& all, const Ends& ends) {
  const auto place = [](std::string_view list, std::size_t i) {
    return "completeness." + std::string(list) + "[" + std::to_string(i) + "].layer_index";
  };
  for (std::size_t i = 0; i < all.unidentified.size(); ++i)
    TRY(check({place("unidentified_files", i), all.unidentified[i].layer, ends.layers, "layer"}));
  for (std::size_t i = 0; i < all.lost.size(); ++i)
    TRY(check({place("lost_databases", i), all.lost[i].layer, ends.layers, "layer"}));
  return {};
}

Status check_plan(const Remediation& plan, const Ends& ends) {
  for (std::size_t i = 0; i < plan.actions.size(); ++i) {
    for (const Remediation::Step& step : plan.actions[i].steps) {
      for (const std::size_t index : step.packages)
        TRY(check({"plan.actions[" + std::to_string(i) + "].steps: a package's index", index, ends.packages,
                   "package"}));
    }
  }
  return {};
}

Ends ends_of(const Report& report) {
  return {.packages = report.inventory.packages.size(),
          .layers = std::max<std::size_t>(report.image.layers.size(), 1)};
}

}  // namespace

Status check_findings(const std::vector<Finding>& all, const std::string& list, const Report& report) {
  const Ends ends = ends_of(report);
  for (std::size_t i = 0; i < all.size(); ++i)
    TRY(check_finding(all[i], list + "[" + std::to_string(i) + "]", ends));
  return {};
}

Status check_indices(const Report& report) {
  const ImageInfo& image = report.image;
  const Ends ends = ends_of(report);
  if (image.base.layers > image.layers.size())
    return fail(Errc::damaged, "image.base.layers: is " + std::to_string(image.base.layers) + " of " +
                                   counted(image.layers.size(), "layer"));
  TRY(check_packages(report.inventory.packages, ends));
  TRY(check_completeness(report.inventory.completeness, ends));
  const std::vector<Suppressed>& suppressed = report.findings.suppressed;
  for (std::size_t i = 0; i < suppressed.size(); ++i)
    TRY(check_finding(suppressed[i].finding, "suppressed[" + std::to_string(i) + "]", ends));
  return report.plan ? check_plan(*report.plan, ends) : Status();
}

}  // namespace peekr
