// SPDX-License-Identifier: Apache-2.0
// An OCI image layout as a folder: oci-layout, index.json, blobs/<algorithm>/<hex> (image-spec,
// image-layout.md). Blobs may be links, as Bazel's rules_oci lays them: wherever one leads, what is read must be a regular file with
// the digest that it is named by. No other link is followed below the folder: a layout that somebody else made must not lead out of
// itself.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "source/layout.h"
#include "source/source.h"
#include "source/target.h"

namespace peekr {
namespace {

// One step down.
Result<Fd> enter(const Fd& folder, const std::string& name, int flags) {
  Result<Fd> inside = Fd::open_at(folder, name, flags | O_NOFOLLOW);
  const bool link = !inside && (errno == ELOOP || (errno == ENOTDIR && (flags & O_DIRECTORY) != 0));
  if (link) {
    struct stat status{};
    const bool is_link =
        ::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
    if (is_link)
      return fail(Errc::unsupported,
                  "a symbolic link, which is not followed but for blobs: copy the folder with cp -rL");
  }
  return inside;
}

Result<Fd> enter_blob(const Fd& folder, const std::string& name) {
  struct stat status{};
  if (::fstatat(folder.get(), name.c_str(), &status, 0) == 0 && !S_ISREG(status.st_mode))
    return fail(Errc::damaged, "not a regular file");  // which must not be opened
  return Fd::open_at(folder, name, O_RDONLY | O_NONBLOCK);
}

Result<Fd> descend(const Fd& root, const std::string& name) {
  std::size_t slash = name.find('/');
  if (slash == std::string::npos) return enter(root, name, O_RDONLY | O_NONBLOCK);
  Fd folder = TRY(enter(root, name.substr(0, slash), O_RDONLY | O_DIRECTORY));
  for (;;) {
    const std::size_t start = slash + 1;
    slash = name.find('/', start);
    if (slash == std::string::npos) return enter_blob(folder, name.substr(start));
    folder = TRY(enter(folder, name.substr(start, slash - start), O_RDONLY | O_DIRECTORY));
  }
}

// Names come from descriptors: a known algorithm and hex digits, so no part of one is "..".
Result<Stored> look_up(const std::shared_ptr<const Fd>& root, const std::string& name) {
  const Fd file = TRY(within(name, descend(*root, name)));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return fail_errno(name);
  if (!S_ISREG(status.st_mode)) return fail(Errc::damaged, name + ": not a regular file");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  // Opened anew for each reading: an image may have more layers than a process may have open files.
  return Stored{size, [root, name, size]() -> Result<std::unique_ptr<ByteSource>> {
                  auto again = std::make_shared<const Fd>(TRY(within(name, descend(*root, name))));
                  return file_bytes(std::move(again), 0, size);
                }};
}

bool exists(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0;
}

Result<bool> recognises(const std::string& path, const Limits& /*limits*/) {
  return exists(path + "/oci-layout") || (exists(path + "/index.json") && exists(path + "/blobs"));
}

Result<Image> open(const ImageRef& ref, const Limits& limits) {
  const Target target = TRY(split_target(ref.text));
  const auto root = std::make_shared<const Fd>(TRY(Fd::open(target.path, O_RDONLY | O_DIRECTORY)));
  const Store store = [root](const std::string& name) { return look_up(root, name); };
  const Choice choice = choice_of(target, ref);
  Image image = TRY(within(target.path, open_layout(store, choice, limits)));
  image.info.kind = "oci-dir";
  return image;
}

}  // namespace

namespace sources {
extern const Source oci_dir = {
    .scheme = "oci-dir",
    .about = "an OCI image layout: a folder with index.json and blobs/",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
