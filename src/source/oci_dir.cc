// SPDX-License-Identifier: Apache-2.0
// An OCI image layout as a folder: oci-layout, index.json, blobs/<algorithm>/<hex> (image-spec,
// image-layout.md). Blobs may be links, as Bazel's rules_oci lays them: wherever one leads, what is read must be a regular file with
// the digest that it is named by. Of another file neither digest nor size is told: whoever made the layout may not read it. No other link
// is followed below the folder: a layout that somebody else made must not lead out of itself.
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

struct Opened {
  Fd file;
  bool by_link = false;
};

Result<Opened> enter_blob(const Fd& folder, const std::string& name) {
  constexpr int kFlags = O_RDONLY | O_NONBLOCK;
  struct stat status{};
  if (::fstatat(folder.get(), name.c_str(), &status, 0) == 0 && !S_ISREG(status.st_mode))
    return fail(Errc::damaged, "not a regular file");  // which must not be opened
  Result<Fd> plain = Fd::open_at(folder, name, kFlags | O_NOFOLLOW);
  const bool is_link = !plain && errno == ELOOP;
  if (is_link) return Opened{TRY(Fd::open_at(folder, name, kFlags)), true};
  if (!plain)
    return fail(plain.error().code,
                plain.error().message.substr(name.size() + 2));  // which whoever asks names
  return Opened{TRY(std::move(plain))};
}

Result<Opened> descend(const Fd& root, const std::string& name) {
  std::size_t slash = name.find('/');
  if (slash == std::string::npos) return Opened{TRY(enter(root, name, O_RDONLY | O_NONBLOCK))};
  Fd folder = TRY(enter(root, name.substr(0, slash), O_RDONLY | O_DIRECTORY));
  for (;;) {
    const std::size_t start = slash + 1;
    slash = name.find('/', start);
    if (slash == std::string::npos) return enter_blob(folder, name.substr(start));
    folder = TRY(enter(folder, name.substr(start, slash - start), O_RDONLY | O_DIRECTORY));
  }
}

// What a link leads to, which names no digest but that of the blob. `name`: "blobs/sha256/ab..".
std::unique_ptr<ByteSource> linked_bytes(std::unique_ptr<ByteSource> bytes, const std::string& name) {
  const std::size_t slash = name.rfind('/'), before = name.rfind('/', slash - 1);
  Digest wanted{name.substr(before + 1, slash - before - 1), name.substr(slash + 1)};
  const std::string algorithm = wanted.algorithm;
  return hashed_bytes(std::move(bytes), algorithm, [wanted = std::move(wanted)](const Digest& got) -> Status {
    if (got == wanted) return {};
    return fail(Errc::mismatch, wanted.str() + ": a symbolic link to a file that has another digest");
  });
}

// Names come from descriptors: a known algorithm and hex digits, so no part of one is "..".
Result<Stored> look_up(const std::shared_ptr<const Fd>& root, const std::string& name) {
  const Opened first = TRY(within(name, descend(*root, name)));
  struct stat status{};
  if (::fstat(first.file.get(), &status) != 0) return fail_errno(name);
  if (!S_ISREG(status.st_mode)) return fail(Errc::damaged, name + ": not a regular file");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  // Opened anew for each reading: an image may have more layers than a process may have open files.
  const auto open = [root, name, size]() -> Result<std::unique_ptr<ByteSource>> {
    Opened again = TRY(within(name, descend(*root, name)));
    auto bytes = file_bytes(std::make_shared<const Fd>(std::move(again.file)), 0, size);
    return again.by_link ? linked_bytes(std::move(bytes), name) : std::move(bytes);
  };
  return Stored{first.by_link ? std::nullopt : std::optional(size), open};
}

Result<bool> recognises(const std::string& path, const Limits& /*limits*/) {
  if (TRY(is_there(path + "/oci-layout", "oci-layout"))) return true;
  const bool has_index = TRY(is_there(path + "/index.json", "index.json"));
  const bool has_blobs = TRY(is_there(path + "/blobs", "blobs"));
  return has_index && has_blobs;
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
