// SPDX-License-Identifier: Apache-2.0
// What names a Java archive: its file name (java_file_name.h), its manifest (docs.oracle.com, "JAR File Specification") and Maven's
// pom.properties ("groupId=..", "artifactId=..", "version=..").
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

struct Artifact {
  std::string group, name, version;  // what is not known is empty
};

[[nodiscard]] Artifact artifact_of_properties(std::string_view text);

// One begins with the other's number: "31.1-jre" and what a bundle makes of it, "31.1.0.jre"; "4.0.1" and its specification, "4.0".
[[nodiscard]] bool same_release(std::string_view a, std::string_view b);

// The main section of a manifest. Keys have any case; values that stand for something else ("%name", "${name}") are left out.
class JarManifest {
 public:
  explicit JarManifest(std::string_view text);
  [[nodiscard]] std::string_view value(std::string_view key) const;  // empty: there is none

 private:
  std::map<std::string, std::string, std::less<>> values_;  // keys in lower case
};

// The versions that it names, the best first.
[[nodiscard]] std::vector<std::string_view> versions_of(const JarManifest& manifest);

// What the manifest says; `file`: what the name of the archive says, which is the better name and version.
[[nodiscard]] Artifact artifact_of_manifest(const JarManifest& manifest, const Artifact& file);

}  // namespace peekr
