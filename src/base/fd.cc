// SPDX-License-Identifier: Apache-2.0
#include "base/fd.h"

#include <fcntl.h>
#include <unistd.h>

namespace peekr {

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Fd> Fd::open(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  if (fd < 0) return fail_errno(path);
  return Fd(fd);
}

Result<Fd> Fd::open_at(const Fd& directory, const std::string& name, int flags) {
  const int fd = ::openat(directory.get(), name.c_str(), flags | O_CLOEXEC, 0666);
  if (fd < 0) return fail_errno(name);
  return Fd(fd);
}

}  // namespace peekr
