// SPDX-License-Identifier: Apache-2.0
#include "source/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/timer.h"
#include "image/tar.h"
#include "image/unpack.h"
#include "model/path.h"

namespace peekr {
namespace {

constexpr std::size_t kMostMembers = 200'000;  // real archives have a few files for each layer
constexpr int kMostLinks = 8;                  // docker save writes links of one step

// A name in an archive or in its manifest: a key, never a place on this machine. "./x", "/x" and "../x" are
// "x".
std::string key(std::string_view name) { return Path(name).str(); }

Result<Fd> open_file(const std::string& path) {
  Fd file = TRY(Fd::open(path, O_RDONLY | O_NONBLOCK));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return fail_errno("stat " + path);
  if (!S_ISREG(status.st_mode))
    return fail(Errc::unsupported,
                path + ": not a regular file, from which alone an image can be read: write it to one");
  return file;
}

Result<std::uint64_t> file_size(const Fd& file) {
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return fail_errno("stat");
  return static_cast<std::uint64_t>(status.st_size);
}

Result<bool> is_compressed(const Fd& file) {
  char magic[4] = {};
  if (::pread(file.get(), magic, sizeof magic, 0) < 0) return fail_errno("read");
  return is_packed({magic, sizeof magic});
}

}  // namespace

// Either the file, or, where that is compressed, what it unpacks to: in pieces, so that growing copies
// nothing.
struct Archive::Bytes {
  std::shared_ptr<const Fd> file;
  std::uint64_t size = 0;
  std::vector<std::string> pieces;  // each of kPiece bytes but the last

  static constexpr std::size_t kPiece = 1 << 20;
};

namespace {

class PieceBytes : public ByteSource {
 public:
  PieceBytes(std::shared_ptr<const Archive::Bytes> bytes, std::uint64_t offset, std::uint64_t size)
      : bytes_(std::move(bytes)), offset_(offset), left_(size) {}

 private:
  Result<std::string_view> fill() override {
    const std::size_t piece = offset_ / Archive::Bytes::kPiece;
    if (left_ == 0 || piece >= bytes_->pieces.size()) return std::string_view();
    std::string_view part = std::string_view(bytes_->pieces[piece]).substr(offset_ % Archive::Bytes::kPiece);
    part = part.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, part.size())));
    advance(part.size());
    return part;
  }
  Result<std::uint64_t> jump(std::uint64_t count) override {
    count = std::min(count, left_);
    advance(count);
    return count;
  }
  void advance(std::uint64_t count) {
    offset_ += count;
    left_ -= count;
  }

  std::shared_ptr<const Archive::Bytes> bytes_;
  std::uint64_t offset_, left_;
};

std::unique_ptr<ByteSource> part_of(const std::shared_ptr<const Archive::Bytes>& bytes, std::uint64_t offset,
                                    std::uint64_t size) {
  if (bytes->file) return file_bytes(bytes->file, offset, size);
  return std::make_unique<PieceBytes>(bytes, offset, size);
}

Status check_unpacked(std::uint64_t size, const Limits& limits) {
  if (size <= limits.archive_bytes) return {};
  return fail(Errc::limit, "a compressed archive that unpacks to more than " +
                               std::to_string(limits.archive_bytes) +
                               " bytes (limit archive_bytes): unpack it first, or allow it as much memory: "
                               "--limit archive_bytes=N");
}

// All of a compressed file.
Status unpack_whole(std::shared_ptr<const Fd> file, const Limits& limits, Archive::Bytes& bytes,
                    std::vector<Note>& notes) {
  const Timer timer("source/unpack archive");
  const std::uint64_t size = TRY(file_size(*file));
  const std::unique_ptr<ByteSource> unpacked =
      TRY(unpack(file_bytes(std::move(file), 0, size), limits, notes));
  for (;;) {
    std::string_view part = TRY(unpacked->next());
    if (part.empty()) return {};
    bytes.size += part.size();
    TRY(check_unpacked(bytes.size, limits));
    while (!part.empty()) {
      if (bytes.pieces.empty() || bytes.pieces.back().size() == Archive::Bytes::kPiece) {
        bytes.pieces.emplace_back().reserve(Archive::Bytes::kPiece);
      }
      std::string& last = bytes.pieces.back();
      const std::size_t fits = std::min(part.size(), Archive::Bytes::kPiece - last.size());
      last += part.substr(0, fits);
      part.remove_prefix(fits);
    }
  }
}

Result<bool> holds_member(const std::string& path, std::string_view name, const Limits& limits) {
  const auto file = std::make_shared<const Fd>(TRY(open_file(path)));
  const bool compressed = TRY(is_compressed(*file));
  const std::uint64_t size = TRY(file_size(*file));
  std::vector<Note> notes;
  const std::unique_ptr<ByteSource> whole = TRY(unpack(file_bytes(file, 0, size), limits, notes));
  Tar tar(*whole, limits);
  TarEntry entry;
  bool is_image = false;
  for (std::size_t i = 0; i < kMostMembers; ++i) {
    const Result<bool> more = tar.next(entry);
    if (!more && i == 0 && more.error().code == Errc::damaged) return false;  // it is no archive
    if (!TRY(more) && i > 0 && tar.ended_early() && !is_image)
      return fail(
          Errc::damaged,
          "neither manifest.json nor index.json, and no end marker: the archive may be cut short behind " +
              printable(entry.name));
    if (!*more) return false;
    const std::string member = key(entry.name);
    if (member == name) return true;
    is_image = is_image || member == "manifest.json" || member == "index.json";
    if (!compressed && entry.offset + entry.stored > size)
      return fail(Errc::damaged, "the archive is cut short in " + printable(entry.name));
    // Before its body is unpacked, only to be passed over.
    if (compressed) TRY(check_unpacked(entry.offset + entry.stored, limits));
  }
  return false;
}

}  // namespace

Status Archive::index(const Limits& limits) {
  const Timer timer("source/archive index");
  const std::unique_ptr<ByteSource> whole = part_of(bytes_, 0, bytes_->size);
  Tar tar(*whole, limits);
  TarEntry entry;
  while (TRY(tar.next(entry))) {
    Member member{entry.offset, entry.stored, ""};
    const std::string name = key(entry.name);
    if (entry.kind == TarEntry::Kind::symlink) {
      const std::string folder = entry.link.starts_with('/') ? "" : std::string(Path(name).folder()) + "/";
      member = {0, 0, key(folder + entry.link)};
    } else if (entry.kind == TarEntry::Kind::hard_link) {
      member = {0, 0, key(entry.link)};
    } else if (entry.kind != TarEntry::Kind::file) {
      continue;
    }
    if (entry.sparse) return fail(Errc::unsupported, printable(name) + ": a sparse file in an image archive");
    if (member.size > bytes_->size || member.offset > bytes_->size - member.size) {
      return fail(Errc::damaged, "the archive is cut short in " + printable(name));
    }
    // Two readers may take different ones of two files of one name; which one is the image is then a matter
    // of taste.
    const bool again = members_->contains(name);
    if (again && notes_.size() < 100) {
      notes_.push_back({Path(), Why::suspicious, "the archive holds " + printable(name) + " more than once"});
    }
    members_->insert_or_assign(name, std::move(member));
    if (members_->size() > kMostMembers) {
      return fail(Errc::limit, "the archive holds more than " + std::to_string(kMostMembers) + " files");
    }
  }
  const bool trailing = TRY(tar.trailing_data());
  if (trailing) notes_.push_back({Path(), Why::suspicious, "data behind the end of the archive"});
  if (tar.ended_early()) {
    notes_.push_back({Path(), Why::damaged, "the archive has no end marker: it may have been cut short"});
  }
  return {};
}

std::optional<Archive::Member> Archive::find(std::string_view name) const {
  std::string at = key(name);
  for (int links = 0; links <= kMostLinks; ++links) {
    const auto found = members_->find(at);
    if (found == members_->end()) return std::nullopt;
    if (found->second.link.empty()) return found->second;
    at = found->second.link;
  }
  return std::nullopt;
}

Store Archive::store() const {
  Archive self = *this;
  return [self = std::move(self)](const std::string& name) -> Result<Stored> {
    const std::optional<Member> member = self.find(name);
    if (!member) return fail(Errc::not_found, printable(name) + ": not in the archive");
    return Stored{member->size, [bytes = self.bytes_, at = *member]() -> Result<std::unique_ptr<ByteSource>> {
                    return part_of(bytes, at.offset, at.size);
                  }};
  };
}

Result<Archive> Archive::open(const std::string& path, const Limits& limits) {
  Archive archive;
  archive.members_ = std::make_shared<std::map<std::string, Member, std::less<>>>();
  const auto file = std::make_shared<const Fd>(TRY(open_file(path)));
  const auto bytes = std::make_shared<Bytes>();
  archive.bytes_ = bytes;
  if (TRY(is_compressed(*file))) {
    TRY(within(path, unpack_whole(file, limits, *bytes, archive.notes_)));
  } else {
    bytes->file = file;
    bytes->size = TRY(file_size(*file));
  }
  TRY(within(path, archive.index(limits)));
  return archive;
}

Result<bool> archive_holds(const std::string& path, std::string_view name, const Limits& limits) {
  const Result<bool> holds = holds_member(path, name, limits);
  if (holds || holds.error().code == Errc::limit || holds.error().code == Errc::damaged) return holds;
  return false;  // it is no archive
}

Result<bool> is_packed_root(const std::string& path, const Limits& limits) {
  constexpr std::string_view kFolders[] = {"bin", "etc", "lib", "sbin", "usr", "var"};
  constexpr std::size_t kFirst = 1000;
  const auto file = std::make_shared<const Fd>(TRY(open_file(path)));
  const std::uint64_t size = TRY(file_size(*file));
  std::vector<Note> notes;
  const std::unique_ptr<ByteSource> whole = TRY(unpack(file_bytes(file, 0, size), limits, notes));
  Tar tar(*whole, limits);
  TarEntry entry;
  for (std::size_t i = 0; i < kFirst; ++i) {
    const Result<bool> more = tar.next(entry);
    if (!more || !*more) return false;  // it is no archive, or damaged, or not one of that kind
    if (entry.offset + entry.stored > limits.archive_bytes) return false;
    const std::string name = key(entry.name);
    if (std::ranges::find(kFolders, cut(name, '/').first) != std::end(kFolders)) return true;
  }
  return false;
}

Status check_packing(const std::string& path) {
  constexpr std::string_view kXz(
      "\xFD"
      "7zXZ\0",
      6);
  const Fd file = TRY(open_file(path));
  char magic[kXz.size()] = {};
  if (::pread(file.get(), magic, sizeof magic, 0) < 0) return fail_errno("read");
  const std::string_view head(magic, sizeof magic);
  const bool is_xz = head == kXz;
  if (!is_xz && !head.starts_with("BZh")) return {};
  return fail(Errc::unsupported, path + ": packed with " + (is_xz ? "xz" : "bzip2") +
                                     ": archives are read plain, or packed with gzip or zstd");
}

}  // namespace peekr
