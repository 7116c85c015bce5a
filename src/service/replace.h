// SPDX-License-Identifier: Apache-2.0
// What a new database takes over from the one whose place it takes, and what would be lost with that one.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "db/db.h"
#include "model/note.h"

namespace peekr {

enum class Lost { refuse, accept };

// Puts what `db add` has put into the old database into the new one, where that has no source of the name. Sources that were
// fetched from their publishers, and that the new one lacks, are an error (Errc::usage), or with Lost::accept a Note, as are
// others that it lacks. Where there is no old database, or it is of a format that this program does not read, that is
// nothing (and a Note).
Status take_over(const std::string& directory, Lost lost, DbWriter& fresh, std::vector<Note>& notes);

}  // namespace peekr
