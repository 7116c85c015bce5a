// SPDX-License-Identifier: Apache-2.0
// What package databases may have of a file.
#pragma once

#include <optional>
#include <string_view>

#include "lib/digest.h"
#include "model/checksum.h"

namespace peekr {

// Digests of a file, whose bytes come one after the other; of no kinds: of all that package databases may have.
class Digesters {
 public:
  explicit Digesters(ChecksumKinds kinds);
  void update(std::string_view bytes);
  FileDigests finish();

 private:
  std::optional<Hasher> md5_, sha1_, sha256_;
};
[[nodiscard]] FileDigests digests_of(std::string_view bytes, ChecksumKinds kinds);

}  // namespace peekr
