// SPDX-License-Identifier: Apache-2.0
// The parts are cut off as the specification says: from the right subpath and qualifiers, from the left scheme and type,
// then the version behind the last "@" of what is left; each is percent-decoded for itself. A "/" with nothing before or behind it
// says nothing. Many write the scope of an npm
// package as it is: an "@" that begins a part of the path is no version's.
#include "model/purl.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "model/end_of_life.h"
#include "model/release.h"

namespace peekr {
namespace {

constexpr std::string_view kScheme = "pkg:";

bool of_system(std::string_view type) {
  return type == "deb" || type == "apk" || type == "rpm" || type == "alpm";
}

std::string_view without_epoch(std::string_view version) {
  const auto [epoch, rest] = cut(version, ':');
  return to_number(epoch) && !rest.empty() ? rest : version;
}

// "glibc", "glibc@2.19", rpm: "glibc-2.17-1.src.rpm"
void set_source(Package& package, std::string_view upstream) {
  package.source = upstream.empty() ? package.name : std::string(cut(upstream, '@').first);
  if (upstream.empty()) return;  // its version stays unknown
  package.source_version = cut(upstream, '@').second;
  if (package.source_version.empty()) package.source_version = package.version;
  if (package.type != "rpm") return;
  package.source_version = std::string(without_epoch(package.source_version));
  if (!upstream.ends_with(".src.rpm")) return;
  upstream.remove_suffix(std::string_view(".src.rpm").size());
  const std::size_t release = upstream.rfind('-');
  const std::size_t version = release == 0 ? release : upstream.rfind('-', release - 1);
  if (release == std::string_view::npos || version == std::string_view::npos) return;
  package.source = upstream.substr(0, version);
  package.source_version = upstream.substr(version + 1);
}

// As Red Hat and Syft have it, and as Trivy has it.
std::string module_of(const Purl& purl) {
  std::string label = purl.qualifier("rpmmod");
  if (label.empty()) label = purl.qualifier("modularitylabel");
  return label.contains(':') ? label : std::string();
}

// A release that goes by a name: "bookworm", "sid", "trixie/sid", "edge". Nothing: it is not known to be one. Syft writes behind the
// ID what os-release has as BUILD_ID: "arch-rolling".
std::optional<Distro> named_release(std::string_view id, std::string_view word) {
  if (id == "opensuse" && word == "tumbleweed") return Distro{.id = "opensuse-tumbleweed"};
  if (is_rolling({.id = std::string(id)}))
    return word == "rolling" ? std::optional(Distro{.id = std::string(id)}) : std::nullopt;
  Distro distro{.id = std::string(id),
                .version_id = std::string(release_of_codename(id, word)),
                .codename = std::string(word)};
  const bool is_rawhide = id == "fedora" && word == "rawhide";  // which release it will be is said by builds
  return is_rawhide || says_release(distro) ? std::optional(std::move(distro)) : std::nullopt;
}

// "debian-12", "sles-15.5", "opensuse-leap-15.5": what stands behind the last "-", if it begins with a digit or is a name. Alone
// it is of the namespace: "3.18.4", "bookworm". Alpine writes "v3.18".
Distro distro_in(const std::string& name_space, std::string_view qualifier) {
  const std::size_t dash = qualifier.rfind('-');
  const bool whole = dash == std::string_view::npos;
  std::string_view word = whole ? qualifier : qualifier.substr(dash + 1);
  if (word.size() > 1 && word[0] == 'v' && is_digit(word[1])) word.remove_prefix(1);
  const std::string id(whole ? std::string_view(name_space) : qualifier.substr(0, dash));
  if (!word.empty() && is_digit(word.front())) return {.id = id, .version_id = std::string(word)};
  if (!name_space.empty() && !qualifier.starts_with(name_space)) {
    return named_release(name_space, qualifier)
        .value_or(Distro{.id = name_space, .codename = std::string(qualifier)});
  }
  return named_release(id, word).value_or(Distro{.id = std::string(qualifier)});
}

// "openEuler-22.03-LTS-SP2", or the release alone. Empty: it is of another distribution.
std::string_view open_euler_release(std::string_view name_space, std::string_view qualifier) {
  constexpr std::string_view kId = "openeuler";
  if (equal_ignoring_case(qualifier.substr(0, kId.size()), kId) &&
      qualifier.substr(kId.size()).starts_with('-'))
    qualifier.remove_prefix(kId.size() + 1);
  else if (name_space != kId)
    return {};
  return !qualifier.empty() && is_digit(qualifier.front()) ? qualifier : std::string_view();
}

std::string_view without_slashes(std::string_view text) {
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

// "golang.org/x"
std::string namespace_in(std::string_view path) {
  std::string out;
  for (const std::string_view part : split(path, '/')) {
    if (!part.empty()) out.append(out.empty() ? "" : "/").append(percent_decoded(part));
  }
  return out;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte =
        text[i] == '%' && i + 2 < text.size() ? to_number(text.substr(i + 1, 2), 16) : std::nullopt;
    out += byte ? static_cast<char>(*byte) : text[i];
    if (byte) i += 2;
  }
  return out;
}

std::string percent_encoded(std::string_view text, std::string_view plain) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_digit(c) || is_alpha(c) || plain.contains(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15u]};
    }
  }
  return out;
}

std::string Purl::qualifier(std::string_view key) const {
  const auto found = qualifiers.find(key);
  return found == qualifiers.end() ? std::string() : found->second;
}

bool is_purl(std::string_view text) { return equal_ignoring_case(text.substr(0, kScheme.size()), kScheme); }

std::string with_scheme(std::string_view purl) {
  return std::string(kScheme).append(purl.substr(kScheme.size()));
}

std::string with_qualifier(std::string_view purl, std::string_view key, std::string_view value) {
  const std::size_t end = std::min(purl.find('#'), purl.size());
  std::string out(purl.substr(0, end));
  out += out.contains('?') ? '&' : '?';
  return out.append(key).append("=").append(percent_encoded(value)).append(purl.substr(end));
}

std::optional<Purl> parse_purl(std::string_view text) {
  if (!is_purl(text)) return std::nullopt;
  text = text.substr(0, text.find('#')).substr(kScheme.size());
  Purl purl;
  const auto [path, query] = cut(text, '?');
  for (const std::string_view pair : split(query, '&')) {
    const auto [key, value] = cut(pair, '=');
    if (!key.empty()) purl.qualifiers.emplace(lower(key), percent_decoded(value));
  }
  const auto [type, behind] = cut(without_slashes(path), '/');
  const std::string_view rest = without_slashes(behind);
  const std::size_t at = rest.rfind('@');
  const bool versioned = at != std::string_view::npos && at > 0 && rest[at - 1] != '/';
  const std::string_view names = versioned ? rest.substr(0, at) : rest;
  if (versioned) purl.version = percent_decoded(rest.substr(at + 1));
  const std::size_t slash = names.rfind('/');
  purl.type = lower(type);
  if (slash != std::string_view::npos) purl.space = namespace_in(names.substr(0, slash));
  purl.name = percent_decoded(slash == std::string_view::npos ? names : names.substr(slash + 1));
  if (purl.type.empty() || purl.name.empty()) return std::nullopt;
  return purl;
}

// purl-types: names of Debian's and Arch's packages are in lower case. Those of apk would be, too, but Alpine has one named "R".
// What cyclonedx-gomod calls Go's standard library is "std", the name of its module.
Package package_of(const Purl& purl) {
  const bool lowered = purl.type == "deb" || purl.type == "alpm";
  Package package{.type = purl.type, .name = lowered ? lower(purl.name) : purl.name, .version = purl.version};
  if (of_system(purl.type)) {
    package.arch = purl.qualifier("arch");
    const std::optional<std::uint64_t> epoch = to_number(purl.qualifier("epoch"));
    if (epoch && *epoch <= UINT32_MAX) package.epoch = static_cast<std::uint32_t>(*epoch);
    set_source(package, purl.qualifier("upstream"));
    if (purl.type == "rpm") package.modularity = module_of(purl);
    const bool is_epels = purl.type == "rpm" && lower(purl.space) == "fedora" && purl.version.contains(".el");
    if (is_epels) package.vendor = "Fedora Project";
  } else if (!purl.space.empty()) {  // an ebuild's is its category
    package.name = purl.space + (purl.type == "maven" ? ":" : "/") + purl.name;
    constexpr std::string_view kGit = ".git";  // which is of its address, not of its name
    if (purl.type == "swift" && purl.name.ends_with(kGit))
      package.name.resize(package.name.size() - kGit.size());
  } else if (purl.type == "golang" && purl.name == "std") {
    package.name = "stdlib";
  }
  return package;
}

// "amazon-2023.3 (Amazon Linux)": what stands in parentheses is for people.
std::optional<Distro> distro_of(const Purl& purl) {
  if (!of_system(purl.type)) return std::nullopt;
  const std::string name_space = lower(purl.space), said = purl.qualifier("distro"),
                    os = purl.qualifier("os_name");
  if (const std::string_view release = open_euler_release(name_space, said); !release.empty())
    return open_euler(release);
  const std::string_view qualifier = trim(cut(said, '(').first);
  Distro distro{.id = name_space};
  if (!qualifier.empty()) {
    distro = distro_in(name_space, qualifier);
  } else if (!os.empty()) {  // Docker Scout's
    distro = {.id = os, .version_id = purl.qualifier("os_version")};
  }
  distro.id = os_release_id(lower(distro.id));
  if (distro.id.empty()) return std::nullopt;
  return distro;
}

Result<NamedPackage> package_of_purl(std::string_view text) {
  std::optional<Purl> purl = parse_purl(text);
  if (!purl) return fail(Errc::usage, printable(text) + ": not a package URL: want pkg:TYPE/NAME");
  NamedPackage named{.package = package_of(*purl), .distro = distro_of(*purl)};
  named.qualifiers = std::move(purl->qualifiers);
  return named;
}

}  // namespace peekr
