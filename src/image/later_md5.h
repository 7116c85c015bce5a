// SPDX-License-Identifier: Apache-2.0
// The MD5 of files, worked out when there are several of them: eight take little more time than one (lib/md5_lanes.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "image/tree.h"

namespace peekr {

class LaterMd5 {
 public:
  // At most so many bytes are kept, and a thousand files.
  LaterMd5(std::vector<Found>& found, std::uint64_t most) : found_(found), most_(most) {}

  // Of found[index], which need not be there before finish() or the next add(). False: those are too many bytes.
  [[nodiscard]] bool add(std::size_t index, std::string_view bytes);
  // Those of all that was added; nothing is kept any more.
  void finish();

 private:
  struct Kept {
    std::size_t index, offset, size;
  };
  void work_out();

  std::vector<Found>& found_;
  std::uint64_t most_;
  std::string bytes_;
  std::vector<Kept> kept_;
};

}  // namespace peekr
