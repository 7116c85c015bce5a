// SPDX-License-Identifier: Apache-2.0
// Fuzz target of reports that are read back: what is taken can be written in every format, and its JSON is read back as the same.
#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/saved.h"

namespace {

void write(const peekr::Saved& saved, const peekr::Reporter& row, std::string& out) {
  if (saved.index && row.platforms != nullptr)
    row.platforms(*saved.index, saved.extent, {.files = true, .suppressed = true, .split = true}, out);
  if (saved.index) return;
  const auto how = saved.extent == peekr::Extent::findings ? row.scan : row.inventory;
  if (how != nullptr) how(saved.report, {.files = true, .suppressed = true, .split = true}, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const peekr::Result<peekr::Saved> saved = peekr::read_saved({reinterpret_cast<const char*>(data), size});
  if (!saved) return 0;
  std::string once, twice, other;
  for (const peekr::Reporter* row : peekr::all_reporters())
    write(*saved, *row, row->name == "json" ? once : other);
  const peekr::Result<peekr::Saved> again = peekr::read_saved(once);
  assert(again);
  write(*again, *peekr::find_reporter("json"), twice);
  assert(once == twice);
  return 0;
}
