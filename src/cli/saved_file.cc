// SPDX-License-Identifier: Apache-2.0
#include "cli/saved_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "base/file.h"
#include "base/text.h"

namespace peekr {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
constexpr std::size_t kHead = 256;

}  // namespace

// A pipe can be read but once, and no target is one. What peekr writes begins with the version of its schema, then its own; what
// others write does not.
bool is_saved_file(const std::string& path) {
  struct stat status{};
  if (path == "-" || (::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode))) return true;
  std::string bytes(kHead, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  const std::string_view head = trim(bytes);
  const auto has = [&](std::string_view key) { return head.find(key) != std::string_view::npos; };
  return head.starts_with('{') && has("\"schema_version\"") && has("\"peekr\"");
}

Result<Saved> read_saved_file(const std::string& path) {
  const std::string name = path == "-" ? "standard input" : path;
  const std::string json = TRY(read_file(path == "-" ? "/dev/stdin" : path, kMostBytes));
  return within(printable(name), read_saved(json));
}

}  // namespace peekr
