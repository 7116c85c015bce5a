// SPDX-License-Identifier: Apache-2.0
// Whether a finding is still there when an image was judged again.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "model/finding.h"

namespace peekr {

[[nodiscard]] inline bool same_finding(const Finding& a, const Finding& b) {
  if (a.package != b.package) return false;
  const auto has = [](const Finding& one, const std::string& id) {
    return one.id == id || std::ranges::find(one.names, id) != one.names.end();
  };
  return has(a, b.id) || has(b, a.id);
}

// By package, for many questions.
class ByPackage {
 public:
  explicit ByPackage(const std::vector<Finding>& all = {}) { add(all); }
  void add(const std::vector<Finding>& all) {
    for (const Finding& one : all) findings_[one.package].push_back(&one);
  }
  void add(const std::vector<Suppressed>& all) {
    for (const Suppressed& one : all) findings_[one.finding.package].push_back(&one.finding);
  }
  [[nodiscard]] bool holds(const Finding& one) const {
    return std::ranges::any_of(of(one.package),
                               [&](const Finding* other) { return same_finding(*other, one); });
  }
  [[nodiscard]] const std::vector<const Finding*>& of(std::size_t package) const {
    const auto found = findings_.find(package);
    return found == findings_.end() ? none_ : found->second;
  }

 private:
  std::map<std::size_t, std::vector<const Finding*>> findings_;
  std::vector<const Finding*> none_;
};

}  // namespace peekr
