// SPDX-License-Identifier: Apache-2.0
// The findings of a scan, and what peekr's own rules took out of them, as the statements of a VEX document: for openvex.cc and
// csaf.cc. A product is a package URL; of one product of a vulnerability the gravest status counts, for a document must not
// contradict itself. Both formats want a statement: where there is none, one about a vulnerability of no publisher says that it is
// there for that, with a status that takes nothing out anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace peekr {

struct VexAnswer {
  enum class Status { not_affected, fixed, under_investigation, affected };
  std::string id;
  std::vector<std::string> aliases;
  Status status{};
  std::string_view justification;     // not_affected: a label of both formats, or
  std::string impact;                 // why, or both
  std::string action;                 // affected: what to do
  std::string notes;                  // how it is known
  const Finding* finding = nullptr;   // null: there was none
  std::vector<std::string> products;  // package URLs, sorted; none: the image itself
};

[[nodiscard]] std::vector<VexAnswer> vex_answers(const Report& report);  // by id
std::vector<VexAnswer> vex_answers(Report&&) = delete;                   // they point into it
[[nodiscard]] std::string_view name(VexAnswer::Status status);           // "not_affected"

}  // namespace peekr
