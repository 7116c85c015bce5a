// SPDX-License-Identifier: Apache-2.0
// The documents of a publisher, however they are packed: a file as it is, gzip, zstd, bzip2 or xz around it, the members of a zip or tar.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/result.h"
#include "model/note.h"

namespace peekr {

struct Document {
  std::string name;  // "Debian/all.zip!DSA-1-1.json"
  std::string bytes;
};

// What several sources of one publisher are told in one document, by its URL.
using Shared = Guarded<std::map<std::string, std::shared_ptr<const std::vector<Document>>>>;

using UseDocument = std::function<Status(Document)>;

// What publishers lay beside their documents: lists of changes, licences, checksums.
[[nodiscard]] bool is_side_file(const std::string& name);

// Hands over every document of the file, in its order, one at a time. `name` is what notes call the file. What cannot be
// opened or unpacked is a Note; an error is only what `use` returns.
Status each_document(const std::string& path, const std::string& name, std::vector<Note>& notes,
                     const UseDocument& use);

}  // namespace peekr
