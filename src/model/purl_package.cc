// SPDX-License-Identifier: Apache-2.0
// The parts are cut off as the specification says: from the right subpath and qualifiers, from the left scheme and type,
// then the version behind the last "@" of what is left; each is percent-decoded for itself.
#include "model/purl_package.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace peekr {
namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte =
        text[i] == '%' && i + 2 < text.size() ? to_number(text.substr(i + 1, 2), 16) : std::nullopt;
    out += byte ? static_cast<char>(*byte) : text[i];
    if (byte) i += 2;
  }
  return out;
}

std::map<std::string, std::string> qualifiers_of(std::string_view text) {
  std::map<std::string, std::string> out;
  for (const std::string_view one : split(text, '&')) {
    const auto [key, value] = cut(one, '=');
    if (!key.empty()) out.emplace(lower(key), decoded(value));
  }
  return out;
}

bool of_system(std::string_view type) {
  return type == "deb" || type == "apk" || type == "rpm" || type == "alpm";
}

// "debian-12", "sles-15.5", "opensuse-leap-15.5": what stands behind the last "-", if it begins with a digit.
Distro distro_of(const std::string& name_space, const std::string& qualifier) {
  Distro distro{.id = qualifier.empty() ? name_space : qualifier};
  const std::size_t dash = qualifier.rfind('-');
  const bool release =
      dash != std::string::npos && dash + 1 < qualifier.size() && is_digit(qualifier[dash + 1]);
  if (release) {
    distro.id = qualifier.substr(0, dash);
    distro.version_id = qualifier.substr(dash + 1);
  } else if (!qualifier.empty() && !name_space.empty() && !qualifier.starts_with(name_space)) {
    distro.id = name_space;  // "distro=bookworm"
    distro.codename = qualifier;
  }
  if (distro.id == "redhat") distro.id = "rhel";
  if (distro.id == "opensuse") distro.id = "opensuse-leap";
  return distro;
}

// "glibc", "glibc@2.19", rpm: "glibc-2.17-1.src.rpm"
void set_source(Package& package, std::string_view upstream) {
  package.source = upstream.empty() ? package.name : std::string(cut(upstream, '@').first);
  package.source_version = cut(upstream, '@').second;
  if (package.source_version.empty()) package.source_version = package.version;
  if (package.type != "rpm" || !upstream.ends_with(".src.rpm")) return;
  upstream.remove_suffix(std::string_view(".src.rpm").size());
  const std::size_t release = upstream.rfind('-');
  const std::size_t version = release == 0 ? release : upstream.rfind('-', release - 1);
  if (release == std::string_view::npos || version == std::string_view::npos) return;
  package.source = upstream.substr(0, version);
  package.source_version = upstream.substr(version + 1);
}

}  // namespace

Result<NamedPackage> package_of_purl(std::string_view text) {
  const std::string shown = printable(text);
  if (!text.starts_with("pkg:")) return fail(Errc::usage, shown + ": not a package URL: want pkg:TYPE/NAME");
  text = text.substr(0, text.find('#')).substr(4);
  while (text.starts_with('/')) text.remove_prefix(1);
  const auto [path, query] = cut(text, '?');
  std::map<std::string, std::string> qualifiers = qualifiers_of(query);
  const auto [type, rest] = cut(path, '/');
  const std::size_t slash = rest.rfind('/'), at = rest.rfind('@');
  const bool versioned =
      at != std::string_view::npos && at > 0 && (slash == std::string_view::npos || at > slash);
  const std::string_view names = versioned ? rest.substr(0, at) : rest;
  if (type.empty() || names.empty())
    return fail(Errc::usage, shown + ": not a package URL: want pkg:TYPE/NAME");
  NamedPackage out;
  Package& package = out.package;
  package.type = lower(type);
  if (versioned) package.version = decoded(rest.substr(at + 1));
  const std::size_t last = names.rfind('/');
  const std::string name_space = last == std::string_view::npos ? "" : decoded(names.substr(0, last));
  const std::string name = decoded(last == std::string_view::npos ? names : names.substr(last + 1));
  if (of_system(package.type)) {
    package.name = name;
    package.arch = qualifiers["arch"];
    if (const auto epoch = to_number(qualifiers["epoch"])) package.epoch = static_cast<std::uint32_t>(*epoch);
    set_source(package, qualifiers["upstream"]);
    out.distro = distro_of(lower(name_space), qualifiers["distro"]);
    if (out.distro->id.empty()) out.distro.reset();
  } else {
    const char separator = package.type == "maven" ? ':' : '/';
    package.name = name_space.empty() ? name : name_space + separator + name;
  }
  out.qualifiers = std::move(qualifiers);
  return out;
}

}  // namespace peekr
