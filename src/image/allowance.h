// SPDX-License-Identifier: Apache-2.0
// Allowance: how many bytes the archives in a file, or in the files of a layer, may unpack to, together. What lies in an archive has an
// allowance of its own within that of the archive, so what one file costs is bounded whatever it holds, and however often: members of an
// archive may share their packed bytes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/limits.h"

namespace peekr {

class Allowance {
 public:
  // what: as in "the archives in it unpack to more than 100 bytes (limit ratio_from)".
  Allowance(std::uint64_t most, Allowance* within, std::string_view what = "unpacks",
            std::string_view limit = {})
      : most_(most), left_(most), within_(within), what_(what), limit_(limit) {}

  [[nodiscard]] std::uint64_t left() const {
    return within_ == nullptr ? left_ : std::min(left_, within_->left());
  }
  void spend(std::uint64_t bytes) {
    left_ -= std::min(left_, bytes);
    if (within_ != nullptr) within_->spend(bytes);
  }
  void grant(std::uint64_t bytes) {
    most_ += bytes;
    left_ += bytes;
  }
  // What is to be said where more is needed than is left: of the innermost that has the least.
  [[nodiscard]] std::string over() const {
    if (within_ != nullptr && within_->left() < left_) return within_->over();
    return std::string(what_) + " to more than " + std::to_string(most_) + " bytes" + std::string(limit_);
  }

 private:
  std::uint64_t most_, left_;
  Allowance* within_;
  std::string_view what_, limit_;
};

// Of the archives in the files of a layer: what is fine at any ratio, and kArchivesRatio times the files. Per layer, so that what is
// found in one depends on no other.
inline constexpr std::uint64_t kArchivesRatio = 20;
inline Allowance archives_allowance(const Limits& limits) {
  return {limits.ratio_from, nullptr, "the archives of the layer unpack", " (limit ratio_from)"};
}

}  // namespace peekr
