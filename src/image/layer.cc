// SPDX-License-Identifier: Apache-2.0
#include "image/layer.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/memory.h"
#include "base/text.h"
#include "base/timer.h"
#include "image/laying.h"
#include "image/lister.h"
#include "image/partial.h"
#include "image/record.h"
#include "image/tar.h"
#include "image/toc_check.h"
#include "image/unpack.h"
#include "lib/digest.h"
#include "model/layer_number.h"

namespace peekr {
namespace {

void note(Listing& listing, Path path, Why why, std::string what) {
  listing.notes.push_back({std::move(path), why, std::move(what)});
}

// Where the system keeps its executables: nearly all are a package's.
bool is_of_system(const Path& path) {
  constexpr std::array<std::string_view, 12> kFolders = {
      "bin/",     "boot/",    "lib/",       "lib32/",     "lib64/",       "sbin/",
      "usr/bin/", "usr/lib/", "usr/lib32/", "usr/lib64/", "usr/libexec/", "usr/sbin/"};
  return std::ranges::any_of(kFolders,
                             [&](std::string_view folder) { return path.str().starts_with(folder); });
}

// Where they are a language package's, which has no checksum of them.
bool is_of_language(const Path& path) {
  constexpr std::array<std::string_view, 2> kFolders = {"/node_modules/", "/site-packages/"};
  return std::ranges::any_of(kFolders, [&](std::string_view folder) { return path.str().contains(folder); });
}

// Whether whose file that comes in pieces is may matter, whatever it has said so far: large programs mostly say something, and often in
// the last piece. Where a language keeps them nobody asks but of what says something: there the checksum is worked out later if need be;
// of what is no program, too.
bool is_asked(const Inventory& found, const Path& path, Verify verify) {
  if (!found.packages.empty()) return true;
  return found.executable && (verify == Verify::full || is_of_system(path) || !is_of_language(path));
}

// All of it at once: grown by doubling, there would be two for a while. Memory is taken only as bytes arrive.
void make_room(std::string& buffer, std::uint64_t size) {
  buffer.clear();
  if (buffer.capacity() >= size) return;
  std::string().swap(buffer);  // assigning would keep the memory
  buffer.reserve(static_cast<std::size_t>(size));
  ask_for_large_pages({buffer.data(), buffer.capacity()});
}

// Looks into the files of a tar as they go by.
class TarFiles {
 public:
  // `seen`: gathered for a layer that has a table of contents; null: it has none.
  TarFiles(const LayerJob& job, Tar& tar, Listing& listing, TocSeen* seen)
      : job_(job), tar_(tar), listing_(listing), seen_(seen), wanted_(job, listing) {}

  Status look(const TarEntry& entry, std::string_view path, Item& item) {
    if (item.kind == Item::Kind::directory) {
      wanted_.enter(path);
      return {};
    }
    if (entry.sparse) return read_sparse(Path(path), item);
    if (seen_ != nullptr && seen_->is_table(path)) {
      seen_->table.clear();
      TRY(tar_.read_some(seen_->table, kMostToc + 1));
      seen_->table_place = item.place;
      return {};
    }
    const Interest interest = wanted_.interest(path, TRY(tar_.peek(kHeadBytes)));
    if (interest == Interest::none) return {};
    if (interest == Interest::pieces) {
      item.found =
          TRY(wanted_.add_pieces(Path(path), entry.size, [&](std::string& bytes, std::uint64_t size) {
            return tar_.read_some(bytes, size);
          }));
      return {};
    }
    return read_whole(Path(path), item, interest);
  }

  Status finish() { return wanted_.finish(); }

 private:
  // The stored bytes of a sparse file are not its first bytes. It is put together only where it is wanted: a header of 512 bytes
  // may state any size.
  Status read_sparse(const Path& path, Item& item) {
    if (item.size > WantedFiles::kSmall) wanted_.take_turn();
    const std::optional<std::string> stored = TRY(unless_too_big(path, tar_.read_stored()));
    if (!stored) return {};
    const std::string head = TRY(tar_.with_holes(*stored, kHeadBytes));
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
      return std::optional(TRY(tar_.with_holes(*stored, item.size)));
    };
    item.found = TRY(wanted_.add(path, item.size, interest, whole));
    return {};
  }

  Status read_whole(const Path& path, Item& item, Interest interest) {
    const auto whole = [&]() -> Result<std::optional<std::string>> {
      std::optional<std::string> bytes = TRY(unless_too_big(path, tar_.read()));
      if (bytes && seen_ != nullptr) seen_->digests[item.place] = hex_digest("sha256", *bytes);
      return bytes;
    };
    item.found = TRY(wanted_.add(path, item.size, interest, whole));
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
  Tar& tar_;
  Listing& listing_;
  TocSeen* seen_;
  WantedFiles wanted_;
  std::uint64_t holes_ = 0;  // bytes of sparse files that were put together
};

struct Opening {
  Verify verify = Verify::blobs;
  Inflate inflate = Inflate::asked;
  TocSeen* seen = nullptr;
};

// The unpacked bytes of a layer, verified as asked.
Result<std::unique_ptr<ByteSource>> open_layer(const Image& image, std::uint32_t index, Opening how,
                                               const Limits& limits, std::vector<Note>& notes) {
  const LayerInfo& info = image.info.layers[index];
  std::unique_ptr<ByteSource> packed = TRY(image.layers[index]());
  if (how.seen != nullptr) packed = how.seen->gathering(std::move(packed));
  if (!info.digest.empty()) packed = verified_bytes(std::move(packed), info.digest, "blob");
  std::unique_ptr<ByteSource> plain = TRY(unpack(std::move(packed), limits, notes, how.inflate));
  if (how.verify == Verify::full && !info.diff_id.empty()) {
    plain = verified_bytes(std::move(plain), info.diff_id, "diff ID");
  } else if (how.verify == Verify::full) {
    notes.push_back({Path(), Why::unsupported, "it has no diff ID to be verified against (--verify full)"});
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
Result<TarEnd> finish_tar(Tar& tar, Listing& listing) {
  if (TRY(tar.trailing_data())) note(listing, Path(), Why::suspicious, "data behind the end of the tar");
  return tar.ended_early() ? TarEnd::unmarked : TarEnd::marked;
}

Status read_tar(const LayerJob& job, std::uint32_t index, Listing& listing) {
  std::vector<Note> notes;  // of another thread
  const LayerTable* table = table_of(job.image, index);
  std::optional<TocSeen> seen;  // of another thread, too
  if (table != nullptr) seen.emplace(table->place);
  TocSeen* const gathered = seen ? &*seen : nullptr;
  std::unique_ptr<ByteSource> plain = TRY(
      open_layer(job.image, index, {job.options.verify, job.inflate, gathered}, job.options.limits, notes));
  const Result<TarEnd> end = list_tar(job, *plain, listing, gathered);
  plain.reset();
  std::ranges::move(notes, std::back_inserter(listing.notes));
  if (!end) return fail(end.error());
  const LayerInfo& info = job.image.info.layers[index];
  const bool verified = !info.digest.empty() || (job.options.verify == Verify::full && !info.diff_id.empty());
  note_end(*end, verified ? Wholeness::verified : Wholeness::unknown, listing);
  if (seen) check_toc(job, *seen, listing);
  return {};
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
  if (job.laying != nullptr && job.inflate == Inflate::ahead) job.laying->begin(index, listing.items);
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
  TRY(read_whole_file({.path = path, .bytes = *all}, listing_.found.size(), found));
  listing_.found.push_back(std::move(found));
  return static_cast<std::int32_t>(listing_.found.size() - 1);
}

Result<std::int32_t> WantedFiles::add(const Path& path, std::uint64_t size, Interest interest,
                                      const Whole& bytes) {
  const bool waits = interest == Interest::keep || interest == Interest::read_later;
  if (!waits || !has_room(path, size)) {
    if (interest == Interest::keep) return -1;
    if (size <= kSmall) return read_whole(path, bytes);
    give_way();
    return large_.with_all([&] { return read_whole(path, bytes); });
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

Status check_packages(std::uint64_t count, std::uint64_t most) {
  if (count <= most) return {};
  return fail(Errc::limit,
              "more than " + std::to_string(most) + " packages in the files of all layers (limit packages)");
}

Status read_counted(const Reader& reader, const File& file, std::atomic<std::uint64_t>& packages,
                    std::uint64_t most, Inventory& found) {
  const std::size_t before = found.packages.size();
  found.most_packages = before + most - std::min<std::uint64_t>(most, packages);
  reader.read(file, found);
  packages += found.packages.size() - before;
  return within(printable(file.path.str()),
                check_packages(found.left_out ? most + 1 : packages.load(), most));
}

Status WantedFiles::read(File file, Inventory& found) {
  archives_.grant(kArchivesRatio * file.bytes.size());
  file.allowance = &archives_;
  const std::size_t before = found.packages.size();
  const Status status = read_counted(reader_, file, packages_, most_packages_, found);
  counted_ += found.packages.size() - before;
  return status;
}

// What is kept of other files is no more, before there is one of more than kSmall bytes.
void WantedFiles::give_way() {
  std::string().swap(small_);
  later_.finish();
}

// `index`: of what was found, or will be once nothing can fail any more.
void WantedFiles::hash(std::string_view bytes, std::size_t index, FileDigests& digests) {
  const ChecksumKinds kinds = checksums_;
  if (kinds == only(Checksum::Kind::md5) && later_.add(index, bytes)) return;
  digests = digests_of(bytes, kinds);
}

Status WantedFiles::read_whole_file(const File& file, std::size_t index, Found& found) {
  auto inventory = std::make_shared<Inventory>();
  TRY(read(file, *inventory));
  // Whose file it is matters only where it says something.
  if (!inventory->packages.empty()) hash(file.bytes, index, found.digests);
  found.inventory = std::move(inventory);
  return {};
}

// Of how many bytes a piece of a file is: of equal ones none takes more memory than it must.
std::uint64_t WantedFiles::piece_of(std::uint64_t size) const {
  if (size <= piece_) return piece_;
  // It is not whole anyway: who has a third of the room leaves the rest to others.
  const std::uint64_t behind = size - kPieceOverlap,
                      most = piece_ / 2 - kPieceOverlap;  // of each piece what is new
  const std::uint64_t count = behind / most + (behind % most != 0 ? 1 : 0);
  return behind / count + (behind % count != 0 ? 1 : 0) + kPieceOverlap;
}

Status WantedFiles::read_pieces(File file, const More& more, std::string& buffer, Found& found) {
  const std::uint64_t piece = piece_of(file.size);
  make_room(buffer, std::min(std::max(file.size, kSmall), piece));
  std::string start;
  std::optional<Digesters> digesters;
  auto inventory = std::make_shared<Inventory>();
  for (const std::uint64_t size = std::exchange(file.size, 0);;) {
    const std::size_t overlap = buffer.size();
    TRY(more(buffer, piece - buffer.size()));
    // A file on disk that has become shorter meanwhile ends where it ends.
    const bool last = buffer.size() < piece || file.offset + buffer.size() >= size;
    if (!last || file.offset > 0) file.size = size;
    file.bytes = buffer;
    TRY(read(file, *inventory));
    const bool first = file.offset == 0;
    if (first && !last && is_asked(*inventory, found.path, verify_)) digesters.emplace(checksums_.load());
    if (digesters) digesters->update(file.bytes.substr(overlap));
    if (last) break;
    if (start.empty()) file.start = start = buffer.substr(0, kStartBytes);
    file.offset += buffer.size() - kPieceOverlap;
    buffer.erase(0, buffer.size() - kPieceOverlap);
  }
  const bool whole = file.offset == 0;
  if (digesters) {
    found.digests = digesters->finish();
  } else if (whole && (verify_ == Verify::full || !inventory->packages.empty())) {
    hash(file.bytes, listing_.found.size(), found.digests);
  } else if (whole && inventory->executable && !is_of_system(found.path) && !is_of_language(found.path)) {
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
    give_way();
    TRY(large_.with(std::min(size, piece_of(size)), [&] {
      std::string buffer;
      return read_pieces(file, more, buffer, found);
    }));
  }
  listing_.found.push_back(std::move(found));
  return static_cast<std::int32_t>(listing_.found.size() - 1);
}

Status WantedFiles::finish() {
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
    TRY(read_whole_file({one.path, one.bytes, folder.files}, static_cast<std::size_t>(one.found), found));
    found.neighbours = folder.paths;
  }
  waiting_.clear();
  later_.finish();
  if (patient_) patient_.unlock();
  return {};
}

std::string layer_name(const ImageInfo& info, std::uint32_t index) {
  const LayerInfo& layer = info.layers[index];
  const std::string digest = layer.digest.empty() ? layer.diff_id.str() : layer.digest.str();
  return layer_number(index, info.layers.size()) + (digest.empty() ? "" : " (" + digest + ")");
}

std::string layer_key(const Image& image, std::uint32_t index, const Reader& reader,
                      const ReadOptions& options) {
  const LayerInfo& layer = image.info.layers[index];
  if (options.cache == nullptr || reader.version == nullptr || layer.digest.empty()) return {};
  if (!is_streamed(image, index) && !image.layers[index]) return {};
  const auto& [layer_bytes, ratio, ratio_from, entries, packages, file_bytes, path_bytes, header_bytes,
               manifest_bytes, archive_bytes, image_bytes, layers, window_log] = options.limits;
  std::string text = "layer 2 " + std::string(reader.version()) + " limits";
  for (const std::uint64_t one : {layer_bytes, ratio, ratio_from, entries, packages, file_bytes, path_bytes,
                                  header_bytes, std::uint64_t{window_log}})
    text += " " + std::to_string(one);
  if (options.verify == Verify::full) text += " " + layer.diff_id.str();
  if (const LayerTable* table = table_of(image, index)) {
    const auto& [format, digest, offset, size] = table->place;
    text += " table " + digest.str();
    for (const std::uint64_t one : {static_cast<std::uint64_t>(format), offset, size})
      text += " " + std::to_string(one);
  }
  return Cache::key(text + " " + layer.digest.str());
}

void note_end(TarEnd end, Wholeness wholeness, Listing& listing) {
  if (end == TarEnd::marked) return;
  if (wholeness == Wholeness::verified) {
    note(listing, Path(), Why::suspicious, "the tar was written without an end marker");
  } else {
    note(listing, Path(), Why::damaged, "the tar has no end marker: it may have been cut short");
  }
}

Result<TarEnd> list_tar(const LayerJob& job, ByteSource& plain, Listing& listing, TocSeen* seen) {
  Tar tar(plain, job.options.limits);
  Lister lister(job.options.limits, job.entries, listing);
  TarFiles files(job, tar, listing, seen);
  const Lister::Look look = [&](const TarEntry& entry, std::string_view path, Item& item) {
    return files.look(entry, path, item);
  };
  TarEntry entry;
  while (TRY(tar.next(entry))) {
    if (job.stop.stop_requested()) return fail(Errc::cancelled, "stopped");
    TRY(lister.add(entry, look));
  }
  const TarEnd end = TRY(finish_tar(tar, listing));
  TRY(files.finish());
  return end;
}

std::optional<Listing> cached_layer(const LayerJob& job, std::uint32_t index) {
  if (job.options.verify == Verify::full) return std::nullopt;  // what is there is to be seen, not what was
  const std::string key = layer_key(job.image, index, job.reader, job.options);
  std::optional<Listing> known = key.empty() ? std::nullopt : load_listing(key, *job.options.cache);
  if (known) {
    job.entries += known->items.count();
    for (const Found& one : known->found) job.packages += one.inventory->packages.size();
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
  if (std::optional<Listing> part = TRY(read_partial(job, index))) {  // never for the cache: it is not all
    name_layer(job.image.info, index, *part);
    return *std::move(part);
  }
  Listing listing = TRY(job.lines.with([&] { return read_anew(job, index); }));
  return finished_layer(job, index, std::move(listing));
}

namespace {

// Of the file at hand; the last piece is empty.
Status read_pieces(Tar& tar, const std::function<void(std::string_view)>& use) {
  std::string piece;
  do {
    piece.clear();
    TRY(tar.read_some(piece, kRereadPiece));
    use(piece);
  } while (!piece.empty());
  return {};
}

}  // namespace

Status read_contents(ByteSource& plain, const std::vector<Content>& contents, const Limits& limits,
                     const UseContent& use) {
  Tar tar(plain, limits);
  TarEntry entry;
  auto at = contents.begin();
  while (TRY(tar.next(entry))) {
    if (entry.kind != TarEntry::Kind::file || at == contents.end() || at->place != entry.offset) continue;
    const auto end =
        std::find_if(at, contents.end(), [&](const Content& one) { return one.place != at->place; });
    if (at->in_pieces && !entry.sparse) {
      TRY(within(at->path.str(), read_pieces(tar, [&](std::string_view bytes) {
                   std::for_each(at, end, [&](const Content& one) { use(one, bytes); });
                 })));
      at = end;
      continue;
    }
    const Result<std::string> bytes = tar.read();
    if (!bytes && bytes.error().code != Errc::limit) return fail(bytes.error().within(at->path.str()));
    for (; at != end; ++at) {
      if (bytes) use(*at, *bytes);
    }
  }
  // To the end of the blob: else nobody has held its digest against what was read this time.
  TRY(tar.trailing_data());
  if (at == contents.end()) return {};
  return fail(Errc::damaged, at->path.str() + ": is not where it was when the layer was read first");
}

namespace {

// Through its table; what cannot be read so, from all of the layer.
Status read_parts_again(const Image& image, std::uint32_t layer, const std::vector<Content>& contents,
                        const Limits& limits, const UseContent& use) {
  std::set<Content> done;
  const UseContent once = [&](const Content& content, std::string_view bytes) {
    done.insert(content);
    use(content, bytes);
  };
  const Status status = read_partial_files(image, layer, contents, limits, once);
  if (status || !may_fall_back(status.error().code)) return status;
  if (status.error().code == Errc::mismatch)
    image.whole_because->with([&](auto& all) { all.try_emplace(layer, status.error().message); });
  std::vector<Content> rest;
  std::ranges::copy_if(contents, std::back_inserter(rest),
                       [&](const Content& one) { return !done.contains(one); });
  std::vector<Note> notes;
  const std::unique_ptr<ByteSource> plain = TRY(open_layer(image, layer, {}, limits, notes));
  return read_by_name(*plain, *toc_in_use(image, layer), rest, limits, use);
}

}  // namespace

Status read_files(const Image& image, const WantedContents& wanted, const Limits& limits,
                  const UseFile& use) {
  WantedContents streamed;
  for (const auto& [layer, contents] : wanted) {
    if (is_streamed(image, layer)) {
      streamed[layer] = contents;
      continue;
    }
    const Timer timer("image/layer again");
    const UseContent use_one = [&, at = layer](const Content& content, std::string_view bytes) {
      use(at, content, bytes);
    };
    if (!image.folder.empty()) {
      TRY(read_folder_files(image, contents, limits, use_one));
      continue;
    }
    if (toc_in_use(image, layer) != nullptr) {
      TRY(within(layer_name(image.info, layer), read_parts_again(image, layer, contents, limits, use_one)));
      continue;
    }
    std::vector<Note> notes;  // the first reading has reported them
    const std::unique_ptr<ByteSource> plain = TRY(open_layer(image, layer, {}, limits, notes));
    TRY(within(layer_name(image.info, layer), read_contents(*plain, contents, limits, use_one)));
  }
  return streamed.empty() ? Status() : read_stream_files(image, streamed, limits, use);
}

}  // namespace peekr
