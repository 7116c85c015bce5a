// SPDX-License-Identifier: Apache-2.0
// The Maven group of a Java archive that says none itself: of well-known artifacts, and in front of the name of the file, where
// Quarkus, sbt-native-packager and Maven's prependGroupId write it ("org.postgresql.postgresql-42.7.7.jar").
#pragma once

#include <string_view>

#include "catalog/java_identity.h"

namespace peekr {

[[nodiscard]] std::string_view known_group(std::string_view artifact);  // empty: it is not known

// The group that the name of a file, without its version, begins with: "org.yaml" of "org.yaml.snakeyaml"; empty: it is all the artifact's,
// as in "javax.servlet-api" and in "org.eclipse.jdt.core" of the bundle of that name.
[[nodiscard]] std::string_view group_before(std::string_view name, const JarManifest& manifest);

}  // namespace peekr
