// SPDX-License-Identifier: Apache-2.0
// Nix (nixos.org/manual/nix, "store path"): each package is a folder, /nix/store/<32 characters of hash>-<name>-<version>, with
// -<output> behind it unless it is the main one. The database lists those that are valid:
//
//   nix/var/nix/db/db.sqlite   CREATE TABLE ValidPaths (id integer primary key, path text unique not null, hash text, ...)
//
// The version starts at the first hyphen before a digit, as for Nix itself (builtins.parseDrvName). What has none is no
// software: scripts of the build, sources, profiles. So are recipes (.drv), patches and archives.
#include "catalog/nix.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/packed.h"
#include "catalog/stanza.h"
#include "lib/sqlite.h"

namespace peekr {
namespace {

constexpr std::string_view kStore = "/nix/store/";
constexpr std::size_t kHash = 32;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_software(std::string_view folder) {
  constexpr std::array<std::string_view, 12> kEndings = {"drv", "patch", "diff", "gz",  "xz",   "bz2",
                                                         "zip", "zst",   "lock", "tgz", "json", "crate"};
  return !is_one_of(folder.substr(folder.rfind('.') + 1), kEndings);
}

std::size_t version_at(std::string_view name) {
  if (const std::size_t at = name.find("-unstable-"); at != std::string_view::npos) return at;
  for (std::size_t at = 0; at + 1 < name.size(); ++at) {
    if (name[at] == '-' && is_digit(name[at + 1])) return at;
  }
  return std::string_view::npos;
}

// "openssl-3.0.13-bin" -> "openssl-3.0.13".
std::string_view without_output(std::string_view name) {
  constexpr std::array<std::string_view, 14> kOutputs = {"bin",  "data", "debug",  "dev",     "devdoc",
                                                         "dist", "doc",  "getent", "info",    "lib",
                                                         "man",  "out",  "static", "terminfo"};
  const std::size_t dash = name.rfind('-');
  return dash != std::string_view::npos && is_one_of(name.substr(dash + 1), kOutputs) ? name.substr(0, dash)
                                                                                      : name;
}

// Of the name of a folder of the store.
std::optional<Package> package_of_folder(std::string_view folder) {
  if (folder.size() <= kHash + 1 || folder[kHash] != '-' || !is_software(folder)) return std::nullopt;
  const std::string_view name = without_output(folder.substr(kHash + 1));
  const std::size_t at = version_at(name);
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  return Package{
      .type = "nix", .name = std::string(name.substr(0, at)), .version = std::string(name.substr(at + 1))};
}

void add_path(std::string_view path, const File& file, Inventory& found, FileNotes& notes) {
  if (!path.starts_with(kStore) || path.find('/', kStore.size()) != std::string_view::npos)
    return notes.add(Why::damaged, "not a path of the store: " + peekr::quoted(path));
  std::optional<Package> package = package_of_folder(path.substr(kStore.size()));
  if (!package) return;
  package->path = file.path;
  found.add(*std::move(package));
}

Status read_database(const File& file, SqliteFile database, Inventory& found, FileNotes& notes) {
  SqliteReader reader = TRY(SqliteReader::open(std::move(database)));
  return reader.each_blob("ValidPaths", "path", [&](std::int64_t /*row*/, std::string_view path) {
    add_path(path, file, found, notes);
  });
}

// Outputs of one package are that package once.
void unite(std::vector<Package>& packages) {
  const auto key = [](const Package& one) { return std::tie(one.name, one.version, one.path); };
  std::ranges::sort(packages, {}, key);
  const auto rest = std::ranges::unique(packages, {}, key);
  packages.erase(rest.begin(), rest.end());
}

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  SqliteFile database = sqlite_file(file.bytes, file.beside("-wal"));
  if (!database.problem.empty()) notes.add(Why::damaged, "write-ahead log: " + database.problem);
  if (std::string problem = journal_problem(file.beside("-journal")); !problem.empty())
    notes.add(Why::unsupported, std::move(problem));
  const Status status = read_database(file, std::move(database), found, notes);
  if (!status) notes.add(why_of(status.error()), status.error().message);
  unite(found.packages);
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/nix/var/nix/db/db.sqlite"};
constexpr std::array<Pattern, 2> kReads = {"**/nix/var/nix/db/db.sqlite-wal",
                                           "**/nix/var/nix/db/db.sqlite-journal"};

}  // namespace

void add_nix_store(const Tree& tree, std::vector<Package>& packages) {
  const auto listed = [](const Package& one) { return one.type == "nix" && !one.claimed; };
  if (std::ranges::any_of(packages, listed)) return;
  const Path store("nix/store");
  std::map<std::pair<std::string, std::string>, Package> all;  // by name and version: outputs are one
  for (const std::string_view folder : tree.list(store)) {
    std::optional<Package> package = package_of_folder(folder);
    if (!package) continue;
    package->path = Path(store.str() + "/" + std::string(folder));
    const std::optional<Node> node = tree.find_no_follow(package->path);
    if (!node || node->kind != NodeKind::directory) continue;
    package->layer = node->layer;
    all.try_emplace({package->name, package->version}, *package);
  }
  auto place = std::ranges::lower_bound(packages, "nix", {}, &Package::type);
  for (auto& [key, package] : all) place = std::next(packages.insert(place, std::move(package)));
}

namespace catalogers {
extern const Cataloger nix;
constexpr Cataloger nix = {.name = "nix",
                           .about = "Nix packages: the store's database, or its folders",
                           .version = 2,
                           .wants = kWants,
                           .reads = kReads,
                           .run = run};
}  // namespace catalogers

}  // namespace peekr
