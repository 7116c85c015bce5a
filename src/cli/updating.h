// SPDX-License-Identifier: Apache-2.0
// What `db update` and `scan` have in common: how they fetch, and how they tell of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/options.h"
#include "service/update.h"

namespace peekr {

// Of the options and PEEKR_FETCH_*: docs/cli.md. What is wished for is left open.
UpdateRequest update_request(const Options& options);
// How a command waits that writes the database: PEEKR_DB_WAIT.
Turn turn_of(const Options& options);
// "alpine/v3.18/main: 12 new, 1 changed, 0 gone, 81,234 bytes"
std::string line_of(const Outcome& one, std::string_view now);
std::string size_text(std::uint64_t bytes);

}  // namespace peekr
