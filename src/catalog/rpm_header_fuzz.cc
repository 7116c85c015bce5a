// SPDX-License-Identifier: Apache-2.0
// Header blobs of rpm packages.
#include <cstddef>
#include <cstdint>

#include "catalog/rpm_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The one cast there is from libFuzzer's bytes to ours.
  (void)peekr::read_rpm_header({reinterpret_cast<const char*>(data), size});
  return 0;
}
