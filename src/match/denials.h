// SPDX-License-Identifier: Apache-2.0
// What records say of a package, as hits: those that find it affected, and those that know the vulnerability and say
// otherwise. Pure.
#pragma once

#include <string>
#include <vector>

#include "match/assess.h"
#include "match/channels.h"
#include "match/group.h"

namespace peekr {

// What is known under the names of some hits.
struct Related {
  std::vector<Synonyms> synonyms;
  std::vector<const Advisory*> records, withdrawn;  // in the order in which they were met; some twice
};

// All that is known of what is judged.
struct Judged {
  const Scope& scope;
  const std::vector<Subject>& subjects;
  const Channels& channels;
};

[[nodiscard]] Proof proof(const Subject& subject, const std::string& ecosystem, const Advisory& advisory,
                          Judgement&& judgement);
// Of EPEL 10: whether the fix is one of the minor release that the installed build is of.
[[nodiscard]] bool is_of_own_minor_release(const Proof& proof);
// Whether it says that the support of its release has ended, and no more.
[[nodiscard]] bool says_no_more(const Hit& hit);
// What knows the same vulnerabilities and the same package, and finds the installed version not affected.
void add_denials(const Related& all, const Judged& judged, std::vector<Hit>& hits);

}  // namespace peekr
