// SPDX-License-Identifier: Apache-2.0
#include "feed/purl.h"

#include "base/text.h"

namespace peekr {
namespace {

// "1.0%2Bcgr.1" -> "1.0+cgr.1"; what is no encoding stays.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view digits = text.substr(i + 1 <= text.size() ? i + 1 : i, 2);
    const std::optional<std::uint64_t> byte = digits.size() == 2 ? to_number(digits, 16) : std::nullopt;
    if (text[i] == '%' && byte) {
      out += static_cast<char>(*byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::string Purl::qualifier(std::string_view key) const {
  const auto found = qualifiers.find(key);
  return found == qualifiers.end() ? std::string() : found->second;
}

std::optional<Purl> parse_purl(std::string_view text) {
  constexpr std::string_view kScheme = "pkg:";
  if (!text.starts_with(kScheme)) return std::nullopt;
  text = text.substr(kScheme.size(), text.find('#') - kScheme.size());
  Purl purl;
  const auto [path, query] = cut(text, '?');
  for (const std::string_view pair : split(query, '&')) {
    const auto [key, value] = cut(pair, '=');
    if (!key.empty()) purl.qualifiers.emplace(lower(key), decoded(value));
  }
  const auto [type, rest] = cut(path, '/');
  const std::size_t at = rest.rfind('@');
  const std::string_view names = rest.substr(0, at == 0 ? std::string_view::npos : at);
  if (names.size() < rest.size()) purl.version = decoded(rest.substr(names.size() + 1));
  const std::size_t slash = names.rfind('/');
  purl.type = lower(type);
  if (slash != std::string_view::npos) purl.space = decoded(names.substr(0, slash));
  purl.name = decoded(slash == std::string_view::npos ? names : names.substr(slash + 1));
  if (purl.type.empty() || purl.name.empty()) return std::nullopt;
  return purl;
}

}  // namespace peekr
