// SPDX-License-Identifier: Apache-2.0
// One layer, read once as a stream: a Listing of its entries in order, and what the reader found in the
// wanted files.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/room.h"
#include "image/digesters.h"
#include "image/items.h"
#include "image/later_md5.h"
#include "image/runs.h"
#include "image/tree.h"
#include "image/unpack.h"

namespace peekr {

// What begins the name of a file that, in a layer, removes another.
constexpr std::string_view kWhiteout = ".wh.";

struct Listing {
  Items items;
  std::vector<Found> found;
  std::vector<Note> notes;
};

class Laying;    // image/laying.h
struct TocSeen;  // image/toc_check.h

// What all layers of one reading share.
struct LayerJob {
  const Image& image;
  const Reader& reader;
  const ReadOptions& options;
  std::stop_token stop;
  std::atomic<std::uint64_t>& entries;   // of all layers so far, for limits.entries
  std::atomic<std::uint64_t>& packages;  // the same, for limits.packages
  Room& large;                           // for large files; all of it for one that is read whole
  FetchLines& lines;                     // to where the layers are fetched from
  std::mutex& patient;                   // held by the layer that keeps much until its end
  // Of the package databases that were seen so far, in whatever layer. Only what it costs depends on it: a checksum that turns out
  // to be missing is worked out in the second reading.
  std::atomic<ChecksumKinds>& checksums;
  Inflate inflate = Inflate::asked;  // ahead: fewer layers than threads
  Laying* laying = nullptr;          // to begin with a layer while it is read, then, too
};

// Layer `index` of the image; for a root file system folder, the folder. The error names the layer.
Result<Listing> read_layer(const LayerJob& job, std::uint32_t index);
// Its parts: what the cache has of it; the tar of an unpacked layer, read to its end; what that is as layer `index`, for the cache, too.
[[nodiscard]] std::optional<Listing> cached_layer(const LayerJob& job, std::uint32_t index);
enum class TarEnd : std::uint8_t { marked, unmarked };  // whether two blocks of zeros stand there
Result<TarEnd> list_tar(const LayerJob& job, ByteSource& plain, Listing& listing, TocSeen* seen = nullptr);
// Of a tar without an end marker, at the end of an entry: where its digest was verified it was written so, else it may have been cut.
enum class Wholeness : std::uint8_t { verified, unknown };
void note_end(TarEnd end, Wholeness wholeness, Listing& listing);
[[nodiscard]] Listing finished_layer(const LayerJob& job, std::uint32_t index, Listing listing);
// All layers where Image::stream has some of them: those in one pass (stream.cc); where the cache has them all, in none.
Result<std::vector<Listing>> read_stream(const LayerJob& job);

// Under which the cache has what is found in that layer; empty: it is not kept, because nobody vouches for its digest.
[[nodiscard]] std::string layer_key(const Image& image, std::uint32_t index, const Reader& reader,
                                    const ReadOptions& options);

// "layer 2 of 3 (sha256:0123...)": how messages name a layer.
[[nodiscard]] std::string layer_name(const ImageInfo& info, std::uint32_t index);

// A file whose bytes are wanted once more: by Item::place, in a folder by its path.
struct Content {
  std::uint64_t place = 0;
  Path path;
  bool in_pieces =
      false;  // one after the other, whatever its size; where a table of contents leads to it: whole
  auto operator<=>(const Content&) const = default;
};
// By layer; contents are sorted.
using WantedContents = std::map<std::uint32_t, std::vector<Content>>;
// Reads these layers again and calls use(layer, content, bytes) for every wanted file but those of more than Limits::file_bytes
// that are not read in pieces.
// Errc::damaged: one of them is not there any more.
using UseFile = std::function<void(std::uint32_t layer, const Content&, std::string_view bytes)>;
Status read_files(const Image& image, const WantedContents& wanted, const Limits& limits, const UseFile& use);
// Its part: those of one unpacked layer, which is read to its end.
constexpr std::uint64_t kRereadPiece = 1 << 20;
using UseContent = std::function<void(const Content&, std::string_view bytes)>;
Status read_contents(ByteSource& plain, const std::vector<Content>& contents, const Limits& limits,
                     const UseContent& use);

// The same for Image::folder (folder.cc) and for Image::stream (stream.cc).
Result<Listing> read_folder(const LayerJob& job);
Status read_folder_files(const Image& image, const std::vector<Content>& contents, const Limits& limits,
                         const UseContent& use);
Status read_stream_files(const Image& image, const WantedContents& wanted, const Limits& limits,
                         const UseFile& use);

// Errc::limit: more packages than Limits::packages.
Status check_packages(std::uint64_t count, std::uint64_t most);
// reader.read() of one more file, with check_packages(). `packages`: of all files so far.
Status read_counted(const Reader& reader, const File& file, std::atomic<std::uint64_t>& packages,
                    std::uint64_t most, Inventory& found);

// Hands wanted files to the reader as they go by, and those that need neighbours at the end of the layer.
//
// What is wanted in pieces (executables) is read into one buffer, whole up to kPiece bytes (Limits::file_bytes, where that is less):
// what is told from several places of a program is found where they lie in one piece, so a piece is large. Of a larger file one is
// half of that: other layers go on beside it. A file of more than kSmall
// bytes waits until there is room for it in the room() that all layers share, and its buffer is given back at once: so
// whatever their number and size, executables cost kSmall a thread and once room(). Larger ones that are wanted whole take turns, too; and so do layers that keep more than
// kSmall bytes until their end: Limits::file_bytes is held twice at most, not by each thread.
class WantedFiles {
 public:
  WantedFiles(const LayerJob& job, Listing& listing)
      : reader_(job.reader),
        packages_(job.packages),
        large_(job.large),
        patient_(job.patient, std::defer_lock),
        checksums_(job.checksums),
        most_packages_(job.options.limits.packages),
        most_(job.options.limits.file_bytes),
        piece_(piece(job.options.limits)),
        verify_(job.options.verify),
        archives_(archives_allowance(job.options.limits)),
        listing_(listing),
        later_(listing.found, piece_ / 320) {}

  [[nodiscard]] Interest interest(std::string_view path, std::string_view head) const {
    return reader_.interest(path, head);
  }
  // A directory of the layer: it tells which package database the image has.
  void enter(std::string_view directory) {
    if (reader_.checksums != nullptr) checksums_ |= reader_.checksums(directory);
  }
  // Before much is read that is kept for a while: no other layer does that until this one ends.
  void take_turn() {
    if (!patient_) patient_.lock();
  }
  static constexpr std::uint64_t kSmall = 8 << 20;
  // Of how many bytes a piece is.
  static std::uint64_t piece(const Limits& limits) {
    return std::clamp(limits.file_bytes, kLeastPiece, kPiece);
  }
  // How many bytes of large files are held at once: a whole one and a piece of another.
  static std::uint64_t room(const Limits& limits) { return piece(limits) + piece(limits) / 2; }
  // A file of so many bytes that interest() wants whole; returns its index in listing.found, -1: none, because it is only kept, or
  // because `bytes` gives nothing.
  using Whole = std::function<Result<std::optional<std::string>>()>;
  Result<std::int32_t> add(const Path& path, std::uint64_t size, Interest interest, const Whole& bytes);
  // Appends the next bytes of a file, so many or what is left of it.
  using More = std::function<Status(std::string& bytes, std::uint64_t size)>;
  // A file that interest() wants in pieces; returns its index in listing.found.
  Result<std::int32_t> add_pieces(const Path& path, std::uint64_t size, const More& more);
  // Reads what waited for its neighbours.
  Status finish();
  // Of a layer that is read another way after all: its packages count there.
  void give_back() { packages_ -= std::exchange(counted_, 0); }

 private:
  struct Waiting {
    Path path;
    std::string bytes;
    std::int32_t found = -1;  // -1: a neighbour
  };
  static constexpr std::uint64_t kPiece = 40 << 20, kLeastPiece = 4 << 20;

  [[nodiscard]] bool has_room(const Path& path, std::uint64_t size);
  Result<std::int32_t> read_whole(const Path& path, const Whole& bytes);
  Status read(File file, Inventory& found);
  Status read_whole_file(const File& file, std::size_t index, Found& found);
  void hash(std::string_view bytes, std::size_t index, FileDigests& digests);
  void give_way();
  [[nodiscard]] std::uint64_t piece_of(std::uint64_t size) const;
  Status read_pieces(File file, const More& more, std::string& buffer, Found& found);

  const Reader& reader_;
  std::atomic<std::uint64_t>& packages_;
  Room& large_;
  std::unique_lock<std::mutex> patient_;
  std::atomic<ChecksumKinds>& checksums_;
  std::string small_;
  std::uint64_t most_packages_;
  std::uint64_t most_;   // of all that waits for the end of the layer, bytes
  std::uint64_t piece_;  // of an executable, bytes
  std::uint64_t kept_ = 0;
  std::uint64_t counted_ = 0;  // packages, of all that packages_ has
  Verify verify_;
  Allowance archives_;
  Listing& listing_;
  LaterMd5 later_;
  std::vector<Waiting> waiting_;
};

}  // namespace peekr
