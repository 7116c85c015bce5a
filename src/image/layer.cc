// SPDX-License-Identifier: Apache-2.0
// A layer is a tar of changes: github.com/opencontainers/image-spec layer.md. ".wh.NAME" removes NAME,
// ".wh..wh..opq" empties its directory, other ".wh..wh." names are AUFS bookkeeping.
#include "image/layer.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/timer.h"
#include "image/record.h"
#include "image/tar.h"
#include "image/unpack.h"
#include "lib/digest.h"

namespace peekr {
namespace {

constexpr std::string_view kOpaque = ".wh..wh..opq", kBookkeeping = ".wh..wh.";

void note(Listing& listing, Path path, Why why, std::string what) {
  listing.notes.push_back({std::move(path), why, std::move(what)});
}

class Digesters {
 public:
  explicit Digesters(ChecksumKinds kinds) {
    if (kinds == 0) kinds = ~0u;
    if ((kinds & only(Checksum::Kind::md5)) != 0) md5_.emplace("md5");
    if ((kinds & only(Checksum::Kind::sha1)) != 0) sha1_.emplace("sha1");
    if ((kinds & only(Checksum::Kind::sha256)) != 0) sha256_.emplace("sha256");
  }

  void update(std::string_view bytes) {
    for (std::optional<Hasher>* one : {&md5_, &sha1_, &sha256_}) {
      if (*one) (*one)->update(bytes);
    }
  }

  FileDigests finish() {
    const auto of = [](std::optional<Hasher>& one) { return one ? one->finish() : std::string(); };
    return {.md5 = of(md5_), .sha1 = of(sha1_), .sha256 = of(sha256_)};
  }

 private:
  std::optional<Hasher> md5_, sha1_, sha256_;
};

// Where nearly every executable is a package's: the few that are not can be read again.
bool is_of_distribution(const Path& path) {
  constexpr std::array<std::string_view, 12> kFolders = {
      "bin/",     "boot/",    "lib/",       "lib32/",     "lib64/",       "sbin/",
      "usr/bin/", "usr/lib/", "usr/lib32/", "usr/lib64/", "usr/libexec/", "usr/sbin/"};
  return std::ranges::any_of(kFolders,
                             [&](std::string_view folder) { return path.str().starts_with(folder); });
}

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

// Turns tar entries into Items. One object a layer.
class Lister {
 public:
  Lister(const LayerJob& job, Listing& listing) : job_(job), listing_(listing), wanted_(job, listing) {}

  Status add(Tar& tar, TarEntry& entry) {
    if (++job_.entries > job_.options.limits.entries) {
      return fail(Errc::limit, "more than " + std::to_string(job_.options.limits.entries) +
                                   " entries in the image (limit entries)");
    }
    if (entry.name.size() > job_.options.limits.path_bytes) {
      note(listing_, Path(), Why::too_big,
           "a name of " + std::to_string(entry.name.size()) +
               " bytes was left out (limit path_bytes): " + printable(entry.name.substr(0, 60)) + "...");
      return {};
    }
    const std::string_view path = path_of(entry.name);
    if (entry.link.size() > job_.options.limits.path_bytes) {
      note(listing_, Path(path), Why::too_big,
           "a link to a name of " + std::to_string(entry.link.size()) +
               " bytes was left out (limit path_bytes)");
      return {};
    }
    if (path.size() < entry.name.size() && climbs_out(entry.name)) {
      note(listing_, Path(path), Why::suspicious,
           "a name that climbs out of the image: " + printable(entry.name));
    }
    const Split parts = split_path(path);
    if (parts.name.starts_with(kWhiteout)) {
      add_whiteout(parts);
      return {};
    }
    return add_item(tar, entry, path, parts);
  }

  void finish() { wanted_.finish(); }

 private:
  struct Split {
    std::string_view folder, name;
  };
  static Split split_path(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return {"", path};
    return {path.substr(0, slash), path.substr(slash + 1)};
  }

  // Valid until the next one.
  std::string_view path_of(std::string_view name) {
    if (const std::optional<std::string_view> plain = plain_path(name)) return *plain;
    path_ = Path(name);
    return path_.str();
  }

  void add_whiteout(const Split& path) {
    if (path.name == kOpaque) {
      listing_.items.add({.kind = Item::Kind::opaque, .folder = path.folder});
      return;
    }
    if (path.name.starts_with(kBookkeeping)) return;
    const std::string_view name = path.name.substr(kWhiteout.size());
    if (name.empty() || name == "." || name == "..") {
      note(listing_, Path(std::string(path.folder) + "/" + std::string(path.name)), Why::suspicious,
           "a whiteout that names nothing");
      return;
    }
    listing_.items.add({.kind = Item::Kind::whiteout, .folder = path.folder, .name = name});
  }

  Status add_item(Tar& tar, TarEntry& entry, std::string_view path, const Split& parts) {
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
        note(listing_, Path(path), Why::unsupported, "a tar entry of an unknown type was left out");
        return {};
    }
    if (item.kind == Item::Kind::file) TRY(read_if_wanted(tar, entry, path, item));
    if (item.kind == Item::Kind::directory) wanted_.enter(path);
    listing_.items.add(item);
    return {};
  }

  Status read_if_wanted(Tar& tar, const TarEntry& entry, std::string_view path, Item& item) {
    if (entry.sparse) return read_sparse(tar, Path(path), item);
    const Interest interest = wanted_.interest(path, TRY(tar.peek(kHeadBytes)));
    if (interest == Interest::none) return {};
    if (interest == Interest::pieces) {
      item.found =
          TRY(wanted_.add_pieces(Path(path), entry.size, [&](std::string& bytes, std::uint64_t size) {
            return tar.read_some(bytes, size);
          }));
      return {};
    }
    return read_whole(tar, Path(path), item, interest);
  }

  // The stored bytes of a sparse file are not its first bytes. It is put together only where it is wanted: a header of 512 bytes
  // may state any size.
  Status read_sparse(Tar& tar, const Path& path, Item& item) {
    if (item.size > WantedFiles::kSmall) wanted_.take_turn();
    const std::optional<std::string> stored = TRY(unless_too_big(path, tar.read_stored()));
    if (!stored) return {};
    const std::string head = TRY(tar.with_holes(*stored, kHeadBytes));
    const Interest interest = wanted_.interest(path.str(), head);
    if (interest == Interest::none) return {};
    const std::uint64_t most = job_.options.limits.file_bytes;
    if (item.size > most - std::min(holes_, most)) {
      note(listing_, path, Why::too_big,
           "a sparse file was left out: those of the layer are more than " + std::to_string(most) +
               " bytes (limit file_bytes)");
      return {};
    }
    holes_ += item.size;
    const auto whole = [&]() -> Result<std::optional<std::string>> {
      return std::optional(TRY(tar.with_holes(*stored, item.size)));
    };
    item.found = TRY(wanted_.add(path, item.size, interest, whole));
    return {};
  }

  Status read_whole(Tar& tar, const Path& path, Item& item, Interest interest) {
    item.found =
        TRY(wanted_.add(path, item.size, interest, [&] { return unless_too_big(path, tar.read()); }));
    return {};
  }

  // Nothing: larger than the limit, which is a note.
  Result<std::optional<std::string>> unless_too_big(const Path& path, Result<std::string> bytes) {
    if (!bytes && bytes.error().code == Errc::limit) {
      note(listing_, path, Why::too_big, bytes.error().message);
      return std::optional<std::string>();
    }
    return std::optional<std::string>(TRY(std::move(bytes)));
  }

  const LayerJob& job_;
  Listing& listing_;
  WantedFiles wanted_;
  Path path_;                // of the entry at hand, where its name was not one
  std::uint64_t holes_ = 0;  // bytes of sparse files that were put together
};

struct Opening {
  Verify verify = Verify::blobs;
  Inflate inflate = Inflate::asked;
};

// The unpacked bytes of a layer, verified as asked.
Result<std::unique_ptr<ByteSource>> open_layer(const Image& image, std::uint32_t index, Opening how,
                                               const Limits& limits, std::vector<Note>& notes) {
  const LayerInfo& info = image.info.layers[index];
  std::unique_ptr<ByteSource> packed = TRY(image.layers[index]());
  if (!info.digest.empty()) packed = verified_bytes(std::move(packed), info.digest, "blob");
  std::unique_ptr<ByteSource> plain = TRY(unpack(std::move(packed), limits, notes, how.inflate));
  if (how.verify == Verify::full && !info.diff_id.empty()) {
    plain = verified_bytes(std::move(plain), info.diff_id, "diff ID");
  }
  return plain;
}

// A damaged blob shows first as a damaged archive; where its digest is wrong too, that is the thing to say.
Error blame(const Image& image, std::uint32_t index, Error error) {
  const LayerInfo& info = image.info.layers[index];
  if (error.code != Errc::damaged || info.digest.empty()) return error;
  Result<std::unique_ptr<ByteSource>> packed = image.layers[index]();
  if (!packed) return error;
  const std::unique_ptr<ByteSource> blob = verified_bytes(*std::move(packed), info.digest, "blob");
  for (;;) {
    const Result<std::string_view> bytes = blob->next();
    if (!bytes) return bytes.error().code == Errc::mismatch ? bytes.error() : error;
    if (bytes->empty()) return error;
  }
}

// Walks to the end of the blob: also what lies behind the end of the tar belongs to the digest.
Status finish_tar(Tar& tar, Listing& listing) {
  if (tar.ended_early()) {
    note(listing, Path(), Why::damaged, "the tar has no end marker: it may have been cut short");
  }
  if (TRY(tar.trailing_data())) note(listing, Path(), Why::suspicious, "data behind the end of the tar");
  return {};
}

Status read_tar(const LayerJob& job, std::uint32_t index, Listing& listing) {
  std::vector<Note> notes;  // of another thread
  std::unique_ptr<ByteSource> plain =
      TRY(open_layer(job.image, index, {job.options.verify, job.inflate}, job.options.limits, notes));
  Status status = list_tar(job, *plain, listing);
  plain.reset();
  std::ranges::move(notes, std::back_inserter(listing.notes));
  return status;
}

Result<Listing> read_anew(const LayerJob& job, std::uint32_t index) {
  const Timer timer("image/layer");
  Listing listing;
  if (!job.image.layers[index]) return listing;  // the source has said why
  const std::string name = layer_name(job.image.info, index);
  if (job.image.info.layers[index].size > job.options.limits.layer_bytes) {
    return fail(Errc::limit, name + ": more than " + std::to_string(job.options.limits.layer_bytes) +
                                 " bytes (limit layer_bytes)");
  }
  if (const Status status = read_tar(job, index, listing); !status) {
    return fail(blame(job.image, index, status.error()).within(name));
  }
  return listing;
}

void name_layer(const ImageInfo& info, std::uint32_t index, Listing& listing) {
  for (Found& one : listing.found) one.layer = index;
  for (Note& one : listing.notes) {
    if (one.path.empty()) one.what = layer_name(info, index) + ": " + one.what;
  }
}

}  // namespace

// Whether a file may be kept until the end of the layer; else a note says so.
bool WantedFiles::has_room(const Path& path, std::uint64_t size) {
  if (size > most_ - kept_) {
    listing_.notes.push_back(
        {path, Why::too_big,
         "is looked at without the files beside it: what is kept until the end of a layer is more than " +
             std::to_string(most_) + " bytes (limit file_bytes)"});
    return false;
  }
  kept_ += size;
  if (kept_ > kSmall) take_turn();
  return true;
}

Result<std::int32_t> WantedFiles::read_whole(const Path& path, const Whole& bytes) {
  const std::optional<std::string> all = TRY(bytes());
  if (!all) return -1;
  Found found{.path = path};
  read_whole_file({.path = path, .bytes = *all}, found);
  listing_.found.push_back(std::move(found));
  return static_cast<std::int32_t>(listing_.found.size() - 1);
}

Result<std::int32_t> WantedFiles::add(const Path& path, std::uint64_t size, Interest interest,
                                      const Whole& bytes) {
  const bool waits = interest == Interest::keep || interest == Interest::read_later;
  if (!waits || !has_room(path, size)) {
    if (interest == Interest::keep) return -1;
    if (size <= kSmall) return read_whole(path, bytes);
    return large_.with([&](std::string& buffer) {
      std::string().swap(buffer);
      return read_whole(path, bytes);
    });
  }
  std::optional<std::string> kept = TRY(bytes());
  if (!kept) return -1;
  std::int32_t index = -1;
  if (interest == Interest::read_later) {
    index = static_cast<std::int32_t>(listing_.found.size());
    listing_.found.push_back({.path = path, .inventory = std::make_shared<Inventory>()});
  }
  waiting_.push_back({path, *std::move(kept), index});
  return index;
}

void WantedFiles::read_whole_file(const File& file, Found& found) const {
  auto inventory = std::make_shared<Inventory>();
  reader_.read(file, *inventory);
  // Whose file it is matters only where it says something.
  if (!inventory->packages.empty()) found.digests = digests_of(file.bytes, checksums_);
  found.inventory = std::move(inventory);
}

Status WantedFiles::read_pieces(File file, const More& more, std::string& buffer, Found& found) const {
  // Room for all of it at once: grown by doubling, there would be two for a while. Memory is taken only as bytes arrive.
  const auto room = static_cast<std::size_t>(std::min(file.size, kPiece));
  buffer.clear();
  if (buffer.capacity() < room) {
    std::string().swap(buffer);  // assigning would keep the memory
    buffer.reserve(room);
  }
  std::string start;
  std::optional<Digesters> digesters;
  auto inventory = std::make_shared<Inventory>();
  for (const std::uint64_t size = std::exchange(file.size, 0);;) {
    const std::size_t overlap = buffer.size();
    TRY(more(buffer, kPiece - buffer.size()));
    // A file on disk that has become shorter meanwhile ends where it ends.
    const bool last = buffer.size() < kPiece || file.offset + buffer.size() >= size;
    if (!last || file.offset > 0) file.size = size;
    file.bytes = buffer;
    reader_.read(file, *inventory);
    if (!last && !digesters) digesters.emplace(checksums_.load());
    if (digesters) digesters->update(file.bytes.substr(overlap));
    if (last) break;
    if (start.empty()) file.start = start = buffer.substr(0, kHeadBytes);
    file.offset += buffer.size() - kPieceOverlap;
    buffer.erase(0, buffer.size() - kPieceOverlap);
  }
  if (digesters) {
    found.digests = digesters->finish();
  } else if (verify_ == Verify::full || !inventory->packages.empty()) {
    found.digests = digests_of(file.bytes, checksums_);
  } else if (!is_of_distribution(found.path)) {
    found.digests.sha256 = hex_digest("sha256", file.bytes);
  }
  found.inventory = std::move(inventory);
  return {};
}

Result<std::int32_t> WantedFiles::add_pieces(const Path& path, std::uint64_t size, const More& more) {
  Found found{.path = path};
  const File file{.path = path, .size = size};
  if (size <= kSmall) {
    TRY(read_pieces(file, more, small_, found));
  } else {
    std::string().swap(small_);
    TRY(large_.with([&](std::string& buffer) { return read_pieces(file, more, buffer, found); }));
  }
  listing_.found.push_back(std::move(found));
  return static_cast<std::int32_t>(listing_.found.size() - 1);
}

void WantedFiles::finish() {
  struct Folder {
    std::vector<File::Neighbour> files;
    std::vector<Path> paths;
  };
  std::map<std::string_view, Folder> kept;
  for (const Waiting& one : waiting_) {
    if (one.found >= 0) continue;
    Folder& folder = kept[one.path.folder()];
    folder.files.push_back({one.path, one.bytes});
    folder.paths.push_back(one.path);
  }
  for (const Waiting& one : waiting_) {
    if (one.found < 0) continue;
    const Folder& folder = kept[one.path.folder()];
    Found& found = listing_.found[static_cast<std::size_t>(one.found)];
    read_whole_file({one.path, one.bytes, folder.files}, found);
    found.neighbours = folder.paths;
  }
  waiting_.clear();
  if (patient_) patient_.unlock();
}

FileDigests digests_of(std::string_view bytes, ChecksumKinds kinds) {
  Digesters all(kinds);
  all.update(bytes);
  return all.finish();
}

std::string layer_name(const ImageInfo& info, std::uint32_t index) {
  const LayerInfo& layer = info.layers[index];
  const std::string digest = layer.digest.empty() ? layer.diff_id.str() : layer.digest.str();
  return "layer " + std::to_string(index) + (digest.empty() ? "" : " (" + digest + ")");
}

std::string layer_key(const Image& image, std::uint32_t index, const Reader& reader,
                      const ReadOptions& options) {
  const LayerInfo& layer = image.info.layers[index];
  if (options.cache == nullptr || reader.version == nullptr || layer.digest.empty()) return {};
  if (!is_streamed(image, index) && !image.layers[index]) return {};
  const auto& [layer_bytes, ratio, ratio_from, entries, file_bytes, path_bytes, header_bytes, manifest_bytes,
               archive_bytes, image_bytes, window_log] = options.limits;
  std::string text = "layer 1 " + std::string(reader.version()) + " limits";
  for (const std::uint64_t one : {layer_bytes, ratio, ratio_from, entries, file_bytes, path_bytes,
                                  header_bytes, std::uint64_t{window_log}})
    text += " " + std::to_string(one);
  if (options.verify == Verify::full) text += " " + layer.diff_id.str();
  return Cache::key(text + " " + layer.digest.str());
}

Status list_tar(const LayerJob& job, ByteSource& plain, Listing& listing) {
  Tar tar(plain, job.options.limits);
  Lister lister(job, listing);
  TarEntry entry;
  while (TRY(tar.next(entry))) {
    if (job.stop.stop_requested()) return fail(Errc::cancelled, "stopped");
    TRY(lister.add(tar, entry));
  }
  TRY(finish_tar(tar, listing));
  lister.finish();
  return {};
}

std::optional<Listing> cached_layer(const LayerJob& job, std::uint32_t index) {
  const std::string key = layer_key(job.image, index, job.reader, job.options);
  std::optional<std::string> bytes = key.empty() ? std::nullopt : job.options.cache->load(key);
  std::optional<Listing> known = bytes ? unpack_listing(*bytes) : std::nullopt;
  if (known) {
    job.entries += known->items.count();
    name_layer(job.image.info, index, *known);
  }
  return known;
}

Listing finished_layer(const LayerJob& job, std::uint32_t index, Listing listing) {
  const std::string key = layer_key(job.image, index, job.reader, job.options);
  if (!key.empty()) job.options.cache->save(key, pack(listing));
  name_layer(job.image.info, index, listing);
  return listing;
}

Result<Listing> read_layer(const LayerJob& job, std::uint32_t index) {
  if (!job.image.folder.empty()) return read_folder(job);
  if (std::optional<Listing> known = cached_layer(job, index)) return *std::move(known);
  Listing listing = TRY(read_anew(job, index));
  return finished_layer(job, index, std::move(listing));
}

Status read_contents(ByteSource& plain, const std::vector<Content>& contents, const Limits& limits,
                     const UseContent& use) {
  Tar tar(plain, limits);
  TarEntry entry;
  auto at = contents.begin();
  while (TRY(tar.next(entry))) {
    if (entry.kind != TarEntry::Kind::file || at == contents.end() || at->place != entry.offset) continue;
    const std::string bytes = TRY(within(at->path.str(), tar.read()));
    for (; at != contents.end() && at->place == entry.offset; ++at) use(*at, bytes);
  }
  // To the end of the blob: else nobody has held its digest against what was read this time.
  TRY(tar.trailing_data());
  if (at == contents.end()) return {};
  return fail(Errc::damaged, at->path.str() + ": is not where it was when the layer was read first");
}

Status read_files(const Image& image, const WantedContents& wanted, const Limits& limits,
                  const UseFile& use) {
  WantedContents streamed;
  for (const auto& [layer, contents] : wanted) {
    if (is_streamed(image, layer)) {
      streamed[layer] = contents;
      continue;
    }
    const Timer timer("image/layer again");
    const UseContent use_one = [&](const Content& content, std::string_view bytes) {
      use(layer, content, bytes);
    };
    if (!image.folder.empty()) {
      TRY(read_folder_files(image, contents, limits, use_one));
      continue;
    }
    std::vector<Note> notes;  // the first reading has reported them
    const std::unique_ptr<ByteSource> plain = TRY(open_layer(image, layer, {}, limits, notes));
    TRY(within(layer_name(image.info, layer), read_contents(*plain, contents, limits, use_one)));
  }
  return streamed.empty() ? Status() : read_stream_files(image, streamed, limits, use);
}

}  // namespace peekr
