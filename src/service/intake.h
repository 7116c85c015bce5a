// SPDX-License-Identifier: Apache-2.0
// Intake: documents of one source in, what they say into the database. Parsed in batches, several at a time.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "db/db.h"
#include "feed/feed.h"
#include "model/note.h"
#include "service/documents.h"
#include "service/targets.h"

namespace peekr {

class Intake {
 public:
  Intake(const FetchTarget& target, DbWriter& writer);

  Status document(Document one);
  // What is pending.
  Status flush();
  // A document that its publisher names and does not have.
  void missing(const std::string& url);

  std::set<std::string> ids;
  std::vector<Note> notes;                  // the first ones of `left_out`
  std::set<std::string, std::less<>> cves;  // of risks
  std::uint64_t left_out = 0;
  // Records and risks.
  [[nodiscard]] std::size_t size() const { return ids.size() + cves.size(); }

 private:
  void parse(const Document& one, Published& out) const;
  Status put(const Published& one);
  [[nodiscard]] bool is_of_year(std::string_view id) const;

  const FetchTarget& target_;
  DbWriter& writer_;
  std::string year_;  // NVD: whose records are taken; empty: all
  std::vector<Document> pending_;
  std::uint64_t bytes_ = 0;
};

}  // namespace peekr
