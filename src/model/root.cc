// SPDX-License-Identifier: Apache-2.0
#include "model/root.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/text.h"
#include "model/end_of_life.h"
#include "model/purl.h"
#include "model/release.h"

namespace peekr {
namespace {

// What stands in front of these last parts of a path: "" of "usr" in "usr", "opt/r" in "opt/r/usr". Nothing: it has other ones.
std::optional<std::string_view> in_front_of(std::string_view end, std::string_view path) {
  if (!path.ends_with(end)) return std::nullopt;
  path.remove_suffix(end.size());
  if (path.empty()) return path;
  return path.ends_with('/') ? std::optional(path.substr(0, path.size() - 1)) : std::nullopt;
}

// Whether "distro=debian-12" stands in a package URL, as nearly all of a document have it: then it need not be taken apart.
bool names(std::string_view purl, const Distro& distro) {
  constexpr std::string_view kKey = "distro=";
  const std::size_t query = purl.find('?');
  const std::size_t at = query == std::string_view::npos ? query : purl.find(kKey, query);
  if (at == std::string_view::npos || (purl[at - 1] != '?' && purl[at - 1] != '&')) return false;
  purl.remove_prefix(at + kKey.size());
  const std::string_view value = purl.substr(0, purl.find_first_of("&#")), number = distro.version_id;
  const std::size_t dash = value.rfind('-');
  return dash != std::string_view::npos && value.substr(0, dash) == distro.id && !number.empty() &&
         is_digit(number.front()) && value.substr(dash + 1) == number;
}

// Wheels leave the release out: "8" of "1.0.0-8.el8_9", "12" of "1.2.4-0.2+deb12u1".
std::string release_in(std::string_view version) {
  for (const std::string_view mark : {".el", "+deb", "~deb"}) {
    if (std::string number = number_behind(version, mark); !number.empty()) return number;
  }
  return {};
}

Distro epel_for(const Distro& of) {
  const std::string major(of.id == "amzn" ? "7" : cut(of.version_id, '.').first);
  return {
      .id = "epel", .version_id = major, .name = major.empty() ? "EPEL" : "EPEL " + major, .path = of.path};
}

}  // namespace

std::string_view root_above(std::string_view database) {
  constexpr std::array<std::string_view, 7> kTops = {"var/lib/", "var/db/",   "usr/lib/", "usr/share/",
                                                     "lib/apk/", "lib/dpkg/", "lib/opkg/"};
  const auto is_below_top = [&](std::size_t slash) {
    const std::string_view rest = database.substr(slash + 1);
    return std::ranges::any_of(kTops, [&](std::string_view top) { return rest.starts_with(top); });
  };
  std::size_t end = database.size();
  do {
    end = end == 0 ? std::string_view::npos : database.rfind('/', end - 1);
  } while (end != std::string_view::npos && !is_below_top(end));
  std::string_view root = database.substr(0, end == std::string_view::npos ? 0 : end);
  for (const std::string_view part : {"usr", "var"}) root = in_front_of(part, root).value_or(root);
  return root;
}

std::string_view root_of_release(std::string_view release_file) {
  const std::size_t slash = release_file.rfind('/');
  const std::string_view folder = release_file.substr(0, slash == std::string_view::npos ? 0 : slash);
  for (const std::string_view end : {"etc", "usr/lib"}) {
    if (const auto root = in_front_of(end, folder)) return *root;
  }
  return {};
}

bool is_bundled(const Package& package) {
  return package.claimed && package.path.folder().ends_with(".dist-info/sboms");
}

std::string_view root_of(const Package& package) {
  if (is_bundled(package) && is_of_system({.type = package.type})) return package.path.folder();
  return is_of_system(package) ? root_above(package.path.str()) : std::string_view();
}

std::string number_behind(std::string_view version, std::string_view mark) {
  const std::size_t at = version.rfind(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = version.substr(at + mark.size());
  return std::string(rest.begin(), std::ranges::find_if_not(rest, is_digit));
}

std::optional<Distro> other_distro(const Package& package, const std::optional<Distro>& own) {
  if (own && names(package.purl, *own)) return std::nullopt;
  const std::string_view root = root_of(package);
  const bool of_document = own && own->path.str().empty();  // no file of an image says it
  if (root.empty() && !of_document) return std::nullopt;
  const std::optional<Purl> purl = parse_purl(package.purl);
  std::optional<Distro> distro = purl ? distro_of(*purl) : std::nullopt;
  if (!distro || (own && is_same_release(*own, *distro))) return std::nullopt;
  if (root.empty()) return says_release(*distro) ? distro : std::nullopt;
  distro->path = Path(root);
  if (distro->version_id.empty() && distro->codename.empty())
    distro->version_id = release_in(package.version);
  return distro;
}

bool has_epel(const Distro& distro) {
  constexpr std::array<std::string_view, 5> kRebuilds = {"almalinux", "centos", "ol", "rhel", "rocky"};
  const bool is_amazon_2 = distro.id == "amzn" && cut(distro.version_id, '.').first == "2";
  return is_amazon_2 || std::ranges::find(kRebuilds, distro.id) != kRebuilds.end();
}

std::optional<Distro> judged_as_of(const Package& package, const std::optional<Distro>& own) {
  std::optional<Distro> other = other_distro(package, own);
  const std::optional<Distro>& of = other ? other : own;
  const bool is_fedoras = package.type == "rpm" && package.vendor == "Fedora Project";
  return is_fedoras && of && has_epel(*of) ? std::optional(epel_for(*of)) : other;
}

std::optional<Distro> possible_epel(const Package& package, const std::optional<Distro>& own) {
  if (package.type != "rpm" || number_behind(package.version, ".el").empty()) return std::nullopt;
  const std::optional<Distro> other = other_distro(package, own), &of = other ? other : own;
  if (!of || !has_epel(*of)) return std::nullopt;
  const bool is_unsaid = package.vendor.empty() && of->path.empty() && !package.claimed;
  const bool is_rebuilt =
      of->id == "almalinux" && package.vendor.starts_with("AlmaLinux") && package.arch == "x86_64_v2";
  return is_unsaid || is_rebuilt ? std::optional(epel_for(*of)) : std::nullopt;
}

}  // namespace peekr
