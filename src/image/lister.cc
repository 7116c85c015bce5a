// SPDX-License-Identifier: Apache-2.0
#include "image/lister.h"

#include <optional>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::string_view kOpaque = ".wh..wh..opq", kBookkeeping = ".wh..wh.";

// The name of an entry where it is a canonical path as it stands, but for a "./" in front and a "/" behind, as nearly all are.
std::optional<std::string_view> plain_path(std::string_view name) {
  if (name.starts_with("./")) name.remove_prefix(2);
  if (name.ends_with('/')) name.remove_suffix(1);
  for (std::size_t at = 0;;) {
    const char first = at < name.size() ? name[at] : '/';
    if (first == '/' || first == '.') return std::nullopt;  // "..", a hidden file: Path tells
    const std::size_t slash = name.find('/', at);
    if (slash == std::string_view::npos) return name;
    at = slash + 1;
  }
}

}  // namespace

Lister::Split Lister::split_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

// Valid until the next one.
std::string_view Lister::path_of(std::string_view name) {
  if (const std::optional<std::string_view> plain = plain_path(name)) return *plain;
  path_ = Path(name);
  return path_.str();
}

void Lister::note(Path path, Why why, std::string what) {
  listing_.notes.push_back({std::move(path), why, std::move(what)});
}

Status Lister::add(const TarEntry& entry, const Look& look) {
  if (++entries_ > limits_.entries) {
    return fail(Errc::limit,
                "more than " + std::to_string(limits_.entries) + " entries in the image (limit entries)");
  }
  if (entry.name.size() > limits_.path_bytes) {
    note(Path(), Why::too_big,
         "a name of " + std::to_string(entry.name.size()) +
             " bytes was left out (limit path_bytes): " + printable(entry.name.substr(0, 60)) + "...");
    return {};
  }
  const std::string_view path = path_of(entry.name);
  if (entry.link.size() > limits_.path_bytes) {
    note(Path(path), Why::too_big,
         "a link to a name of " + std::to_string(entry.link.size()) +
             " bytes was left out (limit path_bytes)");
    return {};
  }
  if (path.size() < entry.name.size() && climbs_out(entry.name)) {
    note(Path(path), Why::suspicious, "a name that climbs out of the image: " + printable(entry.name));
  }
  const Split parts = split_path(path);
  if (parts.name.starts_with(kWhiteout)) {
    add_whiteout(parts);
    return {};
  }
  return add_item(entry, path, parts, look);
}

void Lister::add_whiteout(const Split& path) {
  if (path.name == kOpaque) {
    listing_.items.add({.kind = Item::Kind::opaque, .folder = path.folder});
    return;
  }
  if (path.name.starts_with(kBookkeeping)) return;
  const std::string_view name = path.name.substr(kWhiteout.size());
  if (name.empty() || name == "." || name == "..") {
    note(Path(std::string(path.folder) + "/" + std::string(path.name)), Why::suspicious,
         "a whiteout that names nothing");
    return;
  }
  listing_.items.add({.kind = Item::Kind::whiteout, .folder = path.folder, .name = name});
}

Status Lister::add_item(const TarEntry& entry, std::string_view path, const Split& parts, const Look& look) {
  Item item{.mode = entry.mode,
            .size = entry.size,
            .folder = parts.folder,
            .name = parts.name,
            .place = entry.offset};
  Path target;
  switch (entry.kind) {
    case TarEntry::Kind::file: item.kind = Item::Kind::file; break;
    case TarEntry::Kind::directory: item.kind = Item::Kind::directory; break;
    case TarEntry::Kind::device: item.kind = Item::Kind::device; break;
    case TarEntry::Kind::symlink:
      item.kind = Item::Kind::symlink;
      item.link = entry.link;
      break;
    case TarEntry::Kind::hard_link:
      item.kind = Item::Kind::hard_link;
      target = Path(entry.link);
      item.link = target.str();
      break;
    case TarEntry::Kind::other:
      note(Path(path), Why::unsupported, "a tar entry of an unknown type was left out");
      return {};
  }
  if (item.kind == Item::Kind::file || item.kind == Item::Kind::directory) TRY(look(entry, path, item));
  listing_.items.add(item);
  return {};
}

}  // namespace peekr
