// SPDX-License-Identifier: Apache-2.0
// A package URL taken apart (github.com/package-url/purl-spec): pkg:type/namespace/name@version?key=value&key=value#subpath
// purl() of package.h writes them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/package.h"

namespace peekr {

// "1.0%2Bcgr.1" -> "1.0+cgr.1"; what is no encoding stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

// All but letters, digits and what is in `plain`, which is as purl() has it.
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view plain = ".-_~:");

struct Purl {
  std::string type, space, name, version;  // space: the namespace, with its slashes
  std::map<std::string, std::string, std::less<>> qualifiers;

  [[nodiscard]] std::string qualifier(std::string_view key) const;  // empty: none
};

// Whether it begins as one: "pkg:", which may be written in capitals.
[[nodiscard]] bool is_purl(std::string_view text);
// The same text with the scheme as it is usually written.
[[nodiscard]] std::string with_scheme(std::string_view purl);
// The same with the qualifier, which it must not have.
[[nodiscard]] std::string with_qualifier(std::string_view purl, std::string_view key, std::string_view value);
// Percent-encoding is undone. Nothing: it is none.
[[nodiscard]] std::optional<Purl> parse_purl(std::string_view text);

// The package that it names: "pkg:deb/debian/libc6@2.19-18?arch=amd64&upstream=glibc".
// Without `upstream` nothing says what a system package is built from: its own name is a guess, marked by a source_version that is empty.
[[nodiscard]] Package package_of(const Purl& purl);
// The distribution of a system package: its qualifier distro, else its namespace without a release.
[[nodiscard]] std::optional<Distro> distro_of(const Purl& purl);

// All of that of a package URL that somebody wrote.
struct NamedPackage {
  Package package;
  std::optional<Distro> distro;
  std::map<std::string, std::string, std::less<>> qualifiers;
};

// Errc::usage: it is none.
Result<NamedPackage> package_of_purl(std::string_view text);

}  // namespace peekr
