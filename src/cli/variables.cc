// SPDX-License-Identifier: Apache-2.0
#include "cli/variables.h"

#include <algorithm>

#include "base/text.h"
#include "cli/words.h"

extern char** environ;

namespace peekr {
namespace {

constexpr std::string_view kPrefix = "PEEKR_";

std::vector<std::string> known(std::vector<std::string> of_options) {
  for (const char* other : {"CACHE_SIZE", "CONFIG", "DB_WAIT", "FETCH_BACKOFF_MS", "FETCH_PATIENCE",
                            "FETCH_TRIES", "REGISTRY", "REGISTRY_TOKEN"})
    of_options.push_back(std::string(kPrefix) + other);
  return of_options;
}

}  // namespace

std::vector<Variable> own_variables() {
  std::vector<Variable> all;
  for (char** one = ::environ; one != nullptr && *one != nullptr; ++one) {
    const auto [name, value] = cut(*one, '=');
    if (name.starts_with(kPrefix)) all.push_back({std::string(name), std::string(value)});
  }
  std::ranges::sort(all, {}, &Variable::name);
  return all;
}

std::string meant_variable(std::string_view name, const std::vector<std::string>& of_options) {
  return meant(name, known(of_options), kPrefix);
}

std::vector<std::string> misspelt_variables(const std::vector<std::string>& of_options) {
  const std::vector<std::string> names = known(of_options);
  std::vector<std::string> lines;
  for (const Variable& one : own_variables()) {
    if (std::ranges::find(names, one.name) != names.end()) continue;
    const std::string hint = meant(one.name, names, kPrefix);
    if (!hint.empty()) lines.push_back(printable(one.name) + ": no variable of peekr's" + hint);
  }
  return lines;
}

}  // namespace peekr
