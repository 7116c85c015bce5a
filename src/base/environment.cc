// SPDX-License-Identifier: Apache-2.0
#include "base/environment.h"

#include <cstdlib>

namespace peekr {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string user_config() {
  std::string config = environment("XDG_CONFIG_HOME");
  if (const std::string home = environment("HOME"); config.empty() && !home.empty())
    config = home + "/.config";
  return config;
}

}  // namespace peekr
