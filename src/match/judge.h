// SPDX-License-Identifier: Apache-2.0
// One judgement: all that the database knows against one package, and against all that share what is judged.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "db/db.h"
#include "match/denials.h"
#include "model/finding.h"

namespace peekr {

// What is known about the packages that share all that is judged: the binary packages of one source.
struct Known {
  struct Doubt {
    Why why{};
    std::string what;
    std::string advisory = {};  // that cannot be judged, for that reason; empty: it is about something else
  };
  std::vector<Finding> findings;  // by severity (highest first), then id; their package is not set
  std::vector<Suppressed> overruled;
  std::vector<Doubt> doubts;
};

// For people: what many advisories share is said once.
[[nodiscard]] std::vector<std::pair<Why, std::string>> told(const std::vector<Known::Doubt>& doubts);

// Asks the database, each advisory once. For one thread; any number of them may ask one Db.
class Judge {
 public:
  explicit Judge(const Db& db);
  Judge(Judge&&) noexcept;
  Judge& operator=(Judge&&) = delete;
  ~Judge();

  Result<Known> judge(const Judged& judged);
  // All records with that name, but for those withdrawn. They last as long as the judge.
  Result<const std::vector<const Advisory*>*> records(const std::string& name);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace peekr
