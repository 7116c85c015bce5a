// SPDX-License-Identifier: Apache-2.0
#include "model/report.h"

#include "base/text.h"

namespace peekr {

std::string titled(const PlatformReport& one) {
  const std::string platform = one.platform.empty() ? "no platform" : printable(one.platform);
  return one.os_version.empty() ? platform : platform + " " + printable(one.os_version);
}

}  // namespace peekr
