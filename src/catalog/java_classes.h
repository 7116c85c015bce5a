// SPDX-License-Identifier: Apache-2.0
// Classes that are known to be vulnerable wherever they are: moved to another package, without any metadata, in an archive or
// in a folder. What tells is the class beside them and the texts in their constants (JVMS 4.4), not their package.
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/tree.h"
#include "lib/zip_directory.h"
#include "model/package.h"

namespace peekr {

// A class that has been changed where the fault was mended. Without metadata its release is not known; the newest that
// has the fault stands for it: what is said about that holds for all older ones with the fault.
struct FaultyClass {
  std::string_view name;     // below whatever folder
  std::string_view beside;   // below the same one, that must be there, too: people remove it as a mitigation
  std::string_view without;  // that must not be
  std::string_view
      unless;  // texts in the class that is not the faulty one: "a|b"; "!a": a text that it lacks
  std::string_view group, artifact, newest;
};

// A member that is to be looked at: by its name and by those of the others it may be a faulty class.
struct Suspect {
  std::size_t member;
  const FaultyClass* fault;
};
[[nodiscard]] std::vector<Suspect> suspects(std::span<const ZipEntry> members);
[[nodiscard]] bool is_faulty(const FaultyClass& fault, std::string_view bytes);
// Whether the release is later than the newest that has the fault: its numbers, one by one.
[[nodiscard]] bool is_later(std::string_view version, const FaultyClass& fault);

// Of a class that lies in a folder, by its path. What is beside it only the merged tree shows, or the end of the tar that it is in.
[[nodiscard]] std::vector<const FaultyClass*> faults_of(std::string_view path);
void drop_harmless_classes(const Tree& tree, std::vector<Package>& packages);
void drop_harmless_classes(const std::set<std::string>& files, std::vector<Package>& packages);
// Whether that depends on this file: on its being there, or not.
[[nodiscard]] bool is_spoken_of(std::string_view path);

}  // namespace peekr
