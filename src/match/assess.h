// SPDX-License-Identifier: Apache-2.0
// What one advisory says about one package: who is asked for (source or binary, with or without epoch),
// module streams, architectures, and several fixed builds in one advisory. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/db.h"
#include "match/ecosystem.h"
#include "match/range.h"
#include "model/package.h"

namespace peekr {

// A package in the words of its ecosystem's advisories.
struct Subject {
  const Package* package = nullptr;
  const Ecosystem* row = nullptr;
  std::string key;  // the name that is looked up
  bool by_source = false;
  std::string version;  // the version that is compared
  Order order;
};

// One or two of them, the source package first; of software one for each of its names.
[[nodiscard]] std::vector<Subject> subjects(const Ecosystem& row, const Package& package);

struct Opinion {
  Judgement judgement;
  Standing standing = Standing::affected;
  std::string urgency;
  std::vector<std::string> vectors;
};

// entries: all that one advisory says about the subject's key in one ecosystem. Nothing: it is not about this
// package (not affected, another architecture, another module stream). A publisher's "not affected" is an
// opinion.
[[nodiscard]] std::optional<Opinion> assess(std::span<const Entry> entries, const Subject& subject);

}  // namespace peekr
