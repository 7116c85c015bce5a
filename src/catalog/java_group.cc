// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_group.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>

#include "base/text.h"
#include "catalog/java_known_group.h"

namespace peekr {
namespace {

// "netty-buffer" begins with "netty".
bool begins_with(std::string_view text, std::string_view word) {
  return text.starts_with(word) &&
         (text.size() == word.size() || (!is_alpha(text[word.size()]) && !is_digit(text[word.size()])));
}

// A domain of two labels or more, turned round: "org.yaml", "io.reactivex.rxjava3"; not "javax.ws", which begins names of artifacts.
bool is_domain(std::string_view text) {
  const std::size_t first = text.find('.');
  return first != std::string_view::npos && first >= 2 && first <= 4 && lower(text) == text;
}

bool is_group(std::string_view text) { return is_domain(text) || text.starts_with("javax."); }

// "org.yaml" and "snakeyaml", which are known; "jakarta.el" and "jakarta.el-api"; "org.ow2.asm" and "asm-tree".
bool are_alike(std::string_view group, std::string_view artifact) {
  const KnownGroup* row = find_known_group(artifact);
  return (row != nullptr && begins_with(group, row->group)) || begins_with(artifact, group) ||
         begins_with(artifact, group.substr(group.rfind('.') + 1));
}

bool says(const JarManifest& manifest, std::string_view key, std::string_view text) {
  return cut(manifest.value(key), ';').first == text;
}

bool says_artifact(std::string_view artifact, const JarManifest& manifest) {
  return says(manifest, "Bundle-SymbolicName", artifact) || says(manifest, "Bundle-Name", artifact) ||
         says(manifest, "Implementation-Title", artifact);
}

bool says_group(std::string_view group, const JarManifest& manifest) {
  return says(manifest, "Bundle-SymbolicName", group) || says(manifest, "Group-Id", group) ||
         says(manifest, "Implementation-Vendor-Id", group);
}

// One word of a manifest, without its attributes ("org.eclipse.jdt.core; singleton:=true"); empty: it is none.
std::string_view word_of(const JarManifest& manifest, std::string_view key) {
  const std::string_view text = cut(manifest.value(key), ';').first;
  return std::ranges::any_of(text, [](char c) { return is_space(c) || c == '/' || c == ':'; })
             ? std::string_view()
             : text;
}

// A known one, or what the manifest has below it ("org.springframework.amqp").
std::string_view group_of_row(const KnownGroup& row, const JarManifest& manifest, std::string_view vendor) {
  if (vendor.starts_with(std::string(row.group) + ".")) return vendor;
  const bool is_other =
      !row.other.empty() &&
      (vendor == row.other || begins_with(word_of(manifest, "Automatic-Module-Name"), row.other));
  return is_other ? row.other : row.group;
}

// Gradle's "org.elasticsearch#server;7.10.0"; Tomcat's jars that no repository has ("Apache Tomcat Bootstrap").
std::string_view group_of_title(const JarManifest& manifest) {
  const std::string_view title = manifest.value("Implementation-Title");
  if (begins_with(title, "Apache Tomcat")) return "org.apache.tomcat";
  const std::string_view group = title.substr(0, title.find('#'));
  return group.size() < title.size() && is_domain(group) ? group : std::string_view();
}

// "javax.servlet-api", "jakarta.el-api"
bool is_specification(std::string_view artifact) {
  return (artifact.starts_with("javax.") || artifact.starts_with("jakarta.")) && artifact.ends_with("-api");
}

bool is_commons(std::string_view artifact) { return artifact.starts_with("commons-"); }

// A domain below which many publishers are, who share no group.
bool is_shared(std::string_view domain) {
  constexpr auto kShared = std::to_array<std::string_view>(
      {"com.github", "com.google", "com.googlecode", "com.sun", "io.github", "net.sf", "net.sourceforge",
       "org.apache", "org.codehaus", "org.eclipse", "org.jboss"});
  return std::ranges::find(kShared, domain) != kShared.end();
}

// Bundles and modules are called after group and artifact: "org.scala-lang.scala-library"; "com.typesafe.akka.actor" of
// "akka-actor_2.12", "org.apache.geode.core" of "geode-core" (maven-bundle-plugin); empty: it is not.
std::string group_of_symbol(std::string_view symbol, std::string_view artifact) {
  artifact = artifact.substr(0, artifact.find("_2.1"));
  if (symbol.size() < artifact.size() + 2) return {};
  const std::size_t before = symbol.size() - artifact.size() - 1;
  const std::string_view group = symbol.substr(0, before);
  if (symbol[before] == '.' && symbol.ends_with(artifact)) {
    // One word behind three or more is the bundle's own as often as not: "com.google.guava.failureaccess".
    const bool is_word = artifact.find_first_of("-.") == std::string_view::npos;
    const auto dots = std::ranges::count(group, '.');
    if (dots > 0 && !is_shared(group) && (!is_word || dots == 1)) return std::string(group);
    return is_domain(symbol) ? std::string(symbol) : std::string();
  }
  std::string labels(artifact), all(symbol);
  for (std::string* text : {&labels, &all}) std::ranges::replace(*text, '-', '.');
  if (labels == artifact || all[before] != '.' || !all.ends_with(labels)) return {};
  const std::string_view head = symbol.substr(0, before + 1 + labels.find('.'));
  return is_domain(head) ? std::string(head) : std::string();
}

// The folder of a class that is called like the first word of the artifact: "io/grpc" of "grpc-core". Apache's projects have three labels:
// "org/apache/hadoop/hive" is none. "xml" is several of them.
std::string_view group_folder(std::string_view member, std::string_view label) {
  const std::size_t deepest = member.starts_with("org/apache/") ? 3 : 4;
  std::size_t begin = 0;
  for (std::size_t depth = 1; depth <= deepest && label != "xml"; ++depth) {
    const std::size_t end = member.find('/', begin);
    if (end == std::string_view::npos) break;
    if (depth > 1 && member.substr(begin, end - begin) == label) return member.substr(0, end);
    begin = end + 1;
  }
  return {};
}

}  // namespace

std::string group_of(std::string_view artifact, const JarManifest& manifest) {
  const std::string_view vendor = word_of(manifest, "Implementation-Vendor-Id");
  if (const KnownGroup* row = find_known_group(artifact))
    return std::string(group_of_row(*row, manifest, vendor));
  if (const std::string_view group = group_of_title(manifest); !group.empty()) return std::string(group);
  if (is_specification(artifact)) return std::string(artifact.substr(0, artifact.find('-')));
  if (vendor == "org.apache.commons") return std::string(vendor);
  const std::string_view bundle = word_of(manifest, "Bundle-SymbolicName");
  if (is_commons(artifact) && begins_with(bundle, "org.apache.commons")) return std::string(artifact);
  if (std::string group = group_of_symbol(bundle, artifact); !group.empty()) return group;
  // Not beside a bundle's: Guice is com.google.inject:guice, a bundle com.google.inject and a module com.google.guice.
  if (!is_domain(bundle)) {
    std::string group = group_of_symbol(word_of(manifest, "Automatic-Module-Name"), artifact);
    if (!group.empty()) return group;
  }
  // Maven and sbt write the group there, others the domain of the company.
  if (std::ranges::count(vendor, '.') > 1 || vendor == artifact) return std::string(vendor);
  for (const std::string_view text :
       {word_of(manifest, "Group-Id"), bundle, is_shared(vendor) ? std::string_view() : vendor,
        word_of(manifest, "Extension-Name"), vendor, word_of(manifest, "Implementation-Vendor"),
        word_of(manifest, "Specification-Vendor")}) {
    if (is_group(text)) return std::string(text);
  }
  return {};
}

std::string group_of_classes(std::string_view artifact, std::span<const ZipEntry> members) {
  // Not where the artifact is that word alone, nor of Commons: in the early years their groups were called like the artifact.
  const std::string_view label = artifact.substr(0, artifact.find_first_of("-_"));
  if (label == artifact || is_commons(artifact)) return {};
  std::map<std::string_view, std::size_t> folders;  // that may be a group, and how many classes lie below
  std::size_t classes = 0;
  for (const ZipEntry& member : members) {
    if (!member.name.ends_with(".class") || member.name.starts_with("META-INF/")) continue;
    ++classes;
    if (const std::string_view folder = group_folder(member.name, label); !folder.empty()) ++folders[folder];
  }
  const auto most = std::ranges::max_element(folders, {}, [](const auto& one) { return one.second; });
  if (most == folders.end() || most->second < classes - classes / 10) return {};
  std::string group(most->first);
  std::ranges::replace(group, '/', '.');
  return is_group(group) ? group : std::string();
}

std::string_view group_before(std::string_view name, const JarManifest& manifest) {
  std::size_t last = 0;  // dot before a letter: "akka-actor_2.12" is one label
  for (std::size_t at = name.find('.', 1); at != std::string_view::npos; at = name.find('.', at + 1)) {
    if (at + 1 == name.size() || !is_alpha(name[at + 1])) continue;
    const std::string_view artifact = name.substr(at + 1);
    if (are_alike(name.substr(0, at), artifact) || says_artifact(artifact, manifest))
      return name.substr(0, at);
    last = at;
  }
  // Without a dash it may be a bundle, or an artifact that is called like its group ("com.ibm.mq.allclient").
  const std::string_view group = name.substr(0, last);
  const bool has_shape = is_domain(group) && name.find('-', last) != std::string_view::npos;
  const bool is_bundle = says(manifest, "Bundle-SymbolicName", name);
  return has_shape || (!is_bundle && says_group(group, manifest)) ? group : std::string_view();
}

}  // namespace peekr
