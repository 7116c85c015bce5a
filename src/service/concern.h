// SPDX-License-Identifier: Apache-2.0
// What the database is known to lack of what judges an image: sources that were held back or not read whole.
#pragma once

#include <string>
#include <vector>

#include "model/note.h"
#include "model/package.h"
#include "model/report.h"

namespace peekr {

struct Concerns {
  // A note for each such source that speaks of the image's packages; for every image those of feeds that all are judged by, and
  // files that nobody could read. And where packages are judged by NVD and it is not there: no image has all of it fetched.
  std::vector<Note> gaps;
  // The same of what was fetched for its scores alone: no advisory is missing. And that an older version has read what is there.
  std::vector<std::string> remarks;
};
[[nodiscard]] Concerns concerns_of(const Inventory& inventory, const DbInfo& db);

}  // namespace peekr
