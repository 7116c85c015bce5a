// SPDX-License-Identifier: Apache-2.0
// The places that a user names for what is written: files behind links, and descriptors that are open already.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace peekr {

// Where what is written to that path comes to lie, behind links; or which of our own descriptors it names: /dev/stdout, /dev/fd/3.
struct OutputPlace {
  std::filesystem::path file;
  std::optional<int> descriptor;
  std::filesystem::path foreign;  // on the way there, see check_owner(); empty: nothing is
};
[[nodiscard]] OutputPlace place_of(const std::string& path);
// Of the file's folder, where that is one as /tmp: sticky, so that each removes only what is his.
[[nodiscard]] std::optional<uid_t> owner_of_shared_folder(const std::filesystem::path& file);
// In such a folder a link or file of another user, who is not the folder's owner either, was laid there for us to fall over: Linux
// refuses it to those who write by its links (fs.protected_symlinks, fs.protected_regular), and we walk them ourselves.
Status check_owner(const std::string& what, const OutputPlace& place);
// Before the work, and not when all of it is done: whether it can be written to. `what`: "--output r.json".
Status check_place(const std::string& what, const std::string& path);
// A file that is mounted there by itself, as into a container: no other one can take its place.
[[nodiscard]] bool is_mount_point(const std::string& path);

}  // namespace peekr
