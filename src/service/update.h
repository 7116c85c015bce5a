// SPDX-License-Identifier: Apache-2.0
// Publishers' documents into the database, straight from where they are published: what `peekr db update` does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "service/documents.h"
#include "service/fetch.h"
#include "service/targets.h"
#include "service/turn.h"

namespace peekr {

// What became of one source.
struct Outcome {
  enum class How {
    unchanged,  // the publisher has nothing new
    updated,
    held,    // it has lost so many records that the old ones were kept
    failed,  // the old ones are kept
    absent,  // not in the mirror, and nobody asked for it by name; or, where changes are asked for, not there yet
  };
  std::string source;
  How how = How::unchanged;
  std::string why;      // of held and failed
  std::string fetched;  // RFC 3339: of the data that is there now; empty: there is none
  std::string ahead;    // RFC 3339: when the last update claimed to be, a time to come; empty: it did not
  std::uint64_t bytes = 0;
  std::size_t added = 0, changed = 0, vanished = 0;
  std::uint64_t lost = 0;   // held: how many of its records would have gone
  std::uint64_t notes = 0;  // what of the new data could not be read
};

// Of one source, as its documents come.
struct Progress {
  std::string source;
  std::uint64_t bytes = 0, total = 0;  // of the document under way; total 0: not known
};

struct UpdateRequest {
  std::string directory;  // of the database
  std::string now;        // RFC 3339
  Wish wish;
  FetchOptions fetch;
  bool accept_shrink = false;
  // Of what is there already: also the whole, or only what publishers say has changed. Who wants no whole keeps the old, and asks again
  // after a day.
  enum class Again : std::uint8_t { whole, changes } again = Again::whole;
  Turn turn = {};  // where another process writes the database
  // Of copies of this request, too: one run asks once.
  std::shared_ptr<Shared> shared = std::make_shared<Shared>();
  unsigned at_once = 8;                           // sources; FetchOptions has how many requests with one host
  std::function<void(const Outcome&)> tell = {};  // as each is done; one call at a time
  std::function<void(const Progress&)> watch = {};  // by several threads
};

// Each source is one transaction: what failed, or is not done when the program ends, is as it was. Errors are only those
// of the database and of the request. In the order of targets_of().
Result<std::vector<Outcome>> update_db(const UpdateRequest& request);

}  // namespace peekr
