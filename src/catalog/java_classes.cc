// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_classes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

constexpr auto kFaulty = std::to_array<FaultyClass>({
    // CVE-2021-44228, CVE-2021-45046
    {"net/JndiManager.class", "lookup/JndiLookup.class", "", "JndiEnabled|enableJndi|allowedJndiProtocols",
     "org.apache.logging.log4j", "log4j-core", "2.14.1"},
    // The same, up to 2.0.2: it asks JNDI itself.
    {"lookup/JndiLookup.class", "", "net/JndiManager.class", "!javax/naming/", "org.apache.logging.log4j",
     "log4j-core", "2.0.2"},
    // CVE-2022-42889
    {"lookup/StringLookupFactory.class", "lookup/ScriptStringLookup.class", "", "defaultStringLookups",
     "org.apache.commons", "commons-text", "1.9"},
    // CVE-2015-7501 and others: deserialised, it calls any method. Those of 4 are generic, which is an attribute of theirs.
    {"functors/InvokerTransformer.class", "functors/ChainedTransformer.class", "",
     "checkUnsafeSerialization|Signature", "commons-collections", "commons-collections", "3.2.1"},
    {"functors/InvokerTransformer.class", "functors/ChainedTransformer.class", "",
     "!java/io/Serializable|!Signature", "org.apache.commons", "commons-collections4", "4.0"},
    // CVE-2022-22965
    {"CachedIntrospectionResults.class", "BeanWrapperImpl.class", "", "java/security/ProtectionDomain",
     "org.springframework", "spring-beans", "5.3.17"},
});

// "x/core/" of "x/core/net/JndiManager.class".
std::optional<std::string_view> folder_of(std::string_view path, std::string_view name) {
  if (!path.ends_with(name)) return std::nullopt;
  path.remove_suffix(name.size());
  return path.empty() || path.ends_with('/') ? std::optional(path) : std::nullopt;
}

template <class Has>
bool stands_alone(const FaultyClass& fault, std::string_view folder, const Has& has) {
  const auto there = [&](std::string_view name) { return has(std::string(folder) + std::string(name)); };
  return (fault.beside.empty() || there(fault.beside)) && (fault.without.empty() || !there(fault.without));
}

std::uint64_t next_number(std::string_view& version) {
  const std::string_view part = version.substr(0, version.find_first_not_of("0123456789"));
  version.remove_prefix(part.size());
  if (version.starts_with('.')) version.remove_prefix(1);
  return to_number(part).value_or(0);
}

template <class Has>
void drop_harmless(const Has& has, std::vector<Package>& packages) {
  std::erase_if(packages, [&](const Package& package) {
    if (package.type != "maven" || !package.path.str().ends_with(".class")) return false;
    return std::ranges::none_of(faults_of(package.path.str()), [&](const FaultyClass* one) {
      return package.version == one->newest && package.name.ends_with(one->artifact) &&
             stands_alone(*one, *folder_of(package.path.str(), one->name), has);
    });
  });
}

}  // namespace

bool is_spoken_of(std::string_view name) {
  return std::ranges::any_of(kFaulty, [&](const FaultyClass& one) {
    return name.ends_with(one.name) || (!one.beside.empty() && name.ends_with(one.beside));
  });
}

std::vector<Suspect> suspects(std::span<const ZipEntry> members) {
  std::vector<std::pair<std::string_view, std::size_t>> names;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (is_spoken_of(members[i].name)) names.emplace_back(members[i].name, i);
  }
  std::ranges::sort(names);
  const auto has = [&](const std::string& name) {
    const auto at =
        std::ranges::lower_bound(names, name, {}, &std::pair<std::string_view, std::size_t>::first);
    return at != names.end() && at->first == name;
  };
  std::vector<Suspect> all;
  for (const auto& [name, member] : names) {
    for (const FaultyClass& one : kFaulty) {
      const auto folder = folder_of(name, one.name);
      if (folder && stands_alone(one, *folder, has)) all.push_back({member, &one});
    }
  }
  return all;
}

bool is_faulty(const FaultyClass& fault, std::string_view bytes) {
  return !bytes.empty() && std::ranges::none_of(split(fault.unless, '|'), [&](std::string_view text) {
    const bool lacks = text.starts_with('!');
    return (bytes.find(text.substr(lacks ? 1 : 0)) == std::string_view::npos) == lacks;
  });
}

bool is_later(std::string_view version, const FaultyClass& fault) {
  std::string_view newest = fault.newest;
  while (!newest.empty()) {
    const std::uint64_t one = next_number(version), other = next_number(newest);
    if (one != other) return one > other;
  }
  return next_number(version) > 0;
}

std::vector<const FaultyClass*> faults_of(std::string_view path) {
  std::vector<const FaultyClass*> all;
  for (const FaultyClass& one : kFaulty) {
    if (folder_of(path, one.name)) all.push_back(&one);
  }
  return all;
}

void drop_harmless_classes(const Tree& tree, std::vector<Package>& packages) {
  drop_harmless([&](const std::string& name) { return tree.find(Path(name)).has_value(); }, packages);
}

void drop_harmless_classes(const std::set<std::string>& files, std::vector<Package>& packages) {
  drop_harmless([&](const std::string& name) { return files.contains(name); }, packages);
}

}  // namespace peekr
