// SPDX-License-Identifier: Apache-2.0
// Where a listed file really lies: its folder's links followed. Folders repeat, so each is asked for once.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "image/tree.h"

namespace peekr {

class Places {
 public:
  explicit Places(const Tree& tree) : tree_(tree) {}

  std::string of(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    if (slash == std::string::npos) return file;
    const std::string folder = file.substr(0, slash);
    auto found = folders_.find(folder);
    if (found == folders_.end()) {
      const std::optional<Path> real = tree_.real_path(Path(folder));
      found = folders_.emplace(folder, real ? std::string(real->str()) : folder).first;
    }
    return found->second + file.substr(slash);
  }

 private:
  const Tree& tree_;
  std::unordered_map<std::string, std::string> folders_;
};

}  // namespace peekr
