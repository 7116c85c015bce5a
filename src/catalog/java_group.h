// SPDX-License-Identifier: Apache-2.0
// The Maven group of a Java archive that says none itself: of well-known artifacts, by its manifest, by the folder of its classes, and in
// front of the name of the file, where Quarkus, sbt-native-packager and Maven's prependGroupId write it
// ("org.postgresql.postgresql-42.7.7.jar").
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "catalog/java_identity.h"
#include "lib/zip_directory.h"

namespace peekr {

// What is known, or the manifest says, of the artifact's group; empty: nothing.
[[nodiscard]] std::string group_of(std::string_view artifact, const JarManifest& manifest);

// The group that nine tenths of an archive's classes lie below, of an artifact that is called after it ("grpc-core", io/grpc/..); empty: none.
[[nodiscard]] std::string group_of_classes(std::string_view artifact, std::span<const ZipEntry> members);

// The group that the name of a file, without its version, begins with: "org.yaml" of "org.yaml.snakeyaml"; empty: it is all the artifact's,
// as in "javax.servlet-api" and in "org.eclipse.jdt.core" of the bundle of that name.
[[nodiscard]] std::string_view group_before(std::string_view name, const JarManifest& manifest);

}  // namespace peekr
