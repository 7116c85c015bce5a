// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/fd.h"

namespace peekr {
namespace {

constexpr std::size_t kPart = 65536;

// Bytes of the file, as far as anybody knows: 0 for a pipe, and for what the kernel makes up.
std::uint64_t size_of(const Fd& file) {
  struct stat status{};
  return ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode)
             ? static_cast<std::uint64_t>(status.st_size)
             : 0;
}

}  // namespace

Result<std::string> read_rest(const Fd& file, const std::string& path, std::uint64_t limit) {
  std::string bytes;
  const std::uint64_t size = size_of(file);
  bytes.reserve(size == 0 ? kPart
                          : static_cast<std::size_t>(std::min(size, limit)) + 1);  // 1: to see its end
  for (;;) {
    if (bytes.size() == bytes.capacity()) bytes.reserve(bytes.size() + kPart);  // which doubles it
    const std::size_t before = bytes.size();
    ssize_t count = 0;
    bytes.resize_and_overwrite(bytes.capacity(), [&](char* data, std::size_t room) {
      do count = ::read(file.get(), data + before, room - before);
      while (count < 0 && errno == EINTR);
      return before + static_cast<std::size_t>(std::max<ssize_t>(count, 0));
    });
    if (count < 0) return fail_errno("read " + path);
    if (count == 0) return bytes;
    if (bytes.size() > limit) {
      return fail(Errc::limit, path + ": larger than " + std::to_string(limit) + " bytes");
    }
  }
}

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  const Fd file = TRY(Fd::open(path, O_RDONLY));
  return read_rest(file, path, limit);
}

}  // namespace peekr
