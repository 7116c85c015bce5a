// SPDX-License-Identifier: Apache-2.0
// Maven's project file (maven.apache.org, "POM Reference"), as far as one file tells: what it takes from a parent is asked of
// its <parent>, ${..} of its own <properties>. No other file is looked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/java_identity.h"

namespace peekr {

struct Pom {
  Artifact self;
  std::vector<std::string> licenses;  // their names, or what their places stand for
  struct Dependency {
    Artifact artifact;  // without a version: a parent or a list of versions elsewhere has it
    std::string scope;  // "test", "provided", ..
    bool optional = false;
  };
  std::vector<Dependency> dependencies;
};

[[nodiscard]] Result<Pom> parse_pom(std::string_view bytes);

// "http://www.apache.org/licenses/LICENSE-2.0.txt" -> "Apache-2.0"; what is not known stays as it is.
[[nodiscard]] std::string license_of_url(std::string_view text);

}  // namespace peekr
