// SPDX-License-Identifier: Apache-2.0
#include "model/epoch.h"

namespace peekr {

bool has_header(const Package& package) {
  const std::string_view name = package.path.name();
  return name == "rpmdb.sqlite" || name == "Packages.db" || name == "Packages";
}

}  // namespace peekr
