// SPDX-License-Identifier: Apache-2.0
// Path: a canonical place inside the image, relative to its root: "etc/os-release", no leading slash, no empty part, no
// "." or "..". The root is "". It cannot climb out: ".." at the root stays at the root, as in a chroot. Bytes, not UTF-8.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace peekr {

class Path {
 public:
  Path() = default;
  explicit Path(std::string_view raw);

  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string_view name() const;    // last part
  [[nodiscard]] std::string_view folder() const;  // all before the last part, "" at the top
  auto operator<=>(const Path&) const = default;

 private:
  std::string text_;
};

// Whether ".." parts of the raw name would have led above the root.
[[nodiscard]] bool climbs_out(std::string_view raw);

}  // namespace peekr
