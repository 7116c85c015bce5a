// SPDX-License-Identifier: Apache-2.0
// Berkeley DB hash files in either byte order, with the header blobs in them.
#include <cstddef>
#include <cstdint>
#include <string>

#include "catalog/rpm_bdb.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const peekr::RpmSink sink = {
      .header = [](std::uint64_t, std::string_view blob) { (void)peekr::read_rpm_header(blob); },
      .note = [](peekr::Why, std::string) {},
  };
  // The one cast there is from libFuzzer's bytes to ours.
  peekr::read_rpm_bdb({reinterpret_cast<const char*>(data), size}, sink);
  return 0;
}
