// SPDX-License-Identifier: Apache-2.0
// Many records, one vulnerability: what matched one package becomes one Finding for each vulnerability, with
// all its names and one proof for each record. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "match/names.h"
#include "model/finding.h"
#include "version/scheme.h"

namespace peekr {

// One advisory that speaks of the package.
struct Hit {
  const Advisory* advisory = nullptr;
  std::vector<Vulnerability> about;  // in its advisory's words
  Standing standing = Standing::affected;
  std::string urgency;
  std::vector<std::string> vectors;
  Proof proof;
};

// Names that mean the same vulnerability.
using Synonyms = std::vector<std::string>;

// What an advisory is about. first: DSA-1-1 of DSA-1-2, whose vulnerabilities a later one without any inherits; may be null.
[[nodiscard]] std::vector<Vulnerability> about(const Advisory& advisory, const Advisory* first);

// hits: all of one package. synonyms: what other records say on top. The findings' `package` is theirs to set; without
// severity where no record that matched has one.
[[nodiscard]] std::vector<Finding> group(std::span<const Hit> hits, std::span<const Synonyms> synonyms,
                                         const Scheme& scheme);

}  // namespace peekr
