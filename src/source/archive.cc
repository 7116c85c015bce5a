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
#include "source/archive_bytes.h"

namespace peekr {
namespace {

constexpr std::size_t kMostMembers = 200'000;  // real archives have a few files for each layer
constexpr std::size_t kSmall = 256 << 10,
                      kMostKept = 16 << 20;  // of members that are else unpacked anew: manifests
constexpr std::size_t kHead = 4;             // by which is_packed() knows what is packed
constexpr int kMostLinks = 8;                // docker save writes links of one step

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

Result<bool> is_compressed(const Fd& file) {
  char magic[4] = {};
  if (::pread(file.get(), magic, sizeof magic, 0) < 0) return fail_errno("read");
  return is_packed({magic, sizeof magic});
}

// Whether images have a member of that name before their manifest.
bool is_usual(std::string_view name) {
  if (name.starts_with("blobs/") || name.ends_with("/layer.tar")) return true;
  return !name.contains('/') && (name == "oci-layout" || name.ends_with(".json") || name.ends_with(".tar") ||
                                 name.ends_with(".tar.gz"));
}

Result<bool> holds_member(const std::string& path, std::string_view name, const Limits& limits) {
  const auto file = std::make_shared<const Fd>(TRY(open_file(path)));
  const bool compressed = TRY(is_compressed(*file));
  const std::uint64_t size = TRY(file_size(*file));
  std::vector<Note> notes;
  const std::unique_ptr<ByteSource> whole = TRY(unpack(file_bytes(file, 0, size), limits, notes));
  Tar tar(*whole, limits);
  TarEntry entry;
  bool is_image = false, may_be_one = false;
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
    may_be_one = may_be_one || is_usual(member);
    const bool is_far = compressed && entry.offset + entry.stored > limits.archive_bytes;
    if (is_far && !may_be_one) return false;  // a backup, say, all of which would be unpacked
  }
  return false;
}

// The member that stands there, of a link.
std::string link_of(const TarEntry& entry) {
  const bool is_relative = entry.kind == TarEntry::Kind::symlink && !entry.link.starts_with('/');
  return key((is_relative ? std::string(Path(key(entry.name)).folder()) + "/" : "") + entry.link);
}

}  // namespace

Status Archive::add(const std::string& name, Member member) {
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
  return {};
}

Status Archive::index(const Limits& limits) {
  const Timer timer("source/archive index");
  std::unique_ptr<ByteSource> whole = part_of(bytes_, 0, bytes_->size);
  const bool anew = bytes_->anew.has_value();
  if (anew) whole = TRY(unpack(file_bytes(bytes_->file, 0, bytes_->size), limits, notes_));
  Tar tar(*whole, limits);
  TarEntry entry;
  std::size_t room = kMostKept;
  while (TRY(tar.next(entry))) {
    Member member{.offset = entry.offset, .size = entry.stored};
    const std::string name = key(entry.name);
    const bool is_file = entry.kind == TarEntry::Kind::file;
    if (!is_file) member = {.link = link_of(entry)};
    if (!is_file && entry.kind != TarEntry::Kind::symlink && entry.kind != TarEntry::Kind::hard_link)
      continue;
    if (entry.sparse) return fail(Errc::unsupported, printable(name) + ": a sparse file in an image archive");
    if (!anew && (member.size > bytes_->size || member.offset > bytes_->size - member.size)) {
      return fail(Errc::damaged, "the archive is cut short in " + printable(name));
    }
    const bool is_kept = anew && is_file && entry.stored <= std::min(kSmall, room);
    if (anew && is_file && !is_kept) member.head = TRY(tar.peek(kHead));
    if (is_kept) {
      const std::string body = TRY(tar.read());
      member.kept = bytes_of(body);
      room -= static_cast<std::size_t>(entry.stored);
    }
    TRY(add(name, std::move(member)));
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
    const auto open = [bytes = self.bytes_, at = *member]() -> Result<std::unique_ptr<ByteSource>> {
      if (at.kept) return part_of(at.kept, 0, at.size);
      return part_of(bytes, at.offset, at.size);
    };
    return Stored{.size = member->size, .open = open, .head = member->head};
  };
}

Result<Archive> Archive::open(const std::string& path, const Limits& limits) {
  Archive archive;
  archive.members_ = std::make_shared<std::map<std::string, Member, std::less<>>>();
  const auto file = std::make_shared<const Fd>(TRY(open_file(path)));
  const auto bytes = std::make_shared<ArchiveBytes>();
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
