// SPDX-License-Identifier: Apache-2.0
// All rows of catalogers.def as one: which of them want a path, and running them on a file.
#pragma once

#include "catalog/pattern.h"

namespace peekr {

// Made once, of all_catalogers().
[[nodiscard]] const PatternIndex& row_index();

// Those with Cataloger::of_system.
[[nodiscard]] const PatternIndex::Rows& system_rows();
// Those that may tell of what lies in an archive: not the system's, whose databases speak of a root file system, nor archives
// again.
[[nodiscard]] const PatternIndex::Rows& packed_rows();
// Those with Cataloger::bulky, or that take files in pieces.
[[nodiscard]] const PatternIndex::Rows& bulky_rows();

// Whether one of these rows may ask for neighbours.
[[nodiscard]] bool any_reads(const PatternIndex::Rows& rows);

// Whether each of these rows takes a file in pieces.
[[nodiscard]] bool all_take_pieces(const PatternIndex::Rows& rows);

void run_rows(const PatternIndex::Rows& rows, const File& file, Inventory& found);

}  // namespace peekr
