// SPDX-License-Identifier: Apache-2.0
// Supply: what judges an image is fetched where it is not at hand, or where its publisher has not been asked for a day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/note.h"
#include "model/package.h"
#include "service/update.h"

namespace peekr {

struct SupplyRequest {
  UpdateRequest update;  // its wish is made of the inventory
  bool offline = false;  // nothing is fetched
  std::string
      as_of;  // RFC 3339: what the database was then judges, and nothing is fetched; empty: the newest
  std::function<void(const std::string& line)> warn = {};
};

struct Age {
  std::string source;  // empty: of the whole database
  std::string since;   // RFC 3339: when its publisher was asked last, or what its newest record is of
  std::int64_t seconds = 0;
  std::string feeds = {};  // what `db update --feeds` is to name, of what no scan fetches anew
};

struct Supply {
  std::vector<Note> gaps;     // what judges the image and is not at hand
  std::optional<Age> oldest;  // of what is at hand of it
  std::string failure;        // the first thing that could not be fetched; empty: nothing failed
};

// A database that `db build` has made is what its user wants it to be: it is left alone. That there is no database
// afterwards is no error of this: Db::open says so. Where another process writes what is missing, it is waited for.
Result<Supply> supply(const SupplyRequest& request, const Inventory& inventory);

// "3 days", "5 hours", "12 minutes"
[[nodiscard]] std::string age_text(std::int64_t seconds);

}  // namespace peekr
