// SPDX-License-Identifier: Apache-2.0
#include "policy/vex_image.h"

#include "base/text.h"

namespace peekr {
namespace {

// "team/app" of "registry.example/team/app"
bool ends_with_part(std::string_view repository, std::string_view part) {
  if (!repository.ends_with(part)) return false;
  return repository.size() == part.size() || repository[repository.size() - part.size() - 1] == '/';
}

// The repository of a package URL: repository_url is that, or where it lies, or the registry alone.
std::string repository_of(std::string_view url, const std::string& name) {
  url = url.substr(url.find("://") == std::string_view::npos ? 0 : url.find("://") + 3);
  while (url.ends_with('/')) url.remove_suffix(1);
  const bool registry = url.find('/') == std::string_view::npos;
  if (!registry && ends_with_part(image_called(url).repository, lower(name.substr(name.rfind('/') + 1))))
    return std::string(url);
  return std::string(url) + "/" + name;
}

// Of a platform such as "linux/arm64/v8", with or without the variant, or as uname(1) calls it.
bool is_arch(std::string_view wanted, std::string_view platform) {
  const std::string_view full = cut(platform, '/').second, arch = cut(full, '/').first;
  if (wanted == "x86_64") wanted = "amd64";
  if (wanted == "aarch64") wanted = "arm64";
  return wanted == arch || wanted == full;
}

// By the name that the user typed, or that the archive has for it.
bool is_called(const NamedImage& wanted, const ImageInfo& image) {
  const bool file = image.kind.ends_with("-archive") || image.kind == "oci-dir" || !has_layers(image);
  for (const std::string& known : {file ? std::string() : image.name, image.tag}) {
    if (known.empty()) continue;
    const NamedImage here = image_called(known);
    const bool same = wanted.whole ? wanted.repository == here.repository
                                   : ends_with_part(here.repository, wanted.repository);
    if (same && (wanted.tag.empty() || wanted.tag == here.tag)) return true;
  }
  return false;
}

}  // namespace

NamedImage image_called(std::string_view text) {
  NamedImage out{.whole = true};
  const auto [rest, digest] = cut(text, '@');
  out.digest = lower(digest);
  const std::size_t colon = rest.rfind(':'), slash = rest.rfind('/');
  const bool tagged = colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  if (tagged) out.tag = rest.substr(colon + 1);
  out.repository = lower(rest.substr(0, tagged ? colon : rest.size()));
  for (const std::string_view front :
       {"index.docker.io/", "registry-1.docker.io/", "docker.io/", "library/"}) {
    if (out.repository.starts_with(front)) out.repository.erase(0, front.size());
  }
  return out;
}

NamedImage image_of(const NamedPackage& named) {
  const auto qualifier = [&](const char* key) {
    const auto found = named.qualifiers.find(key);
    return found == named.qualifiers.end() ? std::string() : found->second;
  };
  const std::string url = qualifier("repository_url");
  NamedImage out = image_called(url.empty() ? named.package.name : repository_of(url, named.package.name));
  out.whole = !url.empty();
  out.arch = qualifier("arch");
  if (const std::string tag = qualifier("tag"); !tag.empty()) out.tag = tag;
  // Encoded twice as some tools write it: "sha256%253A...".
  const std::string version = percent_decoded(named.package.version);
  const bool digest = version.find(':') != std::string::npos;
  if (digest) {
    out.digest = lower(version);
  } else if (!version.empty()) {
    out.tag = version;
  }
  return out;
}

bool is_image(const NamedImage& wanted, const ImageInfo& image) {
  if (!wanted.digest.empty() && (wanted.digest == image.digest.str() || wanted.digest == image.id.str()))
    return true;
  if (!wanted.arch.empty() && !is_arch(wanted.arch, image.platform)) return false;
  return wanted.digest.empty() ? is_called(wanted, image) : lower(image.name).ends_with("@" + wanted.digest);
}

}  // namespace peekr
