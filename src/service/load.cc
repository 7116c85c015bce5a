// SPDX-License-Identifier: Apache-2.0
// Documents are read one after the other and parsed several at a time; memory holds one batch of them, not a
// whole feed. Batches are added in the order of the files, so the same files give the same database.
#include "service/load.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/timer.h"
#include "db/db.h"
#include "feed/feed.h"
#include "lib/zip.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDocumentBytes = std::uint64_t{512} << 20;  // one document, unpacked
constexpr std::uint64_t kZipBytes = std::uint64_t{64} << 30;        // one zip file, unpacked
constexpr std::uint64_t kBatchBytes = std::uint64_t{8} << 20;
constexpr std::size_t kChunk = 64;  // documents that one task parses

struct Document {
  std::string name;  // "Debian/all.zip!DSA-1-1.json"
  std::string bytes;
};

struct Parsed {
  std::vector<Advisory> advisories;
  std::vector<const Feed*> feeds;  // that each of them came from
  std::vector<Note> notes;
};

void parse_document(const Document& document, Parsed& parsed) {
  const Feed* feed = feed_of(document.name, document.bytes);
  if (feed == nullptr) {
    parsed.notes.push_back({Path(document.name), Why::unsupported, "no feed knows this form"});
    return;
  }
  const Timer timer("feed", feed->name);
  feed->parse(document.name, document.bytes, parsed.advisories, parsed.notes);
  parsed.feeds.resize(parsed.advisories.size(), feed);
}

// "osv/Debian", "alpine-secdb/v3.18": the feed and what it speaks of first. OSV names a folder by the part
// before the colon.
std::string source_name(const Feed& feed, const Advisory& advisory) {
  const std::string_view ecosystem =
      advisory.affected.empty() ? std::string_view() : std::string_view(advisory.affected.front().ecosystem);
  const auto [family, release] = cut(ecosystem, ':');
  const bool by_release = feed.name == "alpine-secdb" && !release.empty();
  const std::string_view part = by_release ? release : family;
  return std::string(feed.name) + "/" + std::string(part.empty() ? "GIT" : part);
}

class Loader {
 public:
  Loader(DbBuilder& builder, std::vector<Note>& notes) : builder_(builder), notes_(notes) {}

  // A file by its ending; `name` is what notes call it.
  Status file(const fs::path& path, const std::string& name) {
    if (path.extension() == ".zip") return zip(path, name);
    Result<std::string> bytes = read_file(path, kDocumentBytes);
    if (!bytes) return note(name, bytes.error());
    return document({name, *std::move(bytes)});
  }
  Status finish() {
    TRY(flush());
    for (const auto& [name, source] : sources_) TRY(builder_.add_source(source));
    return {};
  }
  [[nodiscard]] bool empty() const { return sources_.empty(); }

 private:
  Status note(const std::string& name, const Error& error) {
    const Why why = error.code == Errc::limit         ? Why::too_big
                    : error.code == Errc::unsupported ? Why::unsupported
                                                      : Why::damaged;
    notes_.push_back({Path(name), why, error.message});
    return {};
  }

  Status document(Document one) {
    pending_bytes_ += one.bytes.size();
    pending_.push_back(std::move(one));
    return pending_bytes_ < kBatchBytes ? Status{} : flush();
  }

  Status zip(const fs::path& path, const std::string& name) {
    Result<Zip> opened = Zip::open(path);
    if (!opened) return note(name, opened.error());
    std::uint64_t total = 0;
    for (ZipMember member;;) {
      const Result<bool> more = opened->next(member);
      if (!more) return note(name, more.error());
      if (!*more) return {};
      if (!member.name.ends_with(".json")) continue;
      Result<std::string> bytes = read_member(*opened);
      if (!bytes) {
        TRY(note(name + "!" + member.name, bytes.error()));
        continue;
      }
      total += bytes->size();
      if (total > kZipBytes) {
        return note(name, {Errc::limit, "unpacks to more than " + std::to_string(kZipBytes) + " bytes"});
      }
      TRY(document({name + "!" + member.name, *std::move(bytes)}));
    }
  }
  static Result<std::string> read_member(Zip& zip) {
    const Timer timer("service/unzip");
    return zip.read(kDocumentBytes);
  }

  // Parses and adds what is pending.
  Status flush() {
    const std::size_t tasks = (pending_.size() + kChunk - 1) / kChunk;
    const std::vector<Parsed> all = pool_.map(tasks, [&](std::size_t task) {
      Parsed parsed;
      const std::size_t end = std::min(pending_.size(), (task + 1) * kChunk);
      for (std::size_t i = task * kChunk; i < end; ++i) parse_document(pending_[i], parsed);
      return parsed;
    });
    pending_.clear();
    pending_bytes_ = 0;
    const Timer timer("service/store");
    for (const Parsed& parsed : all) {
      notes_.insert(notes_.end(), parsed.notes.begin(), parsed.notes.end());
      for (std::size_t i = 0; i < parsed.advisories.size(); ++i)
        TRY(add(*parsed.feeds[i], parsed.advisories[i]));
    }
    return {};
  }
  Status add(const Feed& feed, const Advisory& one) {
    const std::string name = source_name(feed, one);
    DbSource& source =
        sources_.try_emplace(name, DbSource{.name = name, .feed = std::string(feed.name)}).first->second;
    ++source.records;
    source.newest = std::max(source.newest, one.modified);
    return builder_.add(one);
  }

  DbBuilder& builder_;
  std::vector<Note>& notes_;
  Pool pool_;
  std::vector<Document> pending_;
  std::uint64_t pending_bytes_ = 0;
  std::map<std::string, DbSource> sources_;
};

// What publishers lay beside their documents: lists of changes, licences, checksums.
bool is_side_file(const fs::path& path) {
  constexpr std::array<std::string_view, 7> kEndings = {".csv",    ".txt", ".md",  ".zst",
                                                        ".sha256", ".asc", ".etag"};
  const std::string name = path.filename(), ending = path.extension();
  return std::ranges::find(kEndings, ending) != kEndings.end() || name.ends_with(".csv.zst") ||
         name == "last-update" || name.starts_with('.');
}

// All files at or below a path, sorted.
Result<std::vector<fs::path>> files_at(const std::string& from) {
  std::error_code error;
  const fs::file_status status = fs::status(from, error);
  if (!fs::exists(status))
    return fail(Errc::not_found, "read advisories from " + from + ": no such file or folder");
  if (!fs::is_directory(status)) return std::vector<fs::path>{from};
  std::vector<fs::path> files;
  fs::recursive_directory_iterator entries(from, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    if (entries->is_regular_file(error)) files.push_back(entries->path());
  }
  if (error) return fail(Errc::io, "read advisories from " + from + ": " + error.message());
  std::ranges::sort(files);
  return files;
}

}  // namespace

Result<DbInfo> build_db(const std::vector<std::string>& from, const std::string& directory, std::string now,
                        std::vector<Note>& notes) {
  const Timer timer("service/build_db");
  DbBuilder builder = TRY(DbBuilder::create(directory));
  Loader loader(builder, notes);
  for (const std::string& root : from) {
    const std::vector<fs::path> files = TRY(files_at(root));
    const bool folder = fs::is_directory(root);
    for (const fs::path& path : files) {
      const std::string name = folder ? path.lexically_relative(root).native() : path.filename().native();
      const bool known = path.extension() == ".zip" || path.extension() == ".json";
      if (known || !folder) {
        TRY(loader.file(path, name));
      } else if (!is_side_file(path)) {
        notes.push_back({Path(name), Why::unsupported, "neither .zip nor .json"});
      }
    }
  }
  TRY(loader.finish());
  if (loader.empty()) return fail(Errc::not_found, "build database: no advisory in " + join(from, ", "));
  return builder.finish(now);
}

}  // namespace peekr
