// SPDX-License-Identifier: Apache-2.0
#include "source/target.h"

#include <sys/stat.h>

#include "base/text.h"

namespace peekr {
namespace {

bool exists(const std::string& path) {
  struct stat status{};
  return !path.empty() && ::stat(path.c_str(), &status) == 0;
}

}  // namespace

Result<Target> split_target(const std::string& text) {
  Target target{.path = text};
  for (std::size_t end = text.size(); !exists(target.path);) {
    if (end == 0) return fail(Errc::not_found, text + ": no such file or folder");
    end = text.find_last_of(":@", end - 1);
    if (end == std::string::npos) return fail(Errc::not_found, text + ": no such file or folder");
    target.path.resize(end);
  }
  std::string_view rest = std::string_view(text).substr(target.path.size());
  if (rest.starts_with(':')) {
    target.tag = rest.substr(1, rest.find('@') - 1);
    if (target.tag.empty()) return fail(Errc::usage, text + ": no tag behind the colon");
    rest.remove_prefix(target.tag.size() + 1);
  }
  if (rest.starts_with('@')) target.digest = TRY(within(text, Digest::parse(rest.substr(1))));
  return target;
}

}  // namespace peekr
