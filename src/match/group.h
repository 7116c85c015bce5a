// SPDX-License-Identifier: Apache-2.0
// Many records, one vulnerability: what matched one package becomes one Finding for each vulnerability, with
// all its names and one proof for each record. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "match/names.h"
#include "model/finding.h"
#include "version/scheme.h"

namespace peekr {

// One advisory that speaks of the package.
struct Hit {
  // silent: of a publisher whose records name all packages that have the vulnerability, without this one. other_systems: affected
  // on these alone.
  enum class Against : std::uint8_t { no, range, not_affected, silent, withdrawn, other_systems };
  const Advisory* advisory = nullptr;
  std::vector<Vulnerability> about;  // in its advisory's words
  Standing standing = Standing::affected;
  std::string urgency;
  std::vector<std::string> vectors;
  Proof proof;
  // Whether it finds the installed version affected, and if not, in which words, and whether its publisher is
  // to be believed more than copies and GitHub (docs/matching.md, "When records disagree").
  Against against = Against::no;
  // Channels of match/channels.h: who decides, who is heard where those are silent, who only knows of fixes elsewhere.
  enum class Channel : std::uint8_t { first, then, fixes };
  Channel channel = Channel::first;
  std::string says;
  bool overrules = false;
};

struct Grouped {
  std::vector<Finding> standing;
  std::vector<Suppressed> overruled;  // all that found them were overruled
};

// Names that mean the same vulnerability.
using Synonyms = std::vector<std::string>;

// What an advisory is about. first: DSA-1-1 of DSA-1-2, whose vulnerabilities a later one without any inherits; may be null.
[[nodiscard]] std::vector<Vulnerability> about(const Advisory& advisory, const Advisory* first);

// hits: all of one package. synonyms: what other records say on top. The findings' `package` is theirs to set; without
// severity where no record that matched has one.
[[nodiscard]] Grouped group(std::span<const Hit> hits, std::span<const Synonyms> synonyms,
                            const Scheme& scheme);

}  // namespace peekr
