// SPDX-License-Identifier: Apache-2.0
// A package URL (github.com/package-url/purl-spec) that somebody wrote, as the package it names. purl() of package.h
// writes them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/package.h"

namespace peekr {

// "pkg:deb/debian/libc6@2.19-18?arch=amd64&distro=debian-8&upstream=glibc"
struct NamedPackage {
  Package package;
  std::optional<Distro>
      distro;  // of a system package: its qualifier distro, else its namespace without a release
  std::map<std::string, std::string> qualifiers;  // decoded, keys in lower case
};

// Errc::usage: it is none.
Result<NamedPackage> package_of_purl(std::string_view text);

}  // namespace peekr
