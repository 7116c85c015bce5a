// SPDX-License-Identifier: Apache-2.0
// SQLite databases; what starts with the magic number of a write-ahead log is the log beside it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "catalog/rpm_sqlite.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const peekr::RpmSink sink = {
      .header = [](std::uint64_t, std::string_view blob) { (void)peekr::read_rpm_header(blob); },
      .note = [](peekr::Why, std::string) {},
  };
  // The one cast there is from libFuzzer's bytes to ours.
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t log = std::min(bytes.find("\x37\x7f\x06"), size);
  peekr::read_rpm_sqlite(bytes.substr(0, log), bytes.substr(log), sink);
  return 0;
}
