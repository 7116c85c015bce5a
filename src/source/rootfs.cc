// SPDX-License-Identifier: Apache-2.0
// A root file system that lies unpacked in a folder. The layer reader walks it; here it is only named.
#include <sys/stat.h>

#include "source/source.h"
#include "source/target.h"

namespace peekr {
namespace {

bool exists(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0;
}

bool is_folder(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// One folder of the file system hierarchy is enough; a folder of sources has none.
bool recognises(const std::string& path) {
  if (!is_folder(path)) return false;
  for (const char* name : {"etc", "usr", "var", "lib", "bin", "sbin", "opt", "root", "home", "srv", "run"}) {
    if (exists(path + "/" + name)) return true;
  }
  return false;
}

Result<Image> open(const ImageRef& ref, const Limits& /*limits*/) {
  const Target target = TRY(split_target(ref.text));
  if (!target.tag.empty() || !target.digest.empty()) {
    return fail(Errc::usage, ref.text + ": a root file system has no tags or digests");
  }
  if (!ref.platform.empty())
    return fail(Errc::usage, ref.text + ": a root file system has no platform to choose");
  if (!is_folder(target.path)) return fail(Errc::unsupported, target.path + ": not a folder");
  Image image;
  image.info.kind = "rootfs";
  image.info.layers.emplace_back();
  image.layers.emplace_back();
  image.folder = target.path;
  return image;
}

}  // namespace

namespace sources {
extern const Source rootfs = {
    .scheme = "rootfs",
    .about = "a root file system in a folder",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
