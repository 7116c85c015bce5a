// SPDX-License-Identifier: Apache-2.0
// rpm's own database format, with the header blobs in it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "catalog/rpm_ndb.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const peekr::RpmSink sink = {
      .header = [](std::uint64_t, std::string_view blob) { (void)peekr::read_rpm_header(blob); },
      .note = [](peekr::Why, std::string) {},
  };
  // The one cast there is from libFuzzer's bytes to ours.
  peekr::read_rpm_ndb({reinterpret_cast<const char*>(data), size}, sink);
  return 0;
}
