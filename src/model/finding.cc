// SPDX-License-Identifier: Apache-2.0
#include "model/finding.h"

namespace peekr {

std::string_view name(Confidence confidence) {
  switch (confidence) {
    case Confidence::confirmed: return "confirmed";
    case Confidence::vendor_unfixed: return "vendor_unfixed";
    case Confidence::potential: return "potential";
    case Confidence::not_assessed: return "not_assessed";
  }
  return "";
}

std::string_view name(Suppressed::Rule rule) {
  switch (rule) {
    case Suppressed::Rule::informational: return "informational";
    case Suppressed::Rule::distribution: return "distribution";
    case Suppressed::Rule::overruled: return "overruled";
    case Suppressed::Rule::host_kernel: return "host_kernel";
    case Suppressed::Rule::remnant: return "remnant";
    case Suppressed::Rule::filter: return "filter";
    case Suppressed::Rule::baseline: return "baseline";
    case Suppressed::Rule::exception: return "exception";
    case Suppressed::Rule::vex: return "vex";
  }
  return "";
}

std::string_view name(Account::Word word) {
  switch (word) {
    case Account::Word::affected: return "affected";
    case Account::Word::not_affected: return "not_affected";
    case Account::Word::fixed: return "fixed";
    case Account::Word::out_of_range: return "out_of_range";
    case Account::Word::undetermined: return "undetermined";
    case Account::Word::of_another: return "of_another";
    case Account::Word::elsewhere: return "elsewhere";
  }
  return "";
}

}  // namespace peekr
