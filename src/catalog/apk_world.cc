// SPDX-License-Identifier: Apache-2.0
// What apk was asked for (apk-world(5)): dependencies between blanks, "nginx", "curl>8", "php@edge", "!gcc". It keeps these, and what they
// need; all else it takes out at the next change.
#include <array>
#include <map>
#include <string>

#include "base/text.h"
#include "catalog/apk.h"
#include "catalog/cataloger.h"

namespace peekr {
namespace {

constexpr std::size_t kMost = 10'000;  // real ones have some hundred

void run(const File& file, Inventory& found) {
  std::map<std::string, std::string> names;  // with what is said of the version
  add_apk_names(file.bytes, [&](std::string_view name, std::string_view rest) {
    if (names.size() > kMost) return;
    std::string& pin = names[std::string(name)];
    if (rest.find_first_of("=<>~") != std::string_view::npos) pin = rest;
  });
  if (names.size() > kMost) {
    found.notes.push_back({file.path, Why::too_big, "names: more than " + std::to_string(kMost)});
    return;
  }
  for (const auto& [name, pin] : names)
    found.claims.push_back({.type = "apk", .package = name, .asked = true, .pin = pin});
}

constexpr std::array<Pattern, 1> kWants = {"etc/apk/world"};

}  // namespace

namespace catalogers {
extern const Cataloger apk_world;
constexpr Cataloger apk_world = {.name = "apk_world",
                                 .about = "Alpine and Wolfi packages: which of them apk was asked for",
                                 .version = 2,
                                 .wants = kWants,
                                 .of_system = true,
                                 .run = run};
}  // namespace catalogers

}  // namespace peekr
