// SPDX-License-Identifier: Apache-2.0
// Scope: the packages of one type, and who judges them, by what the database has. docs/matching.md has the rules.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/db.h"
#include "match/ecosystem.h"

namespace peekr {

// Red Hat's, of a major release after its end, which the usual repositories say nothing about then.
inline constexpr std::string_view kExtendedLife = "Red Hat:rhel_els:";

struct Scope {
  const Ecosystem* row = nullptr;
  std::vector<std::string> ecosystems;  // that the database has; none: not judged
  std::vector<std::string> other;       // that count for some packages only
  std::vector<std::string> rebuilt;     // Root's, of the release
  std::vector<std::string> tagged;      // Alpine: "edge Alpine:edge", by tag of the repository
  std::multimap<std::string, std::string, std::less<>> names;  // of Maven, by artifact id (maven.h)
  std::vector<std::string> subscribed;  // Red Hat: those of `other` whose repositories are the image's
  bool of_any_system =
      false;  // software of no known distribution: what a document lists may be of Windows or macOS
  bool tells_epochs = false;  // a document, of which some package says its epoch: who says none has none
};
// Whether any record counts for its packages: of SUSE's also those for subscribers alone.
[[nodiscard]] bool is_judged(const Scope& scope);

// Of all packages of an inventory.
class Scopes {
 public:
  // Finds who judges them; what keeps packages from being judged becomes a note. Those of a root file system inside the image are judged
  // as of the distribution that their package URLs name.
  static Result<Scopes> of(const Inventory& inventory, const Db& db, std::vector<Note>& notes);
  [[nodiscard]] const Scope& at(const Package& package) const;

 private:
  // Type of the package, and which distribution it is judged as one of where that is not the image's.
  [[nodiscard]] static std::string key(const Package& package, const std::optional<Distro>& other);

  std::optional<Distro> distro_;
  std::map<std::string, Scope> all_;
};

}  // namespace peekr
