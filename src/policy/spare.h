// SPDX-License-Identifier: Apache-2.0
// Tools of the system that could be left out of an image: what nothing needs that stays, the entry point included, by what packages
// declare. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/report.h"

namespace peekr {

struct Spare {
  std::string
      entry;         // the package of the entry point's program; empty: it is not known, and nothing is spare
  std::string type;  // of the system's packages: "deb", "apk", "rpm"
  std::vector<std::size_t> packages;  // indices, in their order
};

// Of packages of dpkg, apk and rpm, which say what needs what. The entry point must be the program of one of them, and none that starts
// others (entry.h). A tool is a package of programs, what there is to read about them, and their configuration. Where a word of a command
// may be a program that no package lists, nothing is spare.
[[nodiscard]] Spare spare_packages(const Report& report);

// policy/spare_apk.cc: all that apk takes out when it is told to take out these of the spare ones, which it was asked for; nothing: that is
// not certain.
[[nodiscard]] std::optional<std::set<std::size_t>> gone_with(const Report& report, const Spare& spare,
                                                             const std::set<std::size_t>& tools);

}  // namespace peekr
