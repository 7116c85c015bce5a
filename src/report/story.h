// SPDX-License-Identifier: Apache-2.0
// The story of one vulnerability in one image: for each package that somebody speaks of whether it has it, or why not; and what that
// makes for the image. explain.cc tells it to people, explain_json.cc to programs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace peekr {

struct Story {
  enum class Verdict : std::uint8_t {
    affected,  // it is among the findings
    undetermined,  // a record that judges it cannot be held against the version; or not all of the image could be looked at
    suppressed,  // it is found, and a rule takes it out
    no_data,  // records speak of the package, but none for this distribution; or there is none for it at all
    fixed,    // the installed version has the fix
    not_affected,  // who judges the package says so, or its version is in no range
    not_in_image,  // no record names a package of the image
    unknown,       // the database has no record of it
  };
  struct Part {
    std::size_t package = 0;  // index into Inventory::packages
    Verdict verdict{};
    std::string why;
    const Finding* finding = nullptr;        // affected, suppressed
    const Suppressed* suppressed = nullptr;  // suppressed
    std::vector<const Account*> accounts;
  };
  Verdict verdict{};  // of all packages the one that comes first above
  std::string why;
  std::vector<Part> parts;  // in the order of the packages
};

// Of the vulnerability that the report explains; it points into the report.
[[nodiscard]] Story story_of(const Report& report);
Story story_of(Report&&) = delete;
[[nodiscard]] std::string_view name(Story::Verdict verdict);  // "not_in_image"

}  // namespace peekr
