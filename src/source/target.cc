// SPDX-License-Identifier: Apache-2.0
#include "source/target.h"

#include <sys/stat.h>

#include <cerrno>

#include "base/text.h"

namespace peekr {
namespace {

// Of what split_target() has found: a link may lead nowhere.
Status check_leads_somewhere(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) return {};
  if (errno == ENOENT || errno == ENOTDIR)
    return fail(Errc::io, path + ": a symbolic link to what is not there");
  return fail_errno(path);
}

}  // namespace

Result<bool> is_there(const std::string& path, const std::string& name) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG) return false;
  return fail_errno(name);
}

Result<Target> split_target(const std::string& text) {
  Target target{.path = text};
  for (std::size_t end = text.size(); !TRY(is_there(target.path, target.path));) {
    if (end == 0) return fail(Errc::not_found, text + ": no such file or folder");
    end = text.find_last_of(":@", end - 1);
    if (end == std::string::npos) return fail(Errc::not_found, text + ": no such file or folder");
    target.path.resize(end);
  }
  TRY(check_leads_somewhere(target.path));
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
