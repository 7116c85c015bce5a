// SPDX-License-Identifier: Apache-2.0
// Publishers' files in, a database out: what `peekr db build --from` does.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/note.h"
#include "model/report.h"
#include "service/replace.h"
#include "service/turn.h"

namespace peekr {

// Reads files and folders (folders with all below them, in the order of their names): zip files
// (`<Ecosystem>/all.zip` as OSV.dev lays them out, or Alpine's secdb packed) and single .json documents;
// which feed a document is of is found by looking. Each document and member that no feed takes, or not whole,
// is a Note. The database replaces the one in `directory` only when all has been read and at least one
// advisory was found; replace.h says what of the old one is taken over.
struct BuildRequest {
  std::vector<std::string> from;
  std::string directory, now;  // RFC 3339
  Lost lost = Lost::refuse;
  Turn turn = {};
};
Result<DbInfo> build_db(const BuildRequest& request, std::vector<Note>& notes);

}  // namespace peekr
