// SPDX-License-Identifier: Apache-2.0
// Of each image that was scanned the cache has its inventory, under its layers, and in a family for each line that it may be a later
// one of an entry that leads there:
//
//   key of the inventory \n name \n digest \n "registry", or nothing
//
// A line is a repository; or, of an image of one layer, a release of a distribution with the same packages: what is built on
// something has more layers, and is nobody's base by that alone.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "image/record.h"
#include "source/base.h"
#include "source/reference.h"

namespace peekr {
namespace {

constexpr std::size_t kMostOthers = 32;  // of a line; those used last

// A layout's reference may be no more than a tag: "latest".
std::optional<ImageReference> reference_of(std::string_view name) {
  if (name.find_first_of(":/") == std::string_view::npos) return std::nullopt;
  const Result<ImageReference> reference = parse_reference(name);
  return reference ? std::optional(*reference) : std::nullopt;
}

// "debian:12": Docker Hub's without its host, and without a digest where there is a tag.
std::string short_name(const ImageReference& reference) {
  std::string text = reference.str();
  if (!reference.tag.empty()) text = text.substr(0, text.find('@'));
  for (const std::string_view front : {"docker.io/library/", "docker.io/"}) {
    if (text.starts_with(front)) return text.substr(front.size());
  }
  return text;
}

// What other catalogers have said is in other lines.
std::string where_of(const ImageInfo& info, std::string_view version) {
  return info.platform + " " + Cache::key(version);
}

std::string repository_line(const ImageReference& reference, const std::string& where) {
  return "repository 1 " + where + " " + reference.host + "/" + reference.repository;
}

std::string distribution_line(const Inventory& inventory, const std::string& where) {
  std::set<std::string> names;
  for (const Package& package : inventory.packages) {
    if (is_of_system(package)) names.insert(package.type + " " + package.name);
  }
  if (names.empty() || !inventory.distro) return {};
  return "distribution 1 " + where + " " + inventory.distro->id + "\n" +
         join({names.begin(), names.end()}, "\n");
}

std::string inventory_key(const std::string& chain, std::string_view version) {
  return Cache::key("seen 1 " + chain + " " + std::string(version));
}

Inventory judged_by(Inventory inventory) {
  inventory.notes.clear();
  inventory.completeness = {};
  for (Package& package : inventory.packages) {
    package.files = {};
    package.checksums = {};
    package.licenses = {};
    package.maintainer = {};
  }
  return inventory;
}

std::optional<Inventory> seen_inventory(const std::string& key, Cache& cache) {
  const std::optional<std::string> bytes = cache.load(key);
  return bytes ? unpack_inventory(*bytes) : std::nullopt;
}

std::optional<SeenImage> seen_image(const std::string& entry, Cache& cache) {
  const std::vector<std::string_view> lines = split(entry, '\n');
  if (lines.size() != 4) return std::nullopt;
  std::optional<Inventory> inventory = seen_inventory(std::string(lines[0]), cache);
  if (!inventory) return std::nullopt;
  return SeenImage{.name = std::string(lines[1]),
                   .in_registry = !lines[3].empty(),
                   .digest = std::string(lines[2]),
                   .inventory = *std::move(inventory)};
}

}  // namespace

std::string registry_name(const ImageInfo& info) {
  const std::optional<ImageReference> reference =
      info.kind == "container" ? std::nullopt : reference_of(info.tag);
  return reference ? short_name(*reference) : "";
}

void remember(const ImageInfo& info, const Inventory& inventory, std::string_view version, Cache& cache) {
  const std::vector<std::string> chains = chain_keys(info.layers);
  if (chains.empty() || chains.size() != info.layers.size()) return;
  const std::string key = inventory_key(chains.back(), version), name = registry_name(info);
  const std::string entry = key + "\n" + (name.empty() ? printable(info.name) : name) + "\n" +
                            info.digest.str() + "\n" + (name.empty() ? "" : "registry");
  std::vector<std::string> lines;
  if (!name.empty()) lines.push_back(repository_line(*reference_of(info.tag), where_of(info, version)));
  if (chains.size() == 1) lines.push_back(distribution_line(inventory, where_of(info, version)));
  for (const std::string& line : lines) {
    const std::string place = Cache::key(line, entry);
    if (!line.empty() && !cache.load(place)) cache.save(place, entry);
  }
  if (!cache.load(key)) cache.save(key, pack(judged_by(inventory)));
}

SeenBases seen_bases(const ImageInfo& info, std::string_view version, Cache& cache) {
  SeenBases bases;
  const std::optional<ImageReference> reference = reference_of(info.base.name);
  bases.name = reference ? short_name(*reference) : printable(info.base.name);
  const std::vector<std::string> chains = chain_keys(info.layers);
  if (info.base.layers == 0 || info.base.layers > chains.size()) return bases;
  const std::string present = inventory_key(chains[info.base.layers - 1], version);
  bases.present = seen_inventory(present, cache);
  std::vector<std::string> lines;
  if (reference) lines.push_back(repository_line(*reference, where_of(info, version)));
  if (bases.present && info.base.layers == 1)
    lines.push_back(distribution_line(*bases.present, where_of(info, version)));
  std::set<std::string> known{present};
  for (const std::string& line : lines) {
    std::vector<std::string> keys = line.empty() ? std::vector<std::string>() : cache.keys_of(line);
    keys.resize(std::min(keys.size(), kMostOthers));
    for (const std::string& key : keys) {
      const std::string entry = cache.load(key).value_or("");
      if (!known.insert(std::string(cut(entry, '\n').first)).second) continue;
      if (std::optional<SeenImage> one = seen_image(entry, cache)) bases.others.push_back(*std::move(one));
    }
  }
  return bases;
}

}  // namespace peekr
