// SPDX-License-Identifier: Apache-2.0
// Advisories of the user's own: what `peekr db add` does. Each file is a source, which no update and no build removes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "db/db.h"
#include "model/note.h"
#include "service/turn.h"

namespace peekr {

inline constexpr std::string_view kPrivateSource = "private/";  // what names of such sources begin with

struct Added {
  Changes changes;
  std::vector<std::string>
      shared;  // ids that other sources have a record of, too, with those: "DSA-1-1: osv/Debian"
  // "X-1: Debian:bookworm is taken for Debian:12", "X-2: no package is judged by Nmp"
  std::vector<std::string> spelling;
};

struct AddRequest {
  std::string file;
  std::string directory, now;  // RFC 3339
  Turn turn = {};
};
// The file's source is then what the file says: "private/my-advisories" of my-advisories.osv.json. Where it has no advisory,
// that is an error, and nothing has changed. What of it is not read is a Note.
Result<Added> add_private(const AddRequest& request, std::vector<Note>& notes);

}  // namespace peekr
