// SPDX-License-Identifier: Apache-2.0
#include "catalog/shortened.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "catalog/lost.h"
#include "catalog/owner.h"
#include "catalog/places.h"
#include "catalog/present.h"
#include "model/layer_number.h"
#include "model/root.h"

namespace peekr {
namespace {

// A package that only lower copies of a database have, and the highest of them.
struct Missing {
  const Found* copy = nullptr;
  const Package* package = nullptr;
  const Found* list = nullptr;               // of its files, where that is a file of its own
  std::vector<std::string_view> files = {};  // that tell whether it is there
  std::vector<std::string_view> untouched = {};
};

// Of one name so many architectures: more are made to keep a scanner busy, for all may share one list of files.
constexpr std::size_t kMostArchitectures = 4;

std::vector<Missing> missing_from(const PackageKeys& present, const std::vector<Found>& all) {
  std::map<PackageKey, Missing> missing;
  std::map<PackageKey, std::size_t> architectures;  // of type, root and name
  for (const Found& copy : all) {
    const std::vector<Package>& packages = copy.inventory->packages;
    const bool is_database = !packages.empty() && is_of_system(packages.front());
    if (copy.visible || !is_database || is_of_single_packages(copy.path)) continue;
    const std::string_view root = root_above(copy.path.str());
    auto next = present.begin();  // databases are mostly in the order of the names
    for (const Package& one : packages) {
      const PackageKey key(one.type, root, one.name, one.arch);
      if (next == present.end() || *next != key) next = present.find(key);
      if (next != present.end()) {
        ++next;
        continue;
      }
      if (!is_of_system(one)) continue;
      const bool is_new = !missing.contains(key);
      if (is_new && ++architectures[{one.type, root, one.name, ""}] > kMostArchitectures) continue;
      Missing& best = missing[key];
      if (best.copy == nullptr || best.copy->layer < copy.layer) best = {&copy, &one};
    }
  }
  std::vector<Missing> found;
  for (auto& [_, one] : missing) found.push_back(std::move(one));
  return found;
}

// The list of its files that lay beside that copy of the database.
const Found* list_of(const Missing& one, const std::vector<Found>& all) {
  const std::string stem = std::string(one.copy->path.folder()) + "/info/" + one.package->name;
  for (const std::string& name : {stem + ":" + one.package->arch + ".list", stem + ".list"}) {
    const auto copies = std::ranges::equal_range(all, Path(name), {}, &Found::path);
    for (auto at = copies.end(); at != copies.begin();) {
      if ((--at)->layer <= one.copy->layer && !at->inventory->claims.empty()) return &*at;
    }
  }
  return nullptr;
}

// A folder of documentation itself, too, which lists have, and images leave out.
bool is_text(std::string_view file) {
  return is_documentation(file) || is_documentation(std::string(file) + "/");
}

// Settings may stay when a package is removed, and are no program.
bool tells(std::string_view file) { return !file.starts_with("etc/") && !is_text(file); }

// Of a package that has nothing else. dpkg leaves settings until it is told to purge.
bool goes_with(const Package& package, std::string_view file) {
  return package.type != "deb" || is_text(file);
}

std::string below(const Path& database, std::string_view file) {
  const std::string root(root_above(database.str()));
  return root.empty() ? std::string(file) : root + "/" + std::string(file);
}

enum class Absent { counts, may_be_left_out };  // path-exclude of dpkg, nodocs of rpm

// Which of the files are as they were when that copy of the database was written, or before.
template <class IsWanted>
void look_at_files(Missing& one, const Tree& tree, Absent absent, IsWanted is_wanted) {
  const auto look_at = [&](const PackedTexts& files) {
    for (const std::string_view file : files) {
      if (!is_wanted(file)) continue;
      const std::optional<Node> node = tree.find_no_follow(Path(below(one.copy->path, file)));
      if (node ? node->kind == NodeKind::directory : absent == Absent::may_be_left_out) continue;
      one.files.push_back(file);
      if (node && node->layer <= one.copy->layer) one.untouched.push_back(file);
    }
  };
  look_at(one.package->files);
  if (one.list == nullptr) return;
  for (const Claim& claim : one.list->inventory->claims) look_at(claim.files);
}

void find_files(Missing& one, const Tree& tree) {
  one.list = list_of(one, tree.found());
  look_at_files(one, tree, Absent::counts, tells);
  if (!one.files.empty()) return;
  look_at_files(one, tree, Absent::may_be_left_out,
                [&](std::string_view file) { return goes_with(*one.package, file); });
}

bool is_there(const Missing& one) {
  return !one.untouched.empty() && 2 * one.untouched.size() >= one.files.size();
}

// Which files, of those names, the packages that are there list: where they really lie.
class Taken {
 public:
  Taken(Places& places, const std::vector<Missing>& missing) : places_(places) {
    for (const Missing& one : missing) {
      for (const std::string_view file : one.untouched) names_.insert(file.substr(file.rfind('/') + 1));
    }
  }

  void add(const std::vector<Part>& parts, const PackageKeys& present) {
    for (const Part& part : parts) {
      for (const Package& one : part.inventory->packages) {
        if (is_of_system(one)) add(*part.path, one.files);
      }
      for (const Claim& one : part.inventory->claims) {
        if (has_package(present, one.type, root_above(part.path->str()), one.package))
          add(*part.path, one.files);
      }
    }
  }

  // What another package has installed in its place says nothing of this one.
  void take_from(Missing& one) const {
    const auto taken = [&](std::string_view file) {
      return files_.contains(places_.of(below(one.copy->path, file)));
    };
    std::erase_if(one.untouched, taken);
    std::erase_if(one.files, taken);
  }

 private:
  void add(const Path& database, const PackedTexts& files) {
    for (const std::string_view file : files) {
      if (names_.contains(file.substr(file.rfind('/') + 1))) files_.insert(places_.of(below(database, file)));
    }
  }

  Places& places_;
  std::unordered_set<std::string_view> names_;
  std::unordered_set<std::string> files_;
};

// What was taken out of a copy of a database, and nothing tells whether it is there: how many packages, and the names of the first.
struct Untold {
  std::size_t count = 0;
  std::string names;
};
using UntoldOf = std::map<const Found*, Untold>;

UntoldOf untold_of(const std::vector<Missing>& missing) {
  constexpr std::size_t kNamed = 10;
  UntoldOf all;
  for (const Missing& one : missing) {
    if (!one.files.empty()) continue;
    Untold& untold = all[one.copy];
    if (++untold.count <= kNamed) untold.names += (untold.names.empty() ? "" : ", ") + one.package->name;
    if (untold.count == kNamed + 1) untold.names += ", ...";
  }
  return all;
}

std::string text_of(const Untold& untold) {
  return "; of " + std::to_string(untold.count) +
         " more that it took out nothing tells whether they are there: " + untold.names;
}

void use_packages(const std::vector<Missing>& missing, const UntoldOf& untold, const std::vector<Found>& all,
                  Shortened& out) {
  std::map<const Found*, Inventory*> made;
  for (const Missing& one : missing) {
    Inventory*& from = made[one.copy];
    if (from == nullptr) from = &out.made.emplace_back();
    from->packages.push_back(*one.package);
    if (one.list != nullptr && !one.list->visible)
      out.parts.push_back({&one.list->path, one.list->layer, one.list->inventory.get(), {}});
  }
  for (const auto& [copy, inventory] : made) {
    const auto same = std::ranges::equal_range(all, copy->path, {}, &Found::path);
    out.parts.push_back({&copy->path, copy->layer, inventory, {&*same.begin(), copy}});
    const std::size_t count = inventory->packages.size();
    out.databases.push_back({LostDatabase::How::emptied, copy->path, copy->layer, count});
    out.notes.push_back({copy->path, Why::suspicious,
                         "package database: packages that a higher layer took out of it, but whose files are "
                         "there, untouched: " +
                             std::to_string(count) + "; what the copy of " +
                             layer_number(copy->layer, out.layers) + " says of them was used" +
                             (untold.contains(copy) ? text_of(untold.at(copy)) : "")});
  }
}

void add_missing_packages(const Tree& tree, const std::vector<Part>& parts, const PackageKeys& present,
                          Shortened& out) {
  std::vector<Missing> missing = missing_from(present, tree.found());
  for (Missing& one : missing) find_files(one, tree);
  const UntoldOf untold = untold_of(missing);
  const auto is_gone = [](const Missing& one) { return !is_there(one); };
  std::erase_if(missing, is_gone);
  if (missing.empty()) return;
  Places places(tree);
  Taken taken(places, missing);
  taken.add(parts, present);
  for (Missing& one : missing) taken.take_from(one);
  std::erase_if(missing, is_gone);
  use_packages(missing, untold, tree.found(), out);
}

}  // namespace

Shortened recover_missing(const Tree& tree, const std::vector<Part>& parts, std::size_t layers) {
  Shortened out{.layers = layers};
  if (std::ranges::all_of(tree.found(), &Found::visible)) return out;
  const PackageKeys present = keys_of(parts);
  add_missing_packages(tree, parts, present, out);
  add_missing_lists(tree, parts, present, out);
  return out;
}

}  // namespace peekr
