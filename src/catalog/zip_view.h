// SPDX-License-Identifier: Apache-2.0
// ZipView: the members of a zip file that lies in memory (APPNOTE.TXT; stored and deflated members, zip64), also one
// behind something else: a shell script that starts it. No length is believed before the bytes are there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/allowance.h"
#include "lib/zip_directory.h"

namespace peekr {

class ZipView {
 public:
  using Member = ZipEntry;

  // Reads the directory; Errc::damaged when it cannot be found or followed. `bytes` must outlive the view.
  static Result<ZipView> open(std::string_view bytes);

  [[nodiscard]] const std::vector<Member>& members() const { return members_; }
  // What its directory lacks, as far as that is known; empty: nothing.
  [[nodiscard]] std::string gap() const { return directory_.gap(members_.size()); }
  // The bytes of a member. Errc::limit over `most` bytes or the allowance, unsupported when it is encrypted or packed otherwise.
  [[nodiscard]] Result<std::string> read(const Member& member, std::uint64_t most,
                                         Allowance& allowance) const;

 private:
  std::string_view bytes_;
  ZipDirectory directory_;
  std::vector<Member> members_;
};

}  // namespace peekr
