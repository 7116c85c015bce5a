// SPDX-License-Identifier: Apache-2.0
#include "model/path.h"

namespace peekr {
namespace {

// Whether the text is canonical as it stands: the common case, which then is one copy.
bool canonical(std::string_view raw) {
  if (raw.empty()) return true;
  if (raw.front() == '/' || raw.back() == '/') return false;
  for (std::size_t start = 0; start < raw.size();) {
    const std::size_t end = raw.find('/', start);
    const std::string_view part = raw.substr(start, end - start);
    if (part.empty() || part == "." || part == "..") return false;
    if (end == std::string_view::npos) break;
    start = end + 1;
  }
  return true;
}

}  // namespace

Path::Path(std::string_view raw) {
  while (raw.starts_with("./")) raw.remove_prefix(2);
  if (canonical(raw)) {
    text_ = raw;
    return;
  }
  text_.reserve(raw.size());
  for (std::size_t start = 0; start <= raw.size();) {
    const std::size_t end = std::min(raw.find('/', start), raw.size());
    const std::string_view part = raw.substr(start, end - start);
    if (part == "..") {
      const std::size_t slash = text_.rfind('/');
      text_.resize(slash == std::string::npos ? 0 : slash);
    } else if (!part.empty() && part != ".") {
      if (!text_.empty()) text_ += '/';
      text_ += part;
    }
    start = end + 1;
  }
}

std::string_view Path::name() const {
  const std::size_t slash = text_.rfind('/');
  return std::string_view(text_).substr(slash == std::string::npos ? 0 : slash + 1);
}

std::string_view Path::folder() const {
  const std::size_t slash = text_.rfind('/');
  return std::string_view(text_).substr(0, slash == std::string::npos ? 0 : slash);
}

bool climbs_out(std::string_view raw) {
  std::size_t depth = 0;
  for (std::size_t start = 0; start <= raw.size();) {
    const std::size_t end = std::min(raw.find('/', start), raw.size());
    const std::string_view part = raw.substr(start, end - start);
    if (part == "..") {
      if (depth == 0) return true;
      --depth;
    } else if (!part.empty() && part != ".") {
      ++depth;
    }
    start = end + 1;
  }
  return false;
}

}  // namespace peekr
