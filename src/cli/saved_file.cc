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

bool has_report(const PlatformReport& one) { return one.report.has_value(); }
bool is_one(const PlatformReport&) { return true; }

// By what each of those can be asked for: two may be of one platform, of which the version of the system tells them apart, or only
// the digest.
std::vector<std::string> choices(const std::vector<PlatformReport>& all,
                                 bool (*those)(const PlatformReport&)) {
  std::vector<std::string> names;
  for (const PlatformReport& one : all) {
    if (!those(one)) continue;
    const auto same = [&](const PlatformReport& other) { return titled(other) == titled(one); };
    const std::string name = titled(one);
    const bool alone = std::ranges::count_if(all, same) == 1;
    names.push_back(!alone ? one.digest.str() : name.contains(' ') ? "\"" + name + "\"" : name);
  }
  return names;
}

// What was not scanned as an index has one platform.
Result<Saved> if_of(Saved saved, const std::string& platform) {
  const std::string wanted = titled(TRY(parse_platform(platform))), &has = saved.report.image.platform;
  if (has == wanted) return saved;
  return fail(Errc::not_found, "no report for " + printable(wanted) + "; it is of " +
                                   (has.empty() ? "no platform" : printable(has)));
}

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

Status refuse_saved_file(std::string_view named) {
  constexpr std::string_view kSbom = "sbom:";
  const std::string target(named.starts_with(kSbom) ? named.substr(kSbom.size()) : named);
  struct stat status{};
  if (::stat(target.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || !is_saved_file(target)) return {};
  return fail(
      Errc::usage,
      printable(target) +
          ": is a report that peekr wrote, which has not all that a scan needs: name the image that it is of "
          "(peekr convert writes the report in another format, peekr diff compares it)");
}

Result<Saved> read_saved_file(const std::string& path) {
  const std::string name = path == "-" ? "standard input" : path;
  const std::string json = TRY(read_file(path == "-" ? "/dev/stdin" : path, kMostBytes));
  return within(printable(name), read_saved(json));
}

Result<Saved> one_of(Saved saved, const std::string& platform) {
  if (!saved.index)
    return platform.empty() ? Result<Saved>(std::move(saved)) : if_of(std::move(saved), platform);
  std::vector<PlatformReport>& all = saved.index->platforms;
  std::erase_if(all, [](const PlatformReport& one) { return one.state == PlatformReport::State::listed; });
  if (platform.empty())
    return fail(Errc::usage,
                "is of several platforms: want --platform " + join(choices(all, has_report), " or "));
  const auto named = [&](const PlatformReport& one) {
    return titled(one) == platform || one.digest.str() == platform;
  };
  const bool exact = std::ranges::any_of(all, named);
  const std::string wanted = exact ? platform : titled(TRY(parse_platform(platform)));
  std::vector<PlatformReport> found;
  for (PlatformReport& one : all) {
    if (exact ? named(one) : one.platform == wanted) found.push_back(std::move(one));
  }
  if (found.empty())
    return fail(Errc::not_found, "no report for " + printable(wanted) +
                                     "; there are: " + join(choices(all, has_report), ", "));
  if (found.size() > 1)
    return fail(Errc::usage, "has several reports for " + printable(wanted) + ": want --platform " +
                                 join(choices(found, is_one), " or "));
  PlatformReport& one = found.front();
  if (!one.report)
    return fail(Errc::not_found, printable(wanted) + " could not be scanned: " + printable(one.why));
  return Saved{.report = *std::move(one.report), .extent = saved.extent, .index = {}};
}

}  // namespace peekr
