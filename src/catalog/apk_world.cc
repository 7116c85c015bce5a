// SPDX-License-Identifier: Apache-2.0
// What apk was asked for (apk-world(5)): dependencies between blanks, "nginx", "curl>8", "php@edge", "!gcc". It keeps these, and what they
// need; all else it takes out at the next change.
#include <array>
#include <set>
#include <string>

#include "base/text.h"
#include "catalog/apk.h"
#include "catalog/cataloger.h"

namespace peekr {
namespace {

constexpr std::size_t kMost = 10'000;  // real ones have some hundred

void run(const File& file, Inventory& found) {
  std::set<std::string> names;
  add_apk_names(file.bytes, [&](std::string_view name) {
    if (names.size() <= kMost) names.emplace(name);
  });
  if (names.size() > kMost) {
    found.notes.push_back({file.path, Why::too_big, "names: more than " + std::to_string(kMost)});
    return;
  }
  for (const std::string& name : names)
    found.claims.push_back({.type = "apk", .package = name, .asked = true});
}

constexpr std::array<Pattern, 1> kWants = {"etc/apk/world"};

}  // namespace

namespace catalogers {
extern const Cataloger apk_world;
constexpr Cataloger apk_world = {.name = "apk_world",
                                 .about = "Alpine and Wolfi packages: which of them apk was asked for",
                                 .version = 1,
                                 .wants = kWants,
                                 .of_system = true,
                                 .run = run};
}  // namespace catalogers

}  // namespace peekr
