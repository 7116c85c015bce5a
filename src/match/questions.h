// SPDX-License-Identifier: Apache-2.0
// Questions: what is to be judged, once for all packages that share all of it, and what the database knows of each.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "db/db.h"
#include "match/assess.h"
#include "match/channels.h"
#include "match/judge.h"
#include "match/scope.h"

namespace peekr {

struct Question {
  const Scope* scope;
  std::vector<Subject> subjects;
  Channels channels;
};

struct Questions {
  // unknown: by package, whether there is nothing to ask for. What it is of must live as long.
  Questions(const std::vector<Package>& packages, const Scopes& scopes, const std::vector<bool>& unknown);

  // By question: how many packages ask it. Those that own others are asked about again, and never done with.
  [[nodiscard]] std::vector<std::size_t> asked_by(const std::vector<Package>& packages) const;
  // By question. Several threads, each some questions at a time, with a judge of its own.
  [[nodiscard]] Result<std::vector<Known>> judged(const Db& db) const;

  static constexpr std::size_t kNone = std::string::npos;
  std::vector<Question> all;
  std::vector<std::size_t> of;  // by package; kNone: it is not judged
};

}  // namespace peekr
