// SPDX-License-Identifier: Apache-2.0
#include "source/folder.h"

#include <sys/stat.h>

#include <fstream>

#include "source/target.h"

namespace peekr {
namespace {

// Of all that skopeo's and podman's dir: writes, this alone says what it is: its manifest.json may be any manifest.
bool is_skopeo_folder(const std::string& path) {
  constexpr std::string_view kMark = "Directory Transport Version: ";
  std::string head(kMark.size(), '\0');
  std::ifstream(path + "/version", std::ios::binary)
      .read(head.data(), static_cast<std::streamsize>(head.size()));
  return head == kMark && std::ifstream(path + "/manifest.json").good();
}

}  // namespace

bool is_folder(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Status check_is_no_image(const std::string& path) {
  if (is_skopeo_folder(path))
    return fail(Errc::unsupported,
                path +
                    ": an image as skopeo's and podman's dir: writes it, which is not read: skopeo copy "
                    "dir:" +
                    path + " oci-archive:image.tar makes of it what is");
  const bool has_version = TRY(is_there(path + "/oci-layout", path));
  const bool has_index = TRY(is_there(path + "/index.json", path));
  if (has_version && has_index)
    return fail(Errc::unsupported, path + ": an OCI layout, whose image oci-dir:" + path + " takes");
  return {};
}

Result<Image> open_folder(const ImageRef& ref, const std::string& kind) {
  const Target target = TRY(split_target(ref.text));
  if (!target.tag.empty() || !target.digest.empty()) {
    return fail(Errc::usage, ref.text +
                                 ": a folder has no tags or digests (docker:, podman: or registry: in front "
                                 "takes the image of that name)");
  }
  if (!ref.platform.empty()) return fail(Errc::usage, ref.text + ": a folder has no platform to choose");
  if (!is_folder(target.path)) return fail(Errc::unsupported, target.path + ": not a folder");
  TRY(check_is_no_image(target.path));
  Image image;
  image.info.kind = kind;
  image.info.layers.emplace_back();
  image.layers.emplace_back();
  image.folder = target.path;
  return image;
}

}  // namespace peekr
