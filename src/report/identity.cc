// SPDX-License-Identifier: Apache-2.0
#include "report/identity.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "lib/digest.h"
#include "model/purl.h"
#include "report/columns.h"

namespace peekr {
namespace {

constexpr std::string_view kUnreserved = "-._~";

// As Docker decides it: the first part is a host when it could be no user of Docker Hub.
bool is_host(std::string_view part) {
  return part == "localhost" || part.find('.') != std::string_view::npos ||
         part.find(':') != std::string_view::npos;
}

std::string_view last_part(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::string uri_of(std::string_view path) { return percent_encoded(path, "-._~!$&'()*+,;=@/"); }

std::string address(std::string_view text) { return percent_encoded(text, "-._~:/?#@!$&'()*+,;=%"); }

std::string page_of(std::string_view id) {
  const std::string name = percent_encoded(id, kUnreserved);
  if (id.starts_with("CVE-")) return "https://nvd.nist.gov/vuln/detail/" + name;
  if (id.starts_with("GHSA-")) return "https://github.com/advisories/" + name;
  return "https://osv.dev/vulnerability/" + name;
}

ImageName name_of(const ImageInfo& image) {
  // A layout's reference may be no more than a tag: "latest".
  const bool whole = image.tag.find_first_of(":/") != std::string::npos;
  if (!whole && image.kind != "registry") return {printable(last_part(image.name)), printable(image.tag)};
  std::string_view text = image.tag.empty() ? image.name : image.tag;
  text = text.substr(0, text.find('@'));
  const std::size_t colon = text.rfind(':');
  ImageName name;
  if (colon != std::string_view::npos && text.find('/', colon) == std::string_view::npos) {
    name.tag = printable(text.substr(colon + 1));
    text = text.substr(0, colon);
  }
  name.repository = printable(text);
  name.in_registry = text.find('/') != std::string_view::npos && is_host(cut(text, '/').first);
  return name;
}

std::string purl(const ImageInfo& image) {
  const Digest& digest = image.digest.empty() ? image.id : image.digest;
  if (digest.empty()) return {};
  const ImageName name = name_of(image);
  std::string out = "pkg:oci/" + percent_encoded(lower(last_part(name.repository)), kUnreserved) + "@" +
                    percent_encoded(digest.str(), kUnreserved);
  char separator = '?';
  const auto add = [&](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    out += separator;
    out += std::string(key) + "=" + percent_encoded(value, "-._~/");
    separator = '&';
  };
  add("arch", cut(cut(image.platform, '/').second, '/').first);
  if (name.in_registry) add("repository_url", name.repository);
  add("tag", name.tag);
  return out;
}

std::string iri_of(const ImageInfo& image) {
  const std::string url = purl(image);
  return url.empty() ? "urn:uuid:" + uuid_of(image.kind + " " + image.name) : url;
}

std::vector<std::string> package_refs(const Inventory& inventory) {
  std::map<std::string_view, std::size_t> counts;
  for (const Package& package : inventory.packages) ++counts[package.purl];
  std::vector<std::string> refs;
  std::set<std::string> taken;
  for (const Package& package : inventory.packages) {
    std::string ref = package.purl;
    if (ref.empty() || counts[package.purl] > 1) ref += "#" + percent_encoded(package.path.str(), "-._~/");
    std::string unique = ref;
    for (std::size_t n = 2; !taken.insert(unique).second; ++n) unique = ref + "#" + std::to_string(n);
    refs.push_back(unique);
  }
  return refs;
}

std::string uuid_of(std::string_view text) {
  std::string hex = hex_digest("sha256", text).substr(0, 32);
  hex[12] = '8';
  hex[16] = "89ab"[*to_number(hex.substr(16, 1), 16) & 3u];
  for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, "-");
  return hex;
}

std::string uuid_of(const Report& report, std::string_view format) {
  std::string text = std::string(format) + "\n" + report.version + "\n" + report.created + "\n" +
                     report.image.name + "\n" + report.image.digest.str() + "\n" + report.image.id.str() +
                     "\n";
  for (const Package& package : report.inventory.packages) text += package.purl + "\n";
  for (const Finding& one : report.findings.list) text += one.id + " " + std::to_string(one.package) + "\n";
  return uuid_of(text);
}

std::string installers_of(std::span<const std::size_t> packages, const Inventory& inventory) {
  std::set<std::string> all;
  for (const std::size_t i : packages) {
    if (!inventory.packages[i].owner) return {};
    const Package& owner = inventory.packages[*inventory.packages[i].owner];
    all.insert(owner.type + " package " + one_line(owner.name));
  }
  return join({all.begin(), all.end()}, ", ");
}

std::string advice_on(const Finding& finding, const Inventory& inventory) {
  return advice_on(finding, std::array{finding.package}, inventory);
}

std::string advice_on(const Finding& finding, std::span<const std::size_t> packages,
                      const Inventory& inventory) {
  std::set<std::string> names;
  for (const std::size_t i : packages) names.insert(inventory.packages[i].name);
  const std::string what = one_line(join({names.begin(), names.end()}, ", "));
  if (finding.kind == Advisory::Kind::malware) return "remove " + what + ": it is malware";
  if (!finding.fixed_in.empty()) {
    const std::string to = one_line(finding.fixed_in), installers = installers_of(packages, inventory);
    if (installers.empty()) return "upgrade " + what + " to " + to;
    return "fixed in " + what + " " + to + "; that is for its distribution to do: it was installed by " +
           installers;
  }
  if (!finding.extended_fixes.empty()) {
    const ExtendedFix& fix = finding.extended_fixes.front();
    return "no fix for all: " + one_line(fix.version) + " has it for those who have " + one_line(fix.needs);
  }
  switch (finding.standing) {
    case Standing::wont_fix: return "no fix: its publisher will not fix it";
    case Standing::deferred: return "no fix yet: its publisher has put it off";
    case Standing::end_of_life: return "no fix: the release gets no more of them; move to a later one";
    case Standing::under_investigation: return "no fix is known: its publisher has not decided yet";
    case Standing::affected:
    case Standing::not_affected: break;
  }
  return "no fix is known";
}

}  // namespace peekr
