// SPDX-License-Identifier: Apache-2.0
#include "cli/place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "base/text.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

Status check_descriptor(const std::string& what, int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  if (flags < 0) return fail_errno(what);
  return (flags & O_ACCMODE) != O_RDONLY ? Status() : fail(Errc::usage, what + ": is open for reading only");
}

bool is_foreign(const fs::path& file) {
  struct stat status{};
  if (::lstat(file.c_str(), &status) != 0 || status.st_uid == ::geteuid()) return false;
  const std::optional<uid_t> owner = owner_of_shared_folder(file);
  return owner && *owner != status.st_uid;
}

}  // namespace

std::optional<uid_t> owner_of_shared_folder(const fs::path& file) {
  struct stat folder{};
  const fs::path above = file.has_parent_path() ? file.parent_path() : ".";
  if (::stat(above.c_str(), &folder) != 0 || (folder.st_mode & S_ISVTX) == 0) return std::nullopt;
  return folder.st_uid;
}

OutputPlace place_of(const std::string& path) {
  constexpr int kMostLinks = 40;  // as in Linux
  constexpr std::uint64_t kMostDescriptors = 1 << 20;
  std::error_code error;
  const fs::path own = fs::canonical("/proc/self/fd", error);  // /dev/stdout and /dev/fd lead there
  fs::path file = path;
  for (int links = 0; links < kMostLinks; ++links) {
    const std::optional<std::uint64_t> number = to_number(file.filename().string());
    if (number && *number < kMostDescriptors && !own.empty() &&
        fs::canonical(file.parent_path(), error) == own)
      return {.file = file, .descriptor = static_cast<int>(*number), .foreign = {}};
    if (is_foreign(file)) return {.file = file, .descriptor = {}, .foreign = file};
    if (!fs::is_symlink(file, error)) break;
    file = file.parent_path() / fs::read_symlink(file, error);
  }
  return {.file = fs::weakly_canonical(fs::absolute(file, error), error), .descriptor = {}, .foreign = {}};
}

Status check_owner(const std::string& what, const OutputPlace& place) {
  if (place.foreign.empty()) return {};
  return fail(Errc::usage, what + ": " + printable(place.foreign.string()) +
                               " is another user's, in a folder where everybody may lay files: want another "
                               "name, or it removed");
}

Status check_place(const std::string& what, const std::string& path) {
  const OutputPlace place = place_of(path);
  if (place.descriptor) return check_descriptor(what, *place.descriptor);
  TRY(check_owner(what, place));
  std::error_code error;
  if (fs::is_directory(place.file, error)) return fail(Errc::usage, what + ": is a directory");
  const std::string folder = place.file.parent_path().string();
  if (!fs::is_directory(folder, error))
    return fail(Errc::usage,
                what + ": there is no folder " + printable(fs::path(path).parent_path().string()));
  const bool writable = ::access(place.file.c_str(), W_OK) == 0 || ::access(folder.c_str(), W_OK) == 0;
  return writable ? Status() : fail_errno(what);
}

bool is_mount_point(const std::string& path) {
  struct statx status{};
  return ::statx(AT_FDCWD, path.c_str(), 0, STATX_TYPE, &status) == 0 &&
         (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

}  // namespace peekr
