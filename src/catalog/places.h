// SPDX-License-Identifier: Apache-2.0
// Where files lie: below which folders, and where links lead to.
#pragma once

#include <cstring>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "image/tree.h"

namespace peekr {

using Folders = std::set<std::string, std::less<>>;

// Whether it lies in one of them, at whatever depth.
[[nodiscard]] inline bool lies_in(const Folders& folders, std::string_view path) {
  for (std::size_t end = folders.empty() ? std::string_view::npos : path.rfind('/');
       end != std::string_view::npos && end > 0; end = path.rfind('/', end - 1)) {
    if (folders.contains(path.substr(0, end))) return true;
  }
  return false;
}

[[nodiscard]] inline std::string_view base_name(std::string_view path) {
  // rfind() goes byte by byte
  const void* const slash = path.empty() ? nullptr : ::memrchr(path.data(), '/', path.size());
  return slash == nullptr ? path : std::string_view(static_cast<const char*>(slash) + 1, path.end());
}

// Where a listed file really lies: its folder's links followed. Folders repeat, so each is asked for once.
class Places {
 public:
  explicit Places(const Tree& tree) : tree_(tree) {}

  std::string of(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    if (slash == std::string::npos) return file;
    const std::string_view folder = std::string_view(file).substr(0, slash);
    if (last_ == nullptr || last_->first != folder) last_ = &look_for(std::string(folder));
    return std::string(last_->second).append(file, slash);
  }

 private:
  using Folder = std::pair<const std::string, std::string>;  // and where it leads to

  const Folder& look_for(const std::string& folder) {
    const auto [found, fresh] = folders_.try_emplace(folder, folder);
    if (fresh) {
      if (const std::optional<Path> real = tree_.real_path(Path(folder))) found->second = real->str();
    }
    return *found;
  }

  const Tree& tree_;
  std::unordered_map<std::string, std::string> folders_;
  const Folder* last_ = nullptr;  // files that are listed mostly lie beside one another
};

}  // namespace peekr
