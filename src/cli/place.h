// SPDX-License-Identifier: Apache-2.0
// The places that a user names for what is written: files behind links, and descriptors that are open already.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace peekr {

// Where what is written to that path comes to lie, behind links; or which of our own descriptors it names: /dev/stdout, /dev/fd/3.
struct OutputPlace {
  std::filesystem::path file;
  std::optional<int> descriptor;
};
[[nodiscard]] OutputPlace place_of(const std::string& path);
// Before the work, and not when all of it is done: whether it can be written to. `what`: "--output r.json".
Status check_place(const std::string& what, const std::string& path);
// A file that is mounted there by itself, as into a container: no other one can take its place.
[[nodiscard]] bool is_mount_point(const std::string& path);

}  // namespace peekr
