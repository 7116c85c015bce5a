// SPDX-License-Identifier: Apache-2.0
// Each type is described once, by fields(), for both directions. It names every member: one that is added and forgotten here
// does not compile.
#include "image/record.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <type_traits>
#include <utility>

#include "base/cursor.h"
#include "base/timer.h"

namespace peekr {
namespace {

constexpr std::uint64_t kAtOnce = 4096;  // items that room is made for before they are seen

template <class T>
concept Number = std::integral<T> || std::is_enum_v<T>;

class Packer {
 public:
  // Room for what most images need: what is not used costs nothing, growing costs a copy each time.
  Packer() { out.reserve(std::size_t{4} << 20); }

  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  // A hash, which is seldom a small number.
  void hash(std::uint64_t value) {
    std::array<char, sizeof(value)> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(value >> (8 * i));
    put(bytes);
  }
  std::string out;

 private:
  void number(std::uint64_t value) {
    put_varint(value, [&](char byte) { out += byte; });
  }
  template <Number T>
  void put(const T& value) {
    number(static_cast<std::uint64_t>(value));
  }
  void put(std::string_view text) {
    number(text.size());
    out += text;
  }
  void put(const std::string& text) { put(std::string_view(text)); }
  template <std::size_t N>
  void put(const std::array<char, N>& bytes) {
    out.append(bytes.data(), N);
  }
  void put(const Items& items) {
    std::size_t size = 0;
    for (const Items::Chunk& chunk : items.chunks()) size += chunk->size();
    number(size);
    for (const Items::Chunk& chunk : items.chunks()) out += *chunk;
  }
  void put(const PackedTexts& texts) { put(std::string_view(texts.packed())); }
  void put(const Path& path) { put(std::string_view(path.str())); }
  template <class T>
  void put(const std::vector<T>& all) {
    number(all.size());
    for (const T& one : all) put(one);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::shared_ptr<const T>& value) {
    put(*value);
  }
  template <class T>
  void put(const T& value) {
    fields(*this, const_cast<T&>(value));  // which only reads it
  }
};

// Of nearly all files of a layer the same is said: that it is a program, or nothing. They share it, and it is not taken apart each time.
using Usual = std::pair<std::string, std::shared_ptr<const Inventory>>;  // packed
const std::array<Usual, 2>& usual_inventories();

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : in_(bytes) {}

  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  void hash(std::uint64_t& value) { value = in_.le<std::uint64_t>(); }
  [[nodiscard]] bool whole() const { return ok_ && in_.ok() && in_.at_end(); }

 private:
  template <Number T>
  void get(T& value) {
    value = static_cast<T>(in_.varint());
  }
  void get(Items& items) { take(Items::parse(view()), items); }
  void get(PackedTexts& texts) { take(PackedTexts::parse(view()), texts); }
  template <class T>
  void take(std::optional<T> parsed, T& value) {
    ok_ = ok_ && parsed.has_value();
    if (parsed) value = *std::move(parsed);
  }
  std::string_view view() { return in_.take(in_.varint()); }
  void get(std::string& text) { text = std::string(view()); }  // cheaper than to assign it
  template <std::size_t N>
  void get(std::array<char, N>& bytes) {
    in_.take(N).copy(bytes.data(), N);
  }
  void get(Path& path) { path = Path(view()); }
  template <class T>
  std::uint64_t make_room(std::vector<T>& all) {
    const std::uint64_t count = in_.varint();
    all.reserve(static_cast<std::size_t>(std::min<std::uint64_t>({count, kAtOnce, in_.remaining()})));
    return count;
  }
  void get(std::vector<std::string>& all) {
    const std::uint64_t count = make_room(all);
    for (std::uint64_t i = 0; i < count && in_.ok(); ++i) all.emplace_back(view());
  }
  template <class T>
  void get(std::vector<T>& all) {
    const std::uint64_t count = make_room(all);
    for (std::uint64_t i = 0; i < count && in_.ok(); ++i) get(all.emplace_back());
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool there = false;
    get(there);
    if (there) get(value.emplace());
  }
  void get(std::shared_ptr<const Inventory>& value) {
    for (const auto& [packed, inventory] : usual_inventories()) {
      const std::size_t at = in_.position();
      if (in_.remaining() < packed.size()) continue;
      value = inventory;
      if (in_.take(packed.size()) == packed) return;
      in_.seek(at);
    }
    auto made = std::make_shared_for_overwrite<
        Inventory>();  // whose members all have values: it need not be cleared before
    get(*made);
    value = std::move(made);
  }
  template <class T>
  void get(T& value) {
    fields(*this, value);
  }

  Cursor in_;
  bool ok_ = true;
};

template <class Both>
void fields(Both& both, Note& value) {
  auto& [path, why, what] = value;
  both(path, why, what);
}

template <class Both>
void fields(Both& both, Distro& value) {
  auto& [id, id_like, version_id, codename, variant_id, name, path] = value;
  both(id, id_like, version_id, codename, variant_id, name, path);
}

template <class Both>
void fields(Both& both, Checksum& value) {
  auto& [kind, start] = value;
  both(kind, start);
}

template <class Both>
void fields(Both& both, FileChecksum& value) {
  auto& [file, sum] = value;
  both.hash(file);
  both(sum);
}

template <class Both>
void fields(Both& both, FileDigests& value) {
  auto& [md5, sha1, sha256] = value;
  both(md5, sha1, sha256);
}

template <class Both>
void fields(Both& both, Package& value) {
  auto& [type, name, version, epoch, arch, source, source_version, licenses, maintainer, vendor, modularity,
         repository, lock, files, checksums, path, layer, purl, cpes, remnant, by_content, at_least, declared,
         claimed, owner, needs, provides, essential, comes_with, asked, pin, altered] = value;
  both(type, name, version, epoch, arch, source, source_version, licenses, maintainer, vendor, modularity,
       repository, lock, files, checksums, path, layer, purl, cpes, remnant, by_content, at_least, declared,
       claimed, owner, needs, provides, essential, comes_with, asked, pin, altered);
}

template <class Both>
void fields(Both& both, Claim& value) {
  auto& [type, package, arch, files, licenses, checksums, asked, pin] = value;
  both(type, package, arch, files, licenses, checksums, asked, pin);
}

template <class Both>
void fields(Both& both, Unidentified& value) {
  auto& [path, layer, size, sha256, listed_by] = value;
  both(path, layer, size, sha256, listed_by);
}

template <class Both>
void fields(Both& both, LostDatabase& value) {
  auto& [how, path, layer, packages] = value;
  both(how, path, layer, packages);
}

template <class Both>
void fields(Both& both, Completeness& value) {
  auto& [executables, owned, identified, unidentified, lost] = value;
  both(executables, owned, identified, unidentified, lost);
}

template <class Both>
void fields(Both& both, Inventory& value) {
  // How many it may have is of one reading.
  auto& [distro, packages, claims, repositories, notes, executable, completeness, declared, most, left_out] =
      value;
  both(distro, packages, claims, repositories, notes, executable, completeness, declared);
}

template <class Both>
void fields(Both& both, Found& value) {
  // All else is another thing in another image.
  auto& [path, layer, visible, removed, neighbours, inventory, digests, linked] = value;
  both(path, visible, neighbours, inventory, digests);
}

const std::array<Usual, 2>& usual_inventories() {
  constexpr auto usual = [](bool executable) {
    const auto inventory = std::make_shared<const Inventory>(Inventory{.executable = executable});
    return Usual{pack(*inventory), inventory};
  };
  static const std::array<Usual, 2> all = {usual(true), usual(false)};
  return all;
}

template <class T>
std::optional<T> load(const std::string& key, Cache& cache, std::optional<T> (*unpack)(std::string_view)) {
  const std::optional<std::string> bytes = cache.load(key);
  std::optional<T> value = bytes ? unpack(*bytes) : std::nullopt;
  if (bytes && !value) cache.remove_damaged(key);
  return value;
}

}  // namespace

std::string pack(const Listing& listing) {
  const Timer timer("image/pack");
  Packer packer;
  packer(listing.items, listing.found, listing.notes);
  return std::move(packer.out);
}

std::string pack(const Inventory& inventory) {
  Packer packer;
  packer(inventory);
  return std::move(packer.out);
}

std::optional<Listing> unpack_listing(std::string_view bytes) {
  const Timer timer("image/unpack");
  Listing listing;
  Unpacker unpacker(bytes);
  unpacker(listing.items, listing.found, listing.notes);
  const bool all_there = listing.items.highest_found() < static_cast<std::int64_t>(listing.found.size());
  if (!unpacker.whole() || !all_there) return std::nullopt;
  return listing;
}

std::optional<Inventory> unpack_inventory(std::string_view bytes) {
  Inventory inventory;
  Unpacker unpacker(bytes);
  unpacker(inventory);
  if (!unpacker.whole()) return std::nullopt;
  return inventory;
}

std::optional<Listing> load_listing(const std::string& key, Cache& cache) {
  return load(key, cache, unpack_listing);
}

std::optional<Inventory> load_inventory(const std::string& key, Cache& cache) {
  return load(key, cache, unpack_inventory);
}

}  // namespace peekr
