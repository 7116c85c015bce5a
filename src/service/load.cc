// SPDX-License-Identifier: Apache-2.0
// Documents are read one after the other and parsed several at a time; memory holds one batch of them, not a
// whole feed. Batches are added in the order of the files, so the same files give the same database.
#include "service/load.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/pool.h"
#include "base/text.h"
#include "base/timer.h"
#include "db/db.h"
#include "feed/feed.h"
#include "service/documents.h"
#include "service/spelling.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kBatchBytes = std::uint64_t{8} << 20;
constexpr std::size_t kChunk = 64;              // documents that one task parses
constexpr std::size_t kNotes = 100;             // that are kept of a source
constexpr std::string_view kUnread = "unread";  // the source of notes on what no advisory came from

struct Parsed : Published {
  std::vector<const Feed*> feeds, risk_feeds;  // that each advisory and each risk came from
  std::vector<std::string> note_sources;       // that each note is kept with
  std::vector<std::string> unknown;            // documents that are nobody's
  const Feed* last = nullptr;                  // of the last document that is somebody's
};

constexpr std::size_t kLongestPart = 40;  // of a source's name: it is an ecosystem, or no sound one

// "osv/Debian", "alpine-secdb/v3.18": the feed and what it speaks of first. OSV names a folder by the part
// before the colon. A feed about vulnerabilities, not packages, has its name only: "nvd".
std::string source_name(const Feed& feed, const Advisory& advisory) {
  const std::string_view ecosystem =
      advisory.affected.empty() ? std::string_view() : std::string_view(advisory.affected.front().ecosystem);
  const auto [family, release] = cut(ecosystem, ':');
  const bool by_release = feed.name == "alpine-secdb" && !release.empty();
  const std::string_view part = by_release ? release : family;
  if (family == "CPE" || (part.empty() && feed.name != "osv")) return std::string(feed.name);
  return std::string(feed.name) + "/" + printable(part.empty() ? "GIT" : part.substr(0, kLongestPart));
}

void parse_document(const Document& document, Parsed& parsed) {
  const Feed* feed = feed_of(document.name, document.bytes, parsed.last);
  if (feed == nullptr) {
    parsed.unknown.push_back(document.name);
    return;
  }
  parsed.last = feed;
  const Timer timer("feed", feed->name);
  const std::size_t first = parsed.advisories.size(), first_risk = parsed.risks.size();
  feed->parse(document.name, document.bytes, parsed);
  settle_purls(document, first, parsed);
  parsed.feeds.resize(parsed.advisories.size(), feed);
  parsed.risk_feeds.resize(parsed.risks.size(), feed);
  const std::string of = parsed.advisories.size() > first   ? source_name(*feed, parsed.advisories[first])
                         : parsed.risks.size() > first_risk ? std::string(feed->name)
                                                            : std::string(kUnread);
  parsed.note_sources.resize(parsed.notes.size(), of);
}

class Loader {
 public:
  Loader(DbWriter& writer, std::vector<Note>& notes) : writer_(writer), notes_(notes) {}

  // `name` is what notes call it.
  Status file(const fs::path& path, const std::string& name) {
    std::vector<Note> unread;
    const Status status =
        each_document(path, name, unread, [this](Document one) { return document(std::move(one)); });
    for (const Note& one : unread) note(one, std::string(kUnread));
    return status;
  }
  Status finish() {
    TRY(flush());
    for (const auto& [archive, members] : unknown_) note_unknown(archive, members);
    for (const auto& [name, source] : sources_) TRY(writer_.set_source(source));
    return {};
  }
  [[nodiscard]] bool empty() const { return !any_; }

 private:
  // An archive may hold thousands that no feed knows: they are one note.
  void note_unknown(const std::string& archive, const std::vector<std::string>& members) {
    const std::string more = members.size() == 1 ? ""
                                                 : ": " + std::to_string(members.size()) +
                                                       " documents, the first is " + members[0];
    const std::string& path = members.size() == 1 ? members[0] : archive;
    note({Path(path), Why::unsupported, "no feed knows this form" + more}, std::string(kUnread));
  }

  Status document(Document one) {
    pending_bytes_ += one.bytes.size();
    pending_.push_back(std::move(one));
    return pending_bytes_ < kBatchBytes ? Status{} : flush();
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
      for (const std::string& one : parsed.unknown) unknown_[one.substr(0, one.find('!'))].push_back(one);
      for (std::size_t i = 0; i < parsed.notes.size(); ++i) note(parsed.notes[i], parsed.note_sources[i]);
      for (std::size_t i = 0; i < parsed.advisories.size(); ++i)
        TRY(add(*parsed.feeds[i], parsed.advisories[i]));
      for (std::size_t i = 0; i < parsed.risks.size(); ++i) TRY(add(*parsed.risk_feeds[i], parsed.risks[i]));
    }
    return {};
  }
  DbSource& source(const std::string& name) {
    const auto [found, fresh] = sources_.try_emplace(name);
    if (fresh) found->second.name = name;
    return found->second;
  }
  void note(const Note& note, const std::string& of) {
    notes_.push_back(note);
    DbSource& at = source(of);
    ++at.left_out;
    if (at.notes.size() < kNotes) at.notes.push_back(note);
  }
  Status add(const Feed& feed, const Advisory& one) {
    any_ = true;
    const std::string name = source_name(feed, one);
    source(name).feed = feed.name;
    return writer_.put(name, one);
  }
  Status add(const Feed& feed, const Risk& one) {
    any_ = true;
    const std::string name(feed.name);
    source(name).feed = feed.name;
    return writer_.put(name, one);
  }

  DbWriter& writer_;
  std::vector<Note>& notes_;
  Pool pool_;
  std::vector<Document> pending_;
  std::uint64_t pending_bytes_ = 0;
  std::map<std::string, DbSource> sources_;
  bool any_ = false;
  std::map<std::string, std::vector<std::string>> unknown_;  // by the file that they lie in
};

// All files at or below a path, sorted. Links are followed, each folder once; what is no file is noted.
Result<std::vector<fs::path>> files_at(const std::string& from, std::vector<Note>& notes) {
  std::error_code error;
  const fs::file_status status = fs::status(from, error);
  if (!fs::exists(status))
    return fail(Errc::not_found, "read advisories from " + from + ": no such file or folder");
  if (!fs::is_directory(status)) return std::vector<fs::path>{from};
  std::vector<fs::path> files;
  std::set<fs::path> seen{fs::canonical(from, error)};
  fs::recursive_directory_iterator entries(from, fs::directory_options::follow_directory_symlink, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    std::error_code gone;
    if (entries->is_regular_file(gone)) {
      files.push_back(entries->path());
    } else if (!entries->is_directory(gone)) {
      notes.push_back({Path(), Why::unsupported, entries->path().native() + ": neither a file nor a folder"});
    } else if (!seen.insert(fs::canonical(entries->path(), gone)).second) {
      entries.disable_recursion_pending();
    }
  }
  if (error) return fail(Errc::io, "read advisories from " + from + ": " + error.message());
  std::ranges::sort(files);
  return files;
}

// Two documents of one id need not speak of the same packages.
void note_twice(std::vector<std::string> ids, std::vector<Note>& notes) {
  constexpr std::size_t kShown = 5;
  const std::size_t more = ids.size() > kShown ? ids.size() - kShown : 0;
  ids.resize(ids.size() - more);
  if (ids.empty()) return;
  notes.push_back({Path(), Why::suspicious,
                   join(ids, ", ") + (more > 0 ? " and " + std::to_string(more) + " more" : "") +
                       ": given more than once, and not alike: only what was modified last counts (db add "
                       "takes a file as a "
                       "source of its own)"});
}

}  // namespace

Result<DbInfo> build_db(const BuildRequest& request, std::vector<Note>& notes) {
  const Timer timer("service/build_db");
  DbWriter writer =
      TRY(in_turn(request.turn, [&] { return DbWriter::fresh(request.directory, request.now); }));
  Loader loader(writer, notes);
  for (const std::string& root : request.from) {
    const std::vector<fs::path> files = TRY(files_at(root, notes));
    const bool folder = fs::is_directory(root);
    for (const fs::path& path : files) {
      const std::string name = folder ? path.lexically_relative(root).native() : path.filename().native();
      if (!folder || !is_side_file(name)) TRY(loader.file(path, name));
    }
  }
  TRY(loader.finish());
  if (loader.empty())
    return fail(Errc::not_found, "build database: no advisory in " + join(request.from, ", "));
  TRY(take_over(request.directory, request.lost, writer, notes));
  note_twice(TRY(writer.commit()).twice, notes);
  const Db db = TRY(Db::open(request.directory));
  return db.info();
}

}  // namespace peekr
