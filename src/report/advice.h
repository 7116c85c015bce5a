// SPDX-License-Identifier: Apache-2.0
// What to do about findings, in the distribution's own words: the command that upgrades what has a fix. The
// package names come from an untrusted image and end in somebody's shell: only names that no shell reads
// anything into are put into a command.
#pragma once

#include <string>
#include <vector>

#include "report/finding_groups.h"

namespace peekr {

struct Upgrade {
  std::string type;         // purl type of the packages
  bool by_project = false;  // a language's: the manifest or lock file it was installed from is to be changed
  std::string command;      // "apt-get update && apt-get install -y --only-upgrade"; empty: not in the image
  std::vector<std::string> names;  // binary packages with a fix, sorted
  std::size_t odd_names = 0;       // left out: no names that may stand in a command
  std::size_t rows = 0;            // rows that it removes
};

[[nodiscard]] std::vector<Upgrade> upgrades(const Report& report, const std::vector<FindingGroup>& groups);

}  // namespace peekr
