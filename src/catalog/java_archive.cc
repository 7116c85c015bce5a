// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_archive.h"

#include <algorithm>
#include <span>
#include <string>

#include "base/text.h"
#include "catalog/pattern.h"

namespace peekr {
namespace {

constexpr auto kEndings =
    std::to_array<std::string_view>({".aar", ".ear", ".far", ".hpi", ".jar", ".jmod", ".jpi", ".kar", ".lpkg",
                                     ".nar", ".par", ".rar", ".sar", ".war", ".zap"});

std::string ending_of(std::string_view name) {
  return lower(name.substr(name.size() - std::min<std::size_t>(name.size(), 8)));
}

}  // namespace

bool is_archive(std::string_view name) {
  const std::string small = ending_of(name);
  return std::ranges::any_of(kEndings, [&](std::string_view ending) { return small.ends_with(ending); });
}

bool is_zip(std::string_view name) { return ending_of(name).ends_with(".zip"); }

bool is_surely_archive(std::string_view name, std::string_view bytes) {
  return is_archive(name) || std::ranges::any_of(std::span(kJavaMagics).first(kSureJavaMagics),
                                                 [&](const Magic& magic) { return matches(magic, bytes); });
}

bool is_of_java(std::string_view member) {
  return member == "META-INF/MANIFEST.MF" || member.ends_with(".class") ||
         member.ends_with("pom.properties") || member.ends_with("pom.xml") || is_archive(member);
}

}  // namespace peekr
