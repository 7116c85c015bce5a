// SPDX-License-Identifier: Apache-2.0
#include "source/reference.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::size_t kLongest = 255, kLongestTag = 128;  // bytes: repository with its host, tag

bool is_lower(char c) { return (c >= 'a' && c <= 'z') || is_digit(c); }

// Lower-case letters and digits, between them ".", "_", "__" or any number of "-".
bool is_component(std::string_view text) {
  if (text.empty() || !is_lower(text.front()) || !is_lower(text.back())) return false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of("._-", i), text.size());
    const std::string_view between = text.substr(i, end - i);
    const bool fine = between.empty() || between == "." || between == "_" || between == "__" ||
                      between.find_first_not_of('-') == std::string_view::npos;
    if (!fine) return false;
    i = end;
    while (i < text.size() && is_lower(text[i])) ++i;
    if (i == end) return false;
  }
  return true;
}

bool is_tag(std::string_view text) {
  const auto inside = [](char c) { return is_alpha(c) || is_digit(c) || c == '_' || c == '.' || c == '-'; };
  return !text.empty() && text.size() <= kLongestTag && text.front() != '.' && text.front() != '-' &&
         std::ranges::all_of(text, inside);
}

// Only what has a dot, a port or upper case, or is "localhost", is a host: "myorg/app" is on Docker Hub.
bool is_host(std::string_view text) {
  return text == "localhost" || text.find_first_of(".:") != std::string_view::npos || lower(text) != text;
}

// "name", "name:port", "[::1]:port"
bool is_valid_host(std::string_view text) {
  std::string_view name = text;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    name = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (name.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
  } else {
    name = text.substr(0, text.find(':'));
    text.remove_prefix(name.size());
    const auto inside = [](char c) { return is_alpha(c) || is_digit(c) || c == '.' || c == '-'; };
    if (!std::ranges::all_of(name, inside) || name.find("..") != std::string_view::npos) return false;
    if (name.empty() || !(is_alpha(name.front()) || is_digit(name.front()))) return false;  // "./x" is a path
  }
  if (name.empty() || text.empty()) return !name.empty();
  const std::optional<std::uint64_t> port = text.front() == ':' ? to_number(text.substr(1)) : std::nullopt;
  return port && *port > 0 && *port < 65536;
}

std::unexpected<Error> invalid(std::string_view text, const std::string& why) {
  return fail(Errc::usage, printable(text) + ": no image reference: " + why);
}

}  // namespace

std::string ImageReference::str() const {
  return host + "/" + repository + (tag.empty() ? "" : ":" + tag) +
         (digest.empty() ? "" : "@" + digest.str());
}

Result<ImageReference> parse_reference(std::string_view text) {
  ImageReference found;
  std::string_view rest = text;
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
    const Result<Digest> digest = Digest::parse(rest.substr(at + 1));
    if (!digest) return invalid(text, digest.error().message);
    found.digest = *digest;
    rest = rest.substr(0, at);
  }
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos && rest.find('/', colon) == std::string_view::npos) {
    found.tag = rest.substr(colon + 1);
    if (!is_tag(found.tag)) return invalid(text, "a tag has letters, digits, '_', '.' and '-', 128 at most");
    rest = rest.substr(0, colon);
  }
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos && is_host(rest.substr(0, slash))) {
    found.host = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
    if (!is_valid_host(found.host)) return invalid(text, printable(found.host) + " is no host");
  }
  found.names_host = !found.host.empty();
  if (found.host.empty() || found.host == "index.docker.io") found.host = "docker.io";
  if (rest.empty()) return invalid(text, "no name");
  if (lower(rest) != rest) return invalid(text, "a repository is written in lower case");
  for (const std::string_view part : split(rest, '/')) {
    if (!is_component(part)) {
      return invalid(text,
                     "a part of a repository has lower-case letters and digits, and '.', '_' or '-' between");
    }
  }
  const bool official = found.host == "docker.io" && rest.find('/') == std::string_view::npos;
  found.repository = (official ? "library/" : "") + std::string(rest);
  if (found.host.size() + found.repository.size() > kLongest) return invalid(text, "longer than 255 bytes");
  if (found.tag.empty() && found.digest.empty()) found.tag = "latest";
  return found;
}

}  // namespace peekr
