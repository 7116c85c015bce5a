// SPDX-License-Identifier: Apache-2.0
// What the name of a Java archive's file says: an artifact's name, its version and, behind it, what of it this is
// ("netty-tcnative-2.0.61.Final-linux-x86_64.jar"). Both may hold numbers: where the version begins is told by the manifest, else guessed.
#pragma once

#include <string_view>

#include "catalog/java_identity.h"

namespace peekr {

// "spring-core-5.3.9.RELEASE.jar" -> {"", "spring-core", "5.3.9.RELEASE"}; "log4j-1.2-api-2.19.0.jar" -> {"", "log4j-1.2-api", "2.19.0"};
// a name without a version is all name.
[[nodiscard]] Artifact artifact_of_name(std::string_view file_name);
// The same, where the archive's manifest may name the version.
[[nodiscard]] Artifact artifact_of_name(std::string_view file_name, const JarManifest& manifest);
// Whether a file of that name is the artifact's: "log4j-1.2-api.jar", "geronimo-interceptor-3.0-spec-1.0.jar".
[[nodiscard]] bool is_file_of(const Artifact& artifact, std::string_view file_name);

}  // namespace peekr
