// SPDX-License-Identifier: Apache-2.0
#include "lib/toml.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <sstream>

namespace peekr {

Result<std::string> toml_to_json(std::string_view toml) {
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    return fail(Errc::damaged, "line " + std::to_string(parsed.error().source().begin.line) + ": " +
                                   std::string(parsed.error().description()));
  }
  std::ostringstream out;
  out << toml::json_formatter(parsed.table());
  return out.str();
}

}  // namespace peekr
