// SPDX-License-Identifier: Apache-2.0
#include "image/lister.h"

#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::string_view kOpaque = ".wh..wh..opq", kBookkeeping = ".wh..wh.";

// Without a "./" in front and a "/" behind.
std::string_view bare(std::string_view name) {
  if (name.starts_with("./")) name.remove_prefix(2);
  if (name.ends_with('/')) name.remove_suffix(1);
  return name;
}

// Whether it is one part of a canonical path; of those that begin with a dot Path tells.
bool is_plain_part(std::string_view part) {
  return !part.empty() && part.front() != '.' && part.find('/') == std::string_view::npos;
}

bool is_plain(std::string_view name) {
  for (std::size_t at = 0;;) {
    const std::size_t slash = name.find('/', at);
    if (!is_plain_part(name.substr(at, slash - at))) return false;
    if (slash == std::string_view::npos) return true;
    at = slash + 1;
  }
}

}  // namespace

// Nearly all names are canonical, and in the folder of the entry before, which need not be looked through again.
Lister::Split Lister::split(std::string_view raw) {
  std::string_view path = bare(raw);
  if (!folder_.empty() && path.starts_with(folder_) && is_plain_part(path.substr(folder_.size())))
    return {path, path.substr(0, folder_.size() - 1), path.substr(folder_.size())};
  if (!is_plain(path)) {
    path_ = Path(raw);
    path = path_.str();
  }
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {path, "", path};
  folder_ = path.substr(0, slash + 1);
  return {path, path.substr(0, slash), path.substr(slash + 1)};
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
  const Split parts = split(entry.name);
  if (entry.link.size() > limits_.path_bytes) {
    note(Path(parts.path), Why::too_big,
         "a link to a name of " + std::to_string(entry.link.size()) +
             " bytes was left out (limit path_bytes)");
    return {};
  }
  if (parts.path.size() < entry.name.size() && climbs_out(entry.name)) {
    note(Path(parts.path), Why::suspicious, "a name that climbs out of the image: " + printable(entry.name));
  }
  if (parts.name.starts_with(kWhiteout)) {
    add_whiteout(parts);
    return {};
  }
  return add_item(entry, parts, look);
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

Status Lister::add_item(const TarEntry& entry, const Split& parts, const Look& look) {
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
      note(Path(parts.path), Why::unsupported, "a tar entry of an unknown type was left out");
      return {};
  }
  if (item.kind == Item::Kind::file || item.kind == Item::Kind::directory) TRY(look(entry, parts.path, item));
  listing_.items.add(item);
  return {};
}

}  // namespace peekr
