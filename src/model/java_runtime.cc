// SPDX-License-Identifier: Apache-2.0
#include "model/java_runtime.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace peekr {
namespace {

bool names_runtime(std::string_view cpe) {
  constexpr std::array<std::string_view, 5> kRuntimes = {
      "azul:zulu:", "oracle:graalvm:", "oracle:jdk:", "oracle:jre:", "oracle:openjdk:"};
  constexpr std::string_view kHead = "cpe:2.3:a:";
  if (!cpe.starts_with(kHead)) return false;
  cpe.remove_prefix(kHead.size());
  return std::ranges::any_of(kRuntimes, [&](std::string_view one) { return cpe.starts_with(one); });
}

}  // namespace

bool is_java_runtime(const Package& package) { return std::ranges::any_of(package.cpes, names_runtime); }

}  // namespace peekr
