// SPDX-License-Identifier: Apache-2.0
// Variables of the environment that have peekr's name, and those that nothing listens to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace peekr {

struct Variable {
  std::string name, value;
};
[[nodiscard]] std::vector<Variable> own_variables();  // all PEEKR_*, by name
// "; did you mean PEEKR_FAIL_ON?"; empty: it is like none of those that peekr knows, `of_options` and others.
[[nodiscard]] std::string meant_variable(std::string_view name, const std::vector<std::string>& of_options);
// A line for each that is none, but like one: another program's, such as those that Kubernetes makes for a service of this name, are
// nobody's mistake.
[[nodiscard]] std::vector<std::string> misspelt_variables(const std::vector<std::string>& of_options);

}  // namespace peekr
