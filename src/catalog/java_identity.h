// SPDX-License-Identifier: Apache-2.0
// What names a Java archive: its file name, its manifest (docs.oracle.com, "JAR File Specification") and Maven's
// pom.properties ("groupId=..", "artifactId=..", "version=..").
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace peekr {

struct Artifact {
  std::string group, name, version;  // what is not known is empty
};

// "spring-core-5.3.9.RELEASE.jar" -> {"", "spring-core", "5.3.9.RELEASE"}; a name without a version is all name.
[[nodiscard]] Artifact artifact_of_name(std::string_view file_name);
// Whether a file of that name is the artifact's: "log4j-1.2-api.jar", "geronimo-interceptor-3.0-spec-1.0.jar".
[[nodiscard]] bool is_file_of(const Artifact& artifact, std::string_view file_name);
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

// What the manifest says; `file`: what the name of the archive says, which is the better name and version.
[[nodiscard]] Artifact artifact_of_manifest(const JarManifest& manifest, const Artifact& file);

}  // namespace peekr
