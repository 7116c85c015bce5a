// SPDX-License-Identifier: Apache-2.0
// Spelling: ecosystems as people write them, and as packages are looked up by.
#pragma once

#include <cstddef>
#include <string>

#include "feed/feed.h"
#include "service/documents.h"

namespace peekr {

// "PyPI" of "pypi", "Debian:12" of "Debian:bookworm", "Alpine:v3.18" of "Alpine:3.18"; most as they are. Empty: of a family that no
// package is judged by.
[[nodiscard]] std::string looked_up_as(const std::string& ecosystem);

// OSV records that name a package by its package URL alone, from that one on: it is taken for what packages are looked up by. An entry
// whose package nobody is known to judge is a note, and gone; so is a record that has no other.
void settle_purls(const Document& of, std::size_t first, Published& said);

}  // namespace peekr
