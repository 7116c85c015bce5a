// SPDX-License-Identifier: Apache-2.0
// The history: under the time of each change what there was before it. Taking changes back from the newest to the
// first one behind a time gives the state at that time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "db/overlay.h"
#include "db/record.h"
#include "lib/lmdb.h"

namespace peekr {

// What one transaction keeps. Of several changes at one time the first counts: it has what was there before.
class HistoryWriter {
 public:
  HistoryWriter(LmdbWriter& store, std::string_view now) : store_(store), now_(now) {}

  Status record(const record::Past& past);
  // Risks change by the hundred thousand a day: they are packed by flush(). key: of the row of `risks`.
  void risk(const std::string& source, std::string key, std::optional<std::string> bytes) {
    risks_[source].emplace(std::move(key), std::move(bytes));
  }
  Status flush();

 private:
  LmdbWriter& store_;
  std::string now_;
  std::map<std::string, std::map<std::string, std::optional<std::string>>> risks_;  // in order they pack best
};

// The risks of a row of `risk_history`.
Result<std::vector<record::PastRisk>> unpacked_risks(std::string_view bytes);
// Takes back all that has changed after that time.
Status undo(Overlay& store, std::string_view time);
// Removes what is only of use for times before that one. The number of rows.
Result<std::uint64_t> forget(LmdbWriter& store, std::string_view time);

}  // namespace peekr
