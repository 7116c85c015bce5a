// SPDX-License-Identifier: Apache-2.0
// Blob: immutable bytes that may be shared: a mapped file, heap memory, or a slice of another Blob. Copying is cheap.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

class Blob {
 public:
  Blob() = default;
  explicit Blob(std::string bytes);

  [[nodiscard]] std::string_view bytes() const { return view_; }
  // Part of it, sharing the memory; clamped to what is there.
  [[nodiscard]] Blob slice(std::size_t offset, std::size_t size) const;

  // Map a whole regular file read-only. The file must not shrink while the Blob lives (SIGBUS): for our own files only.
  static Result<Blob> map(const std::string& path);

 private:
  std::shared_ptr<const void> owner_;
  std::string_view view_;
};

// A whole file of at most `limit` bytes, by reads; longer is an error (Errc::limit) that names the path and the limit.
Result<std::string> read_file(const std::string& path, std::uint64_t limit);

}  // namespace peekr
