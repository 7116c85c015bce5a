// SPDX-License-Identifier: Apache-2.0
// Package URLs: pkg:type/namespace/name@version?qualifiers, percent-encoded as purl-spec says, qualifiers sorted by key.
#include "model/package.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "model/purl.h"
#include "model/release.h"

namespace peekr {
namespace {

bool is_like(const Distro& distro, std::string_view id) {
  return distro.id == id || std::ranges::find(distro.id_like, id) != distro.id_like.end();
}

// deb: debian or ubuntu for their derivatives; rpm: redhat and opensuse as purl-types.rst writes them.
std::string name_space(std::string_view type, const Distro& distro) {
  if (type == "deb" && distro.id != "debian" && is_like(distro, "ubuntu")) return "ubuntu";
  if (type == "deb" && is_like(distro, "debian")) return "debian";
  if (type == "rpm" && distro.id == "rhel") return "redhat";
  if (type == "rpm" && distro.id.starts_with("opensuse")) return "opensuse";
  return distro.id;
}

std::string upstream(const Package& package) {
  if (package.source.empty()) return {};
  if (package.type == "rpm") {
    if (package.source_version.empty()) return package.source;
    return package.source + "-" + package.source_version + ".src.rpm";
  }
  const bool other_version = !package.source_version.empty() && package.source_version != package.version;
  if (package.source == package.name && !other_version) return {};
  return package.source + (other_version ? "@" + package.source_version : "");
}

// "@scope/name", "group:artifact", "example.com/a/b": what stands before the last separator is the namespace. PyPI and
// Packagist names have one spelling there, NuGet's keep theirs. Of "pod/part" of CocoaPods the part is a subpath.
std::string path_of(const Package& package) {
  std::string name = package.type == "cocoapods" ? std::string(cut(package.name, '/').first) : package.name;
  if (package.type == "pear") name = package.vendor + "/" + name;  // its channel
  if (package.type == "pypi" || package.type == "composer") name = lower(name);
  if (package.type == "pypi") std::ranges::replace(name, '_', '-');
  if (package.type == "maven") std::ranges::replace(name, ':', '/');
  std::string out;
  for (const std::string_view part : split(name, '/'))
    out += (out.empty() ? "" : "/") + percent_encoded(part);
  return out;
}

// The types whose names mean the same in any case: as purl-types has it, and NuGet's and RPM's. Not npm's, whatever purl-types says:
// of the old ones "JSONStream" is one package, "jsonstream" another.
constexpr std::array<std::string_view, 15> kCaseless = {"alpm",  "apk",    "bitbucket", "bitnami", "composer",
                                                        "deb",   "github", "golang",    "hex",     "luarocks",
                                                        "nuget", "oci",    "otp",       "pub",     "rpm"};

}  // namespace

bool is_of_system(const Package& package) {
  if (package.by_content || package.claimed) return false;  // it owns nothing
  constexpr std::array<std::string_view, 7> kTypes = {"alpm", "apk", "cos", "deb", "ebuild", "opkg", "rpm"};
  return std::ranges::find(kTypes, package.type) != kTypes.end();
}

std::string pypi_name(std::string_view name) {
  std::string out;
  for (const char c : lower(name)) {
    const bool separator = c == '-' || c == '_' || c == '.';
    if (!separator) {
      out += c;
    } else if (!out.ends_with('-')) {
      out += '-';
    }
  }
  return out;
}

std::string comparable_name(std::string_view type, std::string_view name) {
  if (type == "pypi") return pypi_name(name);
  return std::ranges::find(kCaseless, type) != kCaseless.end() ? lower(name) : std::string(name);
}

std::string full_version(const Package& package) {
  return package.epoch ? std::to_string(*package.epoch) + ":" + package.version : package.version;
}

std::string cpe_name(std::string_view vendor, std::string_view product, std::string_view version) {
  std::string out = "cpe:2.3:a";
  for (const std::string_view part : {vendor, product, version}) {
    out += ':';
    for (const char c : part) {
      if (!is_digit(c) && !is_alpha(c) && c != '.' && c != '-' && c != '_') out += '\\';
      out += c;
    }
  }
  return out + ":*:*:*:*:*:*:*";
}

std::string purl(const Package& package, const std::optional<Distro>& distro) {
  const bool of_system =
      package.type == "deb" || package.type == "apk" || package.type == "rpm" || package.type == "alpm";
  std::map<std::string, std::string> qualifiers;
  // What has no type of its own there.
  const bool generic = package.type.starts_with("linux-kernel");
  std::string out = "pkg:" + (generic ? "generic" : package.type) + "/";
  if (of_system && distro && !distro->id.empty()) {
    out += percent_encoded(name_space(package.type, *distro)) + "/";
    qualifiers["distro"] = distro->id + (distro->version_id.empty() ? "" : "-" + full_release(*distro));
  }
  out += of_system ? percent_encoded(package.name) : path_of(package);
  if (!package.version.empty()) out += "@" + percent_encoded(package.version);
  // Programs in Go and Rust are of one, but their modules and crates are not.
  const bool of_any = package.type == "golang" || package.type == "cargo";
  if (!package.arch.empty() && !of_any) qualifiers["arch"] = package.arch;
  if (package.epoch) qualifiers["epoch"] = std::to_string(*package.epoch);
  if (const std::string from = upstream(package); of_system && !from.empty()) {
    qualifiers["upstream"] = from;
  }
  // As Red Hat and Syft have it: purl-types knows none for the module.
  if (package.type == "rpm" && !package.modularity.empty()) qualifiers["rpmmod"] = package.modularity;
  char separator = '?';
  for (const auto& [key, value] : qualifiers) {
    out += separator + key + "=" + percent_encoded(value);
    separator = '&';
  }
  if (package.type == "cocoapods")
    if (const std::string_view part = cut(package.name, '/').second; !part.empty())
      out += "#" + percent_encoded(part);
  return out;
}

}  // namespace peekr
