// SPDX-License-Identifier: Apache-2.0
// Every row of catalogers.def. An input is "<row>\n<bytes>"; with PEEKR_FUZZ_ROW=<row> in the environment it
// is <bytes>. The path is that of the row's first wanted pattern. A first byte of 1..8 is taken off and picks
// another pattern; with 0x10 added (0x11..0x18) the second half of the bytes becomes the neighbours that the
// row reads.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"

namespace peekr {
namespace {

// "**/lib/dpkg/info/*.list" -> "lib/dpkg/info/x.list".
Path sample(Pattern pattern) {
  if (pattern.starts_with("**/")) pattern.remove_prefix(3);
  std::string path;
  for (const char c : pattern) path += c == '*' ? 'x' : c;
  return Path(path);
}

void run_row(const Cataloger& row, std::string_view bytes) {
  std::size_t choice = 0;
  std::vector<File::Neighbour> neighbours;
  const auto first = static_cast<unsigned char>(bytes.empty() ? '\0' : bytes.front());
  const unsigned number = first & 0x0Fu;
  if ((first & 0xE0u) == 0 && number >= 1 && number <= 8) {
    bytes.remove_prefix(1);
    choice = number - 1;
    if ((first & 0x10u) != 0) {
      const std::string_view second = bytes.substr(bytes.size() / 2);
      bytes.remove_suffix(second.size());
      for (const Pattern read : row.reads) neighbours.push_back({sample(read), second});
    }
  }
  Inventory found;
  const Pattern pattern = row.wants.empty() ? Pattern("x") : row.wants[choice % row.wants.size()];
  Allowance allowance(std::uint64_t{4} << 20, nullptr);  // of archives in it: many small inputs find more
  row.run({.path = sample(pattern), .bytes = bytes, .neighbours = neighbours, .allowance = &allowance},
          found);
}

void run_named(std::string_view name, std::string_view bytes) {
  for (const Cataloger* row : all_catalogers()) {
    if (row->name == name) run_row(*row, bytes);
  }
}

}  // namespace
}  // namespace peekr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The one cast there is from libFuzzer's bytes to ours.
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const char* row = std::getenv("PEEKR_FUZZ_ROW")) {
    peekr::run_named(row, bytes);
  } else {
    const std::size_t end = std::min(bytes.find('\n'), size);
    peekr::run_named(bytes.substr(0, end), bytes.substr(std::min(end + 1, size)));
  }
  return 0;
}
