// SPDX-License-Identifier: Apache-2.0
#include "service/spelling.h"

#include <string_view>

#include "base/text.h"
#include "match/ecosystem.h"
#include "model/release.h"

namespace peekr {
namespace {

// "Debian" of "debian", as the rows of ecosystems.def have it.
std::string_view family_of(const std::string& text) {
  for (const Ecosystem& row : all_ecosystems()) {
    for (const std::string_view strings : {row.strings, row.rolling, row.other}) {
      for (const std::string_view one : split(strings, '|')) {
        const std::string_view family = cut(one, ':').first;
        if (!family.empty() && lower(family) == lower(text)) return family;
      }
    }
  }
  return {};
}

}  // namespace

std::string looked_up_as(const std::string& ecosystem) {
  const auto [head, release] = cut(ecosystem, ':');
  const std::string family(family_of(std::string(head)));
  if (ecosystem == "Red Hat repository") return ecosystem;  // feed/redhat_repositories.cc
  if (family.empty() || release.empty()) return family;
  const std::string_view number = release_of_codename(lower(family), lower(release));
  if (!number.empty()) return family + ":" + std::string(number);
  const bool bare = family == "Alpine" && is_digit(release.front());
  return family + (bare ? ":v" : ":") + std::string(release);
}

}  // namespace peekr
