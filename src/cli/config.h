// SPDX-License-Identifier: Apache-2.0
// The user's config file: options by their long names, for all commands that have them, or below the name of one (docs/config.md).
//
//   offline: true
//   scan: {policy: team.yaml, severity: [high, critical]}
//   db: {update: {feeds: [alpine, kev]}}
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace peekr {

struct Config {
  struct Entry {
    std::string command;  // "db update"; empty: all
    std::string key;      // "feeds"
    std::string where;    // "/home/a/.config/peekr/config.yaml:3"
    std::vector<std::string> values;
  };
  std::string file;  // empty: there is none
  std::vector<Entry> entries;
};

// That of $PEEKR_CONFIG ("none": none), else peekr/config.yaml of $XDG_CONFIG_HOME or ~/.config. Never one of the folder that
// peekr runs in: what is scanned may not say how.
Result<Config> read_config();
// Its path; empty: none. It may not be there.
[[nodiscard]] std::string config_file();

}  // namespace peekr
