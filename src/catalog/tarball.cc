// SPDX-License-Identifier: Apache-2.0
// Archives in a file: what is in them is not installed, but there. Tar archives, packed by whatever is unpacked here, are looked into as
// they go by: what the rows that tell of languages and programs find in a member is claimed of the archive. A gap is whatever they are not
// shown: a package database, an archive in the archive, a large member, what is no tar. What depends on what lies beside a member
// (java_classes.h) is settled at the archive's end. What members unpack to (jars, wheels) is counted
// together:
//
//   deb "!<arch>", rpm ed ab ee db, squashfs "hsqs", apk (several gzip members: control and data, of which a tar reader sees one)
//
// Not those that package managers keep of what they have installed (*.gem, *.crate, npm's cache): that is found where it lies unpacked.
#include "catalog/tarball.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "catalog/cataloger.h"
#include "catalog/declared.h"
#include "catalog/java_classes.h"
#include "catalog/package_cache.h"
#include "catalog/packed.h"
#include "catalog/pattern.h"
#include "catalog/places.h"
#include "catalog/rows.h"
#include "image/tar.h"
#include "image/unpack.h"

namespace peekr {
namespace {

constexpr std::string_view kWhat = "an archive that was not looked into, or not in all of it";

constexpr std::array<Magic, 5> kTars = {{{"\x1f\x8b"},
                                         {"\xfd"
                                          "7zXZ"},
                                         {"BZh"},
                                         {"\x28\xb5\x2f\xfd"},
                                         {"ustar", 257}}};
constexpr std::array<Magic, 3> kOthers = {{{"!<arch>\ndebian-binary"}, {"\xed\xab\xee\xdb"}, {"hsqs"}}};

constexpr std::size_t kTarHead = 512;
constexpr std::uint64_t kMostMember = 16 << 20, kMostUnpacked = 1024ull << 20, kMostEntries = 200'000;
constexpr std::size_t kMostNames = 4 << 20;  // bytes
constexpr Limits kLimits = {.layer_bytes = kMostUnpacked,
                            .ratio = 200,
                            .ratio_from = 64 << 20,
                            .file_bytes = kMostMember,
                            .header_bytes = 1 << 20};

bool is_any(std::span<const Magic> magics, std::string_view bytes) {
  return std::ranges::any_of(magics, [&](const Magic& magic) { return matches(magic, bytes); });
}

// Blobs of an OCI layout have no ending. What is packed and has one is mostly a page of a manual.
bool is_archive_by_its_bytes(const Path& path, std::string_view head) {
  const bool has_ending = path.name().find('.') != std::string_view::npos;
  return is_any(kOthers, head) || matches(kTars.back(), head) || (!has_ending && is_any(kTars, head));
}

// What one archive holds.
class Contents {
 public:
  Contents(const File& file, Inventory& found)
      : file_(file), found_(found), allowance_(nested_allowance(file)) {}

  // Whether all of it was looked at.
  [[nodiscard]] bool read() {
    std::vector<Note> behind;
    const auto plain = unpack_document(memory_bytes(file_.bytes), kLimits, behind);
    const bool all = plain && walk(**plain) && behind.empty() && over_.empty();
    drop_harmless_classes(names_, classes_);
    for (Package& one : classes_) claim(std::move(one));
    return all;
  }
  // The limit that what is packed in it went over; empty: none.
  [[nodiscard]] const std::string& over() const { return over_; }

 private:
  bool walk(ByteSource& plain) {
    Tar tar(plain, kLimits);
    TarEntry entry;
    bool all = true;
    for (std::uint64_t count = 0; count < kMostEntries; ++count) {
      const Result<bool> more = tar.next(entry);
      if (!more) return false;
      if (!*more) return all && !tar.ended_early();
      if (!count_unpacked(entry)) return false;
      if (entry.kind == TarEntry::Kind::file && !look_at(tar, entry)) all = false;
    }
    return false;
  }

  // Its own bytes, the body's before it is read, count for what is around it.
  bool count_unpacked(const TarEntry& entry) {
    if (file_.allowance == nullptr) return true;
    const std::uint64_t end = entry.offset + std::min(entry.stored, kMostUnpacked);
    const std::uint64_t more = end - std::exchange(unpacked_, end);
    const bool fits = more <= file_.allowance->left();
    if (!fits) over_ = file_.allowance->over();
    file_.allowance->spend(more);
    return fits;
  }

  bool look_at(Tar& tar, const TarEntry& entry) {
    const Path path(std::string(file_.path.str()) + "/" + entry.name);
    const Result<std::string_view> head = tar.peek(kTarHead);
    if (!head || !keep_name(path.str())) return false;
    const PatternIndex::Rows wants = row_index().look_up(path.str(), head->substr(0, kHeadBytes)).wants;
    if ((wants & ~packed_rows()).any()) return false;
    if (wants.none()) return !is_archive_by_its_bytes(path, *head);
    const Result<std::string> bytes = entry.size > kMostMember ? fail(Errc::limit, "large") : tar.read();
    if (!bytes) return false;
    return add(wants, {.path = path, .bytes = *bytes, .allowance = &allowance_});
  }

  // Whether there is room for it, if it tells what a class beside it is.
  bool keep_name(std::string_view name) {
    if (!is_spoken_of(name)) return true;
    if (name.size() > room_for_names_) return false;
    room_for_names_ -= name.size();
    names_.emplace(name);
    return true;
  }

  void claim(Package one) {
    one.path = file_.path;
    one.files = {};
    one.claimed = true;
    found_.add(std::move(one));
  }

  // Whether the member could be read. What a lock file in an archive asks for is nowhere.
  bool add(const PatternIndex::Rows& rows, const File& member) {
    Inventory inner;
    inner.most_packages = found_.most_packages - std::min(found_.most_packages, found_.packages.size());
    const std::string over = allowance_.over();
    run_rows(rows, member, inner);
    if (allowance_.left() == 0 && over_.empty()) over_ = over;
    found_.left_out = found_.left_out || inner.left_out;
    std::erase_if(inner.packages, &Package::declared);
    for (Package& one : inner.packages) {
      if (is_spoken_of(one.path.str())) {
        classes_.push_back(std::move(one));
      } else {
        claim(std::move(one));
      }
    }
    return inner.declared || inner.notes.empty();
  }

  const File& file_;
  Inventory& found_;
  Allowance allowance_;
  std::set<std::string> names_;
  std::size_t room_for_names_ = kMostNames;
  std::vector<Package> classes_;  // faulty ones, if what is beside them does not say otherwise
  std::uint64_t unpacked_ = 0;
  std::string over_;
};

// The oldest have no magic, but a header with a right checksum.
bool begins_with_a_header(std::string_view bytes) {
  const std::unique_ptr<ByteSource> source = memory_bytes(bytes);
  Tar tar(*source, kLimits);
  TarEntry entry;
  const Result<bool> more = tar.next(entry);
  return more && *more;
}

void run(const File& file, Inventory& found) {
  if (file.offset > 0 || is_of_package_manager(file.path)) return;
  const bool is_tar =
      is_any(kTars, file.bytes) || (file.path.name().ends_with(".tar") && begins_with_a_header(file.bytes));
  if (!is_tar && !is_any(kOthers, file.bytes)) return;
  if (is_tar && file.is_last() && !file.path.name().ends_with(".apk")) {
    Contents contents(file, found);
    if (contents.read()) return;
    if (!contents.over().empty()) return found.notes.push_back({file.path, Why::too_big, contents.over()});
  }
  found.notes.push_back({file.path, Why::unsupported, std::string(kWhat)});
}

constexpr std::array<Pattern, 13> kWants = {
    "**/*.tar",     "**/*.tar.gz", "**/*.tgz", "**/*.tar.xz", "**/*.txz",  "**/*.tar.bz2", "**/*.tbz2",
    "**/*.tar.zst", "**/*.deb",    "**/*.rpm", "**/*.apk",    "**/*.snap", "**/*.squashfs"};

// Takes out what a system package lists.
void drop_owned(const Tree& tree, const std::vector<Package>& packages, std::set<std::string>& archives) {
  std::set<std::string, std::less<>> names;
  for (const std::string& archive : archives) names.emplace(base_name(archive));
  Places places(tree);
  for (const Package& package : packages) {
    if (!is_of_system(package)) continue;
    for (const std::string_view file : package.files) {
      if (names.contains(base_name(file))) archives.erase(places.of(std::string(file)));
    }
  }
}

}  // namespace

void settle_tarballs(const Tree& tree, Inventory& all) {
  std::set<std::string> archives;
  std::erase_if(all.notes, [&](const Note& note) {
    if (note.why != Why::unsupported || note.what != kWhat) return false;
    archives.emplace(note.path.str());
    return true;
  });
  if (archives.empty()) return;
  drop_owned(tree, all.packages, archives);
  drop_of_installed(all.packages, archives);
  std::erase_if(archives, [&](const std::string& one) { return is_of_go_itself(tree, Path(one)); });
  if (archives.empty()) return;
  std::string what(kWhat);
  if (archives.size() > 1) what += ", and " + std::to_string(archives.size() - 1) + " more in the image";
  all.notes.push_back({Path(*archives.begin()), Why::unsupported, std::move(what)});
}

namespace catalogers {
extern const Cataloger tarball;
constexpr Cataloger tarball = {
    .name = "tarball",
    .about = "tar archives: what is in them; other archives: that they are there, once",
    .version = 5,
    .wants = kWants,
    .takes = Takes::pieces,
    .bulky = true,
    .run = run};
}  // namespace catalogers

}  // namespace peekr
