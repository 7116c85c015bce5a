// SPDX-License-Identifier: Apache-2.0
// TOML 1.0 by toml++: the only door to the library. A document becomes JSON, which everything else here reads.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

// Tables are objects, arrays are arrays; dates and times become texts. Errc::damaged names the line.
Result<std::string> toml_to_json(std::string_view toml);

}  // namespace peekr
