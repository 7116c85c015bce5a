// SPDX-License-Identifier: Apache-2.0
// What the records of an id put into the tables that lead to them, as functions of the records alone: the writer puts
// and removes by it, verify() compares by it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"
#include "db/record.h"
#include "model/advisory.h"

namespace peekr::index {

// What one advisory says about one package of one ecosystem.
struct Row {
  std::string key;
  std::string_view ecosystem;  // a view into the advisory
  std::string name;            // key form of the package's
  std::string bytes;           // record::Row, encoded
};
// The rows of `packages`, by key, each once. Of a withdrawn advisory: none; nor of an entry without a package.
[[nodiscard]] std::vector<Row> rows(const Advisory& advisory);
// The keys of `names`, sorted, each once.
[[nodiscard]] std::vector<std::string> names(const Advisory& advisory);
// The same one after the other in no such order, and some more than once: for who has no use for a list of them.
Status each_row(const Advisory& advisory, const record::Encoded& encoded,
                const std::function<Status(const Row&)>& use);
Status each_name(const Advisory& advisory, const std::function<Status(std::string_view key)>& use);

// The later of two RFC 3339 times: "...:05Z" is before "...:05.2Z", and "...T01:00:00+02:00" before "...T00:00:00Z". What is no time
// is before all that are.
[[nodiscard]] bool later(std::string_view a, std::string_view b);

// Whether a record is used rather than another of the same id, by their modification dates. One without a date
// is out of a publisher's own list of what holds now, such as Debian's tracker: a dated copy by somebody else
// says less.
[[nodiscard]] bool supersedes(std::string_view modified, std::string_view other);

// Of the records of one id, each of another source, what counts: the used one first. Of each package of each ecosystem that is what
// the first says that speaks of it, be it withdrawn; what the others say of it is taken out of them, and a record with nothing else to say
// goes.
void settle(std::vector<Sourced>& records);

}  // namespace peekr::index
