// SPDX-License-Identifier: Apache-2.0
#include "policy/vendored.h"

#include <algorithm>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::string_view kVendor = "/_vendor/", kPackages = "-packages/";

// As a folder of modules is called: "flask_login" of "Flask-Login".
std::string module_of(std::string_view name) {
  std::string module = lower(name);
  std::ranges::replace_if(module, [](char c) { return c == '-' || c == '.'; }, '_');
  return module;
}

}  // namespace

Vendored::Vendored(const std::vector<Package>& packages) {
  for (const Package& one : packages) {
    const std::string_view folder = one.path.folder();
    if (one.type != "pypi" || !(folder.ends_with(".dist-info") || folder.ends_with(".egg-info"))) continue;
    const std::size_t slash = folder.rfind('/');
    if (slash == std::string_view::npos) continue;
    names_.try_emplace(std::string(folder.substr(0, slash + 1)) + module_of(one.name),
                       one.name + " " + one.version);
  }
}

std::string_view Vendored::home_of(const Package& package) {
  const std::string_view path = package.path.str();
  if (package.type != "pypi" || package.declared) return {};
  const std::size_t inner = path.rfind(kPackages);
  const std::size_t at = path.find(kVendor, inner == std::string_view::npos ? 0 : inner);
  return at == std::string_view::npos ? std::string_view() : path.substr(0, at);
}

std::string Vendored::obstacle(const Package& package) const {
  const std::string_view home = home_of(package);
  if (home.empty()) return {};
  const std::size_t slash = home.rfind('/');
  const std::size_t name = slash == std::string_view::npos ? 0 : slash + 1;
  const auto owner = names_.find(std::string(home.substr(0, name)) + module_of(home.substr(name)));
  return "bundled in " + (owner == names_.end() ? "/" + std::string(home) : owner->second) +
         ": only another version of that can change it";
}

}  // namespace peekr
