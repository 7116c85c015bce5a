// SPDX-License-Identifier: Apache-2.0
// The kind of packing is found by the first bytes (zip: by the name, since its directory is at the end); a
// tar by its header.
#include "service/documents.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "base/fd.h"
#include "base/text.h"
#include "base/timer.h"
#include "image/tar.h"
#include "image/unpack.h"
#include "lib/zip.h"

namespace peekr {
namespace {

constexpr std::uint64_t kDocumentBytes = std::uint64_t{512} << 20;  // one document, unpacked
constexpr std::uint64_t kArchiveBytes = std::uint64_t{64} << 30;    // one archive, unpacked

Note note_of(const std::string& name, const Error& error) {
  const Why why = error.code == Errc::limit         ? Why::too_big
                  : error.code == Errc::unsupported ? Why::unsupported
                                                    : Why::damaged;
  return {Path(name), why, error.message};
}

std::string_view ending_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || name.find('/', dot) != std::string_view::npos ? std::string_view()
                                                                                        : name.substr(dot);
}

// "x.json.zst" holds "x.json".
std::string_view inner_name(std::string_view name) {
  const std::string_view ending = ending_of(name);
  constexpr std::array<std::string_view, 4> kPacked = {".gz", ".zst", ".bz2", ".xz"};
  return std::ranges::find(kPacked, ending) != kPacked.end() ? name.substr(0, name.size() - ending.size())
                                                             : name;
}

bool is_tar_name(std::string_view name) {
  return ending_of(inner_name(name)) == ".tar" || ending_of(name) == ".tgz";
}

class Walk {
 public:
  Walk(std::string name, std::vector<Note>& notes, const UseDocument& use)
      : name_(std::move(name)), notes_(notes), use_(use) {}

  Status zip(const std::string& path) {
    Result<Zip> opened = Zip::open(path);
    if (!opened) return note(name_, opened.error());
    std::uint64_t total = 0;
    for (ZipMember member;;) {
      const Result<bool> more = opened->next(member);
      if (!more) return note(name_, more.error());
      if (!*more) return {};
      if (is_side_file(member.name)) continue;
      Result<std::string> bytes = [&] {
        const Timer timer("service/unzip");
        return opened->read(kDocumentBytes);
      }();
      if (!bytes) {
        TRY(note(name_ + "!" + member.name, bytes.error()));
        continue;
      }
      total += bytes->size();
      if (total > kArchiveBytes) return note(name_, over(kArchiveBytes));
      TRY(use_({name_ + "!" + member.name, *std::move(bytes)}));
    }
  }

  Status tar(ByteSource& source, const Limits& limits) {
    Tar tar(source, limits);
    for (TarEntry entry;;) {
      const Result<bool> more = tar.next(entry);
      if (!more) return note(name_, more.error());
      if (!*more)
        return tar.ended_early() ? note(name_, {Errc::damaged, "the archive is cut short"}) : Status{};
      if (entry.kind != TarEntry::Kind::file || is_side_file(entry.name)) continue;
      Result<std::string> bytes = tar.read();
      if (!bytes) {
        TRY(note(name_ + "!" + entry.name, bytes.error()));
        continue;  // an archive that is cut short fails again, in next()
      }
      TRY(use_({name_ + "!" + entry.name, *std::move(bytes)}));
    }
  }

  Status plain(ByteSource& source) {
    std::string bytes;
    for (;;) {
      const Result<std::string_view> some = source.next();
      if (!some) return note(name_, some.error());
      if (some->empty()) break;
      if (bytes.size() + some->size() > kDocumentBytes) return note(name_, over(kDocumentBytes));
      bytes += *some;
    }
    return use_({std::string(inner_name(name_)), std::move(bytes)});
  }

  Status note(const std::string& name, const Error& error) {
    notes_.push_back(note_of(name, error));
    return {};
  }

 private:
  static Error over(std::uint64_t limit) {
    return {Errc::limit, "unpacks to more than " + std::to_string(limit) + " bytes"};
  }

  std::string name_;
  std::vector<Note>& notes_;
  const UseDocument& use_;
};

}  // namespace

bool is_side_file(const std::string& name) {
  constexpr std::array<std::string_view, 7> kEndings = {".csv", ".txt",  ".md",   ".sha256",
                                                        ".asc", ".etag", ".state"};
  const std::string_view inner = inner_name(name), base = inner.substr(inner.rfind('/') + 1);
  if (inner.ends_with("index/db.json") || inner.ends_with("index/modules.json") ||
      inner.ends_with("index/vulns.json"))  // Go's
    return true;
  if (base == "deletions.csv") return false;   // what a publisher has withdrawn
  if (base.starts_with("epss")) return false;  // a feed in CSV
  return std::ranges::find(kEndings, ending_of(base)) != kEndings.end() || base == "last-update" ||
         base.starts_with('.');
}

Status each_document(const std::string& path, const std::string& name, std::vector<Note>& notes,
                     const UseDocument& use) {
  const UseDocument unmarked = [&](Document one) {
    one.bytes.erase(0, one.bytes.size() - without_mark(one.bytes).size());
    return use(std::move(one));
  };
  Walk walk(name, notes, unmarked);
  if (ending_of(name) == ".zip") return walk.zip(path);
  Result<Fd> file = Fd::open(path, O_RDONLY);
  if (!file) return walk.note(name, file.error());
  struct stat status = {};
  if (::fstat(file->get(), &status) != 0) return walk.note(name, {Errc::io, "its size cannot be read"});
  Limits limits;
  limits.layer_bytes = kArchiveBytes;
  limits.file_bytes = kDocumentBytes;
  std::vector<Note> packing;
  Result<std::unique_ptr<ByteSource>> source = unpack_document(
      file_bytes(std::make_shared<const Fd>(*std::move(file)), 0, static_cast<std::uint64_t>(status.st_size)),
      limits, packing);
  if (!source) return walk.note(name, source.error());
  TRY(is_tar_name(name) ? walk.tar(**source, limits) : walk.plain(**source));
  for (Note& one : packing) notes.push_back({Path(name), one.why, std::move(one.what)});
  return {};
}

}  // namespace peekr
