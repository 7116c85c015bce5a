// SPDX-License-Identifier: Apache-2.0
#include "cli/saved_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "base/file.h"
#include "base/text.h"
#include "source/platform.h"

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

Result<Saved> one_of(Saved saved, const std::string& platform) {
  if (!saved.index) return saved;
  std::vector<std::string> there;
  for (const PlatformReport& one : saved.index->platforms) {
    if (one.report) there.push_back(printable(one.platform));
  }
  if (platform.empty())
    return fail(Errc::usage, "is of several platforms: want --platform " + join(there, " or "));
  const std::string wanted = TRY(parse_platform(platform)).str();
  PlatformReport* found = nullptr;
  for (PlatformReport& one : saved.index->platforms) {
    if (one.platform != wanted || one.state == PlatformReport::State::listed) continue;
    if (found != nullptr) return fail(Errc::usage, "has several reports for " + wanted);
    found = &one;
  }
  if (found == nullptr)
    return fail(Errc::not_found, "no report for " + wanted + "; there are: " + join(there, ", "));
  if (!found->report)
    return fail(Errc::not_found, wanted + " could not be scanned: " + printable(found->why));
  return Saved{.report = *std::move(found->report), .extent = saved.extent, .index = {}};
}

}  // namespace peekr
