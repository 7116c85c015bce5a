// SPDX-License-Identifier: Apache-2.0
// Of each image that was fetched from a registry by its tag the cache has its inventory, under the digest of its manifest, which the
// registry's bytes were held to; and in a family for its repository and platform an entry for each digest that the tag has had:
//
//   tag \n digest
//
// What an image says of itself (the tags in an archive, diff IDs) makes it nobody's base.
#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "image/record.h"
#include "model/judged.h"
#include "source/base.h"
#include "source/reference.h"

namespace peekr {
namespace {

constexpr std::size_t kMostOthers = 32;  // of a repository; the greatest tags

// With its tag: the name of a base image may be a file that somebody typed.
std::optional<ImageReference> reference_of(std::string_view name) {
  if (name.substr(name.rfind('/') + 1).find(':') == std::string_view::npos) return std::nullopt;
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
std::string line_of(const ImageReference& reference, const ImageInfo& info, std::string_view version) {
  return "repository 2 " + info.platform + " " + Cache::key(version) + " " + reference.host + "/" +
         reference.repository;
}

std::string inventory_key(std::string_view digest, std::string_view version) {
  return Cache::key("seen 3 " + std::string(digest) + " " + std::string(version));
}

// "12.4-slim": 12, 4, and "#.#-slim". A number that is too long for one is text.
struct Tag {
  std::vector<std::uint64_t> numbers;
  std::string text;
};

Tag parts_of(std::string_view tag) {
  Tag parts;
  for (std::size_t at = 0; at < tag.size();) {
    std::size_t end = at;
    while (end < tag.size() && is_digit(tag[end])) ++end;
    const std::optional<std::uint64_t> number = to_number(tag.substr(at, end - at));
    if (number) {
      parts.numbers.push_back(*number);
      parts.text += '#';
    } else {
      end = std::max(end, at + 1);
      parts.text += tag.substr(at, end - at);
    }
    at = end;
  }
  return parts;
}

// Behind `tag` in its line: the same but for the last number, which is greater.
bool is_next(std::string_view tag, std::string_view other) {
  const Tag a = parts_of(tag), b = parts_of(other);
  return a.text == b.text && !a.numbers.empty() &&
         std::equal(a.numbers.begin(), a.numbers.end() - 1, b.numbers.begin(), b.numbers.end() - 1) &&
         b.numbers.back() > a.numbers.back();
}

struct Entry {
  std::string tag, digest;
};

// The greatest tag first; the same one, which has another digest since, is the last.
std::vector<Entry> entries_of(const ImageReference& base, const std::string& line, Cache& cache) {
  std::vector<Entry> all;
  for (const std::string& key : cache.keys_of(line)) {
    const std::string bytes = cache.load(key).value_or("");
    const auto [tag, digest] = cut(bytes, '\n');
    if (tag == base.tag || is_next(base.tag, tag)) all.push_back({std::string(tag), std::string(digest)});
  }
  std::ranges::sort(all, {}, [](const Entry& one) { return std::tie(one.tag, one.digest); });
  std::ranges::stable_sort(all, [](const Entry& a, const Entry& b) { return is_next(b.tag, a.tag); });
  all.resize(std::min(all.size(), kMostOthers));
  return all;
}

}  // namespace

std::string registry_name(const ImageInfo& info) {
  constexpr std::string_view kOthersSay[] = {"registry", "docker", "podman", "containerd"};
  const bool is_said = std::ranges::find(kOthersSay, info.kind) != std::end(kOthersSay);
  const std::optional<ImageReference> reference = is_said ? reference_of(info.tag) : std::nullopt;
  return reference ? short_name(*reference) : "";
}

void remember(const ImageInfo& info, const Inventory& inventory, std::string_view version, Cache& cache) {
  const std::optional<ImageReference> reference = reference_of(info.tag);
  if (info.kind != "registry" || !reference || !reference->digest.empty() || info.digest.empty()) return;
  if (std::ranges::any_of(inventory.notes, incomplete, &Note::why)) return;
  const std::string line = line_of(*reference, info, version);
  const std::string key = inventory_key(info.digest.str(), version);
  if (!cache.use(key)) cache.save(key, pack(judged(inventory)));
  const std::string entry = reference->tag + "\n" + info.digest.str();
  cache.save(Cache::key(line, entry), entry);
}

SeenBases seen_bases(const ImageInfo& info, std::string_view version, Cache& cache) {
  SeenBases bases;
  const std::optional<ImageReference> base = reference_of(info.base.name);
  bases.name = base ? short_name(*base) : printable(info.base.name);
  bases.is_reference = base.has_value();
  if (!base || info.base.layers == 0 || info.base.layers > info.layers.size()) return bases;
  for (const Entry& one : entries_of(*base, line_of(*base, info, version), cache)) {
    if (one.digest == info.base.digest) continue;
    std::optional<Inventory> inventory = load_inventory(inventory_key(one.digest, version), cache);
    if (!inventory) continue;
    ImageReference named = *base;
    named.tag = one.tag;
    bases.others.push_back({short_name(named), one.digest, *std::move(inventory)});
  }
  return bases;
}

}  // namespace peekr
