// SPDX-License-Identifier: Apache-2.0
// A database as one compressed, signed file, and back: what `peekr db export` and `db import` do. docs/db-format.md has
// the form of the file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/note.h"
#include "model/report.h"
#include "service/replace.h"
#include "service/turn.h"

namespace peekr {

struct ExportRequest {
  std::string directory;  // of the database
  std::string file;       // appears whole or not at all
  std::string key_file;   // private Ed25519 key in PEM; empty: without a signature
};
// The size of the file.
Result<std::uint64_t> export_db(const ExportRequest& request);

enum class Trust { signed_only, anything };
struct ImportRequest {
  std::string directory, file;
  std::string now;                     // RFC 3339: a database of a later day is refused
  std::vector<std::string> key_files;  // public Ed25519 keys in PEM: one of them must have signed it
  Trust trust = Trust::signed_only;
  Lost lost = Lost::refuse;  // also of an export that is older than the database that is there
  Turn turn = {};
};
// The new database takes the place of the old one when all of the file has been verified and read; until then, and on every
// error, the old one stays as it is. replace.h says what of it is taken over.
Result<DbInfo> import_db(const ImportRequest& request, std::vector<Note>& notes);

}  // namespace peekr
