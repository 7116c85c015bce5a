// SPDX-License-Identifier: Apache-2.0
#include "policy/vex_meant.h"

#include <algorithm>
#include <optional>

#include "policy/product.h"

namespace peekr {
namespace {

// What may be one of the others is not taken out; what may be one of those that are kept is kept.
bool is_version(const VexStatement& statement, const VexProduct& product, const Package& package) {
  if (product.versions.empty()) return true;
  const std::optional<bool> among = is_among(product.versions, *product.package, package);
  if (!takes_out(statement)) return among.value_or(true);
  return among.value_or(false) && !is_among(product.others, *product.package, package).value_or(true);
}

}  // namespace

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

}  // namespace peekr
