// SPDX-License-Identifier: Apache-2.0
// Whether one version lies inside what an advisory says about one package. Pure: the evaluation algorithm of
// the OSV schema (ossf.github.io/osv-schema, "Evaluation"), with two refinements: at equal versions
// "introduced" comes first, and "0" as introduced or fixed is below every version of every scheme.
#pragma once

#include <string>
#include <string_view>

#include "model/advisory.h"
#include "version/scheme.h"

namespace peekr {

// How versions are compared: the scheme, and what to do about epochs that only one side has.
struct Order {
  enum class Epochs {
    as_written,  // a missing epoch is 0
    // The installed version is that of a source rpm, whose file name carries no epoch: a bound's is left out,
    // too.
    only_if_both,
  };
  const Scheme* scheme = nullptr;
  Epochs epochs = Epochs::as_written;
};

struct Judgement {
  enum class Answer { not_affected, affected, undetermined };
  Answer answer = Answer::not_affected;
  std::string range;       // the interval that holds the version: ">= 0, < 2.19-18+deb8u3"
  std::string comparison;  // what decided: "2.19-18+deb8u2 < 2.19-18+deb8u3"
  std::string fixed_in;    // the smallest fix above the version that no interval holds; empty: none
  std::string doubt;       // undetermined: the two versions that cannot be ordered
};

// The union of the ranges (GIT ones say nothing about versions) and of the versions listed by name. Neither:
// not affected.
[[nodiscard]] Judgement evaluate(const Affected& affected, std::string_view version, const Order& order);
// Of its fixes that the version has the latest one; empty: it has none, or that cannot be said.
[[nodiscard]] std::string fix_reached(const Affected& affected, std::string_view version, const Order& order);
// What of it is affected, for people: ">= 0, < 1.2 or >= 2, <= 2.1"; empty: nothing.
[[nodiscard]] std::string described(const Affected& affected, const Order& order);

}  // namespace peekr
