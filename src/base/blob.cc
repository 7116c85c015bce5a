// SPDX-License-Identifier: Apache-2.0
#include "base/blob.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/fd.h"

namespace peekr {

Blob::Blob(std::string bytes) {
  auto owned = std::make_shared<const std::string>(std::move(bytes));
  view_ = *owned;
  owner_ = std::move(owned);
}

Blob Blob::slice(std::size_t offset, std::size_t size) const {
  Blob part;
  part.owner_ = owner_;
  part.view_ = view_.substr(std::min(offset, view_.size()), size);
  return part;
}

Result<Blob> Blob::map(const std::string& path) {
  const Fd fd = TRY(Fd::open(path, O_RDONLY));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno(path);
  if (!S_ISREG(status.st_mode)) return fail(Errc::io, path + ": not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return Blob();
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (address == MAP_FAILED) return fail_errno("map " + path);
  Blob blob;
  blob.owner_ = std::shared_ptr<const void>(address, [size](void* p) { ::munmap(p, size); });
  blob.view_ = {static_cast<const char*>(address), size};
  return blob;
}

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
