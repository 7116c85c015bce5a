// SPDX-License-Identifier: Apache-2.0
// Fd: a file descriptor that closes itself.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace peekr {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();

  [[nodiscard]] int get() const { return fd_; }
  // For a function that closes it itself.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }

  // open(2) with O_CLOEXEC; the error names the path.
  static Result<Fd> open(const std::string& path, int flags);
  // openat(2) below `directory` with O_CLOEXEC.
  static Result<Fd> open_at(const Fd& directory, const std::string& name, int flags);

 private:
  int fd_ = -1;
};

}  // namespace peekr
