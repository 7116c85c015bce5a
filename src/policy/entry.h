// SPDX-License-Identifier: Apache-2.0
// What an entry point and a health check say of the programs they run. Pure. Where it cannot be known, it is not guessed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace peekr {

// Of a program's name or path: whether it starts others, by whatever its arguments, a configuration, a script or a visitor say.
[[nodiscard]] bool is_runner(std::string_view program);
// Whether a link of that name, which no package lists, may stand for one of several programs (update-alternatives).
[[nodiscard]] bool is_alternative(std::string_view name);
// Every word of it, those within a shell's command, too: what is named there is used. No two are the same.
[[nodiscard]] std::vector<std::string> words_of(const EntryPoint& entry);
// The programs that the health check starts by itself, as they are written; nothing: that is not plain.
[[nodiscard]] std::optional<std::vector<std::string>> programs_of_check(
    const std::vector<std::string>& check);

}  // namespace peekr
