// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_file_name.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"

namespace peekr {
namespace {

// No system's files have longer names; a hostile archive's members may. Such a name is not taken apart.
constexpr std::size_t kLongestName = 255;

// Words of a version, before numbers of their own: "1.0-beta-2.1", "30.1.1-jre-16.1", "2.4-atlassian-1.0" as vendors number their
// builds. Before any other word a number is the name's.
constexpr auto kWords = std::to_array<std::string_view>(
    {"alpha",   "amzn",     "android", "atlassian", "b",      "beta",     "build",   "cdh",     "cloudera",
     "cr",      "custom",   "dev",     "ea",        "emr",    "final",    "fuse",    "ga",      "graalvm",
     "hadoop",  "hdp",      "hotfix",  "hudson",    "java",   "jbossorg", "jdk",     "jenkins", "jre",
     "liferay", "linux",    "m",       "macos",     "macosx", "mapr",     "nightly", "osx",     "p",
     "patch",   "patched",  "pre",     "preview",   "r",      "rc",       "redhat",  "release", "rev",
     "scala",   "snapshot", "sp",      "spark",     "vmware", "windows"});

// What is made of an artifact beside its archive; "jre" and "android" are Guava's versions.
constexpr auto kClassifiers = std::to_array<std::string_view>(
    {"-all", "-bin", "-exec", "-fat", "-jar-with-dependencies", "-javadoc", "-runner", "-shaded", "-sources",
     "-standalone", "-test-sources", "-tests", "-uber"});
constexpr auto kSystems = std::to_array<std::string_view>(
    {"-freebsd-", "-linux-", "-macosx-", "-natives-", "-openbsd-", "-osx-", "-windows-"});

std::size_t digits_of(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

// "v20260101", as of Google's Closure compiler, and "v1-rev171-1.25.0", as of its clients; "v1-1.102.0" is an artifact's "-v1".
bool starts_dated_version(std::string_view text) {
  if (!text.starts_with('v')) return false;
  text.remove_prefix(1);
  const std::size_t digits = digits_of(text);
  if (digits == 8) return true;
  text.remove_prefix(digits);
  return digits > 0 && text.starts_with("-rev") && digits_of(text.substr(4)) > 0;
}

// Whether a version begins here: a digit; "build212", "r06", "rc4".
bool starts_version(std::string_view text) {
  if (text.empty()) return false;
  if (is_digit(text.front()) || starts_dated_version(text)) return true;
  for (const std::string_view word : {"build", "rc", "r"}) {
    if (!text.starts_with(word)) continue;
    const std::size_t at = word.size() + digits_of(text.substr(word.size()));
    if (at > word.size() && (at == text.size() || !is_alpha(text[at]))) return true;
  }
  return false;
}

// "lib/app-1.0.jar" -> "app-1.0".
std::string_view stem(std::string_view file_name) {
  const std::string_view name = file_name.substr(file_name.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

// "app", "app-1.0" of "app".
bool is_name_of(std::string_view file, std::string_view name) {
  if (!file.starts_with(name)) return false;
  const std::string_view rest = file.substr(name.size());
  return rest.empty() || (rest.front() == '-' && starts_version(rest.substr(1)));
}

// The first separator that a version follows; npos: there is none.
std::size_t first_version(std::string_view name, char separator) {
  std::size_t at = name.find(separator);
  while (at != std::string_view::npos && (at == 0 || !starts_version(name.substr(at + 1))))
    at = name.find(separator, at + 1);
  return at;
}

// Where "-2.5.23" stands in "akka-actor_2.12-2.5.23": behind the version of Scala, which ends the name.
std::size_t behind_scala(std::string_view name) {
  const std::size_t at = name.rfind("_2.1"), dash = at + 5;
  if (at == std::string_view::npos || at == 0 || dash >= name.size()) return std::string_view::npos;
  return is_digit(name[dash - 1]) && name[dash] == '-' && starts_version(name.substr(dash + 1))
             ? dash
             : std::string_view::npos;
}

// The numbers that a version begins with: 2 of "1.0.Final", 1 of "4aug2000"; a day ("20260101.123456" of a snapshot) is none.
std::size_t numbers_of(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t digits = digits_of(text); digits > 0 && (count > 0 || digits < 8);
       digits = digits_of(text)) {
    ++count;
    text.remove_prefix(digits);
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  return count;
}

bool is_of_version(std::string_view word) {
  const std::string name = lower(std::string_view(word.begin(), std::ranges::find_if_not(word, is_alpha)));
  return std::ranges::find(kWords, name) != kWords.end();
}

// Whether the first number belongs to the name as it stands before another one: "jsp-2.1-6.1.14", "vertx-5-7.9.0"; not "2.7.1-0.36.0".
bool is_of_name(std::string_view first, std::size_t next_numbers) {
  if (digits_of(first) == first.size()) return first.size() <= 3;
  return first.find_first_not_of("0123456789.") == std::string_view::npos && numbers_of(first) == 2 &&
         next_numbers > 2;
}

// Where the version begins, of those places: behind a word that is none of a version's, or behind a number of the name's. Three
// numbers are a release's ("2.14.1-custom-1.0"): a name has two at most.
std::size_t last_version(std::string_view name, std::size_t first) {
  std::size_t at = first, end = name.find('-', first + 1);
  bool is_named = false;  // a word of the name stands before
  while (end != std::string_view::npos && numbers_of(name.substr(at + 1)) < 3) {
    const std::size_t next = name.find('-', end + 1);
    const std::string_view piece = name.substr(end + 1, next - end - 1);
    const std::size_t numbers = numbers_of(piece);
    if (!piece.empty() && !is_digit(piece.front())) {
      is_named = is_named || !is_of_version(piece);
    } else if (numbers > 1 && (is_named || is_of_name(name.substr(at + 1, end - at - 1), numbers))) {
      at = end;
      is_named = false;
    }
    end = next;
  }
  return at;
}

std::size_t version_of(std::string_view name) {
  if (name.size() > kLongestName) return std::string_view::npos;
  if (const std::size_t at = behind_scala(name); at != std::string_view::npos) return at;
  const std::size_t dash = first_version(name, '-');
  const std::size_t first = dash == std::string_view::npos ? first_version(name, '_') : dash;
  if (first == std::string_view::npos || starts_dated_version(name.substr(first + 1))) return first;
  return last_version(name, first);
}

std::string_view without_classifier(std::string_view version) {
  for (const std::string_view one : kSystems) version = version.substr(0, version.find(one));
  for (const std::string_view one : kClassifiers) {
    if (version.ends_with(one)) version.remove_suffix(one.size());
  }
  return version;
}

Artifact split_at(std::string_view name, std::size_t at) {
  return {"", std::string(name.substr(0, at)), std::string(without_classifier(name.substr(at + 1)))};
}

// Where a version begins that the manifest names, and that ends the name; npos: there is none.
std::size_t said_version(std::string_view name, const JarManifest& manifest) {
  std::size_t first = std::string_view::npos;
  if (name.size() > kLongestName) return first;
  for (const std::string_view version : versions_of(manifest)) {
    const std::size_t at = name.rfind("-" + std::string(version));
    if (at == 0 || at == std::string_view::npos || !starts_version(version)) continue;
    if (without_classifier(name.substr(at + 1)) == version) first = std::min(first, at);
  }
  return first;
}

}  // namespace

bool is_file_of(const Artifact& artifact, std::string_view file_name) {
  std::string file(stem(file_name)), name = artifact.name, full = artifact.group + "." + name;
  for (std::string* text : {&file, &name, &full}) std::ranges::replace(*text, '_', '-');
  return !name.empty() && (is_name_of(file, name) || is_name_of(file, full));
}

Artifact artifact_of_name(std::string_view file_name) {
  const std::string_view name = stem(file_name);
  const std::size_t at = version_of(name);
  return at == std::string_view::npos ? Artifact{"", std::string(name), ""} : split_at(name, at);
}

Artifact artifact_of_name(std::string_view file_name, const JarManifest& manifest) {
  const std::string_view name = stem(file_name);
  const std::size_t at = said_version(name, manifest);
  return at == std::string_view::npos ? artifact_of_name(file_name) : split_at(name, at);
}

}  // namespace peekr
