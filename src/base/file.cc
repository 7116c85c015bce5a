// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/fd.h"

namespace peekr {

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
  const Fd fd = TRY(Fd::open(path, O_RDONLY));
  std::string bytes;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("read " + path);
    if (count == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    if (bytes.size() > limit) {
      return fail(Errc::limit, path + ": larger than " + std::to_string(limit) + " bytes");
    }
  }
}

}  // namespace peekr
