// SPDX-License-Identifier: Apache-2.0
// Files that -f json wrote: for convert, diff and db update.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "report/saved.h"

namespace peekr {

// "-" and pipes are, and what begins as no target does.
[[nodiscard]] bool is_saved_file(const std::string& path);
// Errc::usage: where an image or an SBOM is wanted, a file that -f json wrote was named.
Status refuse_saved_file(std::string_view named);
// "-" is standard input.
Result<Saved> read_saved_file(const std::string& path);
// One report: of several platforms that of this one ("os/arch[/variant]"; empty: not asked for). The error names those that are.
Result<Saved> one_of(Saved saved, const std::string& platform);

}  // namespace peekr
