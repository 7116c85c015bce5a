// SPDX-License-Identifier: Apache-2.0
#include "source/folder.h"

#include <sys/stat.h>

#include "source/target.h"

namespace peekr {

bool is_folder(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Result<Image> open_folder(const ImageRef& ref, const std::string& kind) {
  const Target target = TRY(split_target(ref.text));
  if (!target.tag.empty() || !target.digest.empty()) {
    return fail(Errc::usage, ref.text + ": a folder has no tags or digests");
  }
  if (!ref.platform.empty()) return fail(Errc::usage, ref.text + ": a folder has no platform to choose");
  if (!is_folder(target.path)) return fail(Errc::unsupported, target.path + ": not a folder");
  Image image;
  image.info.kind = kind;
  image.info.layers.emplace_back();
  image.layers.emplace_back();
  image.folder = target.path;
  return image;
}

}  // namespace peekr
