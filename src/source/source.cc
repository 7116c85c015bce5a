// SPDX-License-Identifier: Apache-2.0
#include "source/source.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/text.h"
#include "base/timer.h"
#include "source/platform.h"
#include "source/target.h"

namespace peekr {
namespace sources {
#define SOURCE(row) extern const Source row;
#include "source/sources.def"
#undef SOURCE
}  // namespace sources

namespace {

constexpr const Source* kAll[] = {
#define SOURCE(row) &sources::row,
#include "source/sources.def"
#undef SOURCE
};

// Schemes that users know from other scanners.
constexpr std::string_view kNotYet[] = {
    "registry", "docker", "docker-daemon", "podman",      "containerd", "containers-storage",
    "sbom",     "file",   "oci",           "singularity", "git"};

std::string scheme_list() {
  std::vector<std::string> names;
  for (const Source* row : kAll) names.push_back(std::string(row->scheme) + ":");
  return join(names, ", ");
}

Result<const Source*> recognise(const std::string& path) {
  const Timer timer("source/recognise");
  const auto found = std::ranges::find_if(kAll, [&](const Source* row) { return row->recognises(path); });
  if (found != std::end(kAll)) return *found;
  struct stat status{};
  const bool folder = ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  if (folder) {
    return fail(Errc::unsupported, path +
                                       ": neither an OCI layout nor a root file system (dir: takes a folder "
                                       "of sources, rootfs: any folder)");
  }
  return fail(Errc::unsupported, path + ": not an image archive (no manifest.json or index.json in a tar)");
}

Result<Image> open_by(const Source& row, const ImageRef& ref, const Limits& limits) {
  const Timer timer("source", row.scheme);
  return row.open(ref, limits);
}

}  // namespace

std::span<const Source* const> all_sources() { return kAll; }

Result<Image> open_image(const std::string& target, const std::string& platform, const Limits& limits) {
  if (!platform.empty()) TRY(parse_platform(platform));
  const std::string_view scheme = cut(target, ':').first;
  const bool has_scheme = scheme.size() < target.size();
  const auto* forced = std::ranges::find(kAll, scheme, [](const Source* row) { return row->scheme; });
  Result<Image> image = fail(Errc::internal, "");
  if (has_scheme && forced != std::end(kAll)) {
    image = open_by(**forced, {target.substr(scheme.size() + 1), platform}, limits);
  } else {
    const Result<Target> split = split_target(target);
    if (!split && has_scheme && std::ranges::find(kNotYet, scheme) != std::end(kNotYet)) {
      return fail(Errc::unsupported, std::string(scheme) + ": is not there yet; there are " + scheme_list());
    }
    if (!split && split.error().code == Errc::not_found) {
      return fail(Errc::not_found,
                  target +
                      ": no such file or folder (images are not pulled yet: docker save, or skopeo "
                      "copy, makes a file of one)");
    }
    if (!split) return fail(split.error());
    const Source* row = TRY(recognise(split->path));
    image = open_by(*row, {target, platform}, limits);
  }
  if (image) image->info.name = target;
  return image;
}

}  // namespace peekr
