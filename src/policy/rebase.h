// SPDX-License-Identifier: Apache-2.0
// Another base image under an image, as an action of the plan (docs/plan.md). Pure; scan/plan.cc judges what comes of it.
#pragma once

#include <string>

#include "model/plan.h"
#include "model/report.h"

namespace peekr {

// What the base image of an image has in it, as far as the image itself shows.
[[nodiscard]] Inventory base_part(const Report& report);
// Whether `other` is what became of `present`: the same release of the same distribution, nine packages of ten the same, more of them
// later than earlier; no runtime that was recognised by its bytes is lower, or of other first two numbers; and no package of the system
// went for one whose name differs in its digits alone (postgresql-15, postgresql-16).
[[nodiscard]] bool is_later(const Inventory& present, const Inventory& other);

// The packages as they would be on the base image `other`. They keep their places; what would be gone has no name and no type, and
// what is new stands at the end. What your own layers brought stays, but for a system's package that `other` has later.
[[nodiscard]] Inventory rebased(const Report& report, const Inventory& other);

// The image on that base, and what is found there: what the image had is listed, the rest is suppressed.
[[nodiscard]] Report on_base(const Report& report, Inventory changed, const Findings& found);
// The sum of the risks of what is found, without what rules have taken out of the report.
[[nodiscard]] double risk_of(const Report& report, const Findings& found);

struct OtherBase {
  std::string in_place_of;  // "debian:12.4"
  std::string name;         // "debian:12.12"; the same: the tag was moved
  std::string digest;
};
// The plan of this one action; `found` is what is found in `changed`.
[[nodiscard]] Remediation base_plan(const Report& report, const Inventory& changed, const Findings& found,
                                    const OtherBase& other);
// The whole plan: that action, then those of `rest`, which is of on_base().
[[nodiscard]] Remediation joined(Remediation base, Remediation rest);

}  // namespace peekr
