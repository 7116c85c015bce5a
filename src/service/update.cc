// SPDX-License-Identifier: Apache-2.0
// Documents are fetched several at a time and taken in one after the other: there is one writer. The state of a source
// is what was answered last: "etag" and "last-modified" of its document, "list-etag" and "list-modified" of its list of
// changes, "whole": when all of it was read last.
#include "service/update.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>

#include "base/file.h"
#include "base/guarded.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/timer.h"
#include "db/db.h"
#include "service/documents.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSingles =
    500;  // changed records that are fetched one by one; for more the whole is cheaper
constexpr std::int64_t kWholeAfterDays = 7;  // lists of changes do not name what a publisher has dropped
constexpr std::uint64_t kListBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kRecordBytes = std::uint64_t{64} << 20;
constexpr std::size_t kNotes = 100;  // that are kept of a source
constexpr std::uint64_t kBatchBytes = std::uint64_t{8} << 20;

std::int64_t day_of(std::string_view time) {
  const auto number = [&](std::size_t at, std::size_t count) {
    return time.size() < at + count ? 0 : to_number(time.substr(at, count)).value_or(0);
  };
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number(0, 4))),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// The later of two RFC 3339 times in UTC: "...:05Z" is before "...:05.2Z".
bool later(std::string_view a, std::string_view b) {
  if (a.ends_with('Z')) a.remove_suffix(1);
  if (b.ends_with('Z')) b.remove_suffix(1);
  return a > b;
}

std::string folder_of(const std::string& url) { return url.substr(0, url.rfind('/') + 1); }

// "https://h/Debian/all.zip" -> "Debian/all.zip": what notes call it.
std::string document_name(const std::string& url) {
  const std::size_t host = url.find("://") + 3;
  return url.substr(std::min(url.find('/', host), url.size() - 1) + 1);
}

std::string text_at(const std::map<std::string, std::string>& state, const std::string& key) {
  const auto found = state.find(key);
  return found == state.end() ? std::string() : found->second;
}

// Parses documents in batches, several at a time, and puts what they say.
class Intake {
 public:
  Intake(const FetchTarget& target, DbWriter& writer) : target_(target), writer_(writer) {}

  Status document(Document one) {
    bytes_ += one.bytes.size();
    pending_.push_back(std::move(one));
    return bytes_ < kBatchBytes ? Status{} : flush();
  }
  Status flush() {
    const Pool pool;
    const std::size_t tasks = std::min<std::size_t>(pending_.size(), pool.threads() * std::size_t{4});
    const std::vector<Published> all = pool.map(tasks, [&](std::size_t task) {
      Published out;
      for (std::size_t i = task; i < pending_.size(); i += tasks) parse(pending_[i], out);
      return out;
    });
    pending_.clear();
    bytes_ = 0;
    for (const Published& one : all) TRY(put(one));
    return {};
  }

  std::set<std::string> ids;
  std::vector<Note> notes;
  std::uint64_t left_out = 0, risks = 0;

 private:
  void parse(const Document& one, Published& out) const {
    const Timer timer("feed", target_.feed->name);
    if (is_side_file(one.name) && one.name.find('!') != std::string::npos) return;
    const bool its = target_.feed->recognises(one.name, one.bytes);
    const Feed* feed = its ? target_.feed : feed_of(one.name, one.bytes);
    if (feed != nullptr) return feed->parse(one.name, one.bytes, out);
    out.notes.push_back({Path(one.name), Why::unsupported, "no feed knows this form"});
  }
  Status put(const Published& one) {
    const Timer timer("service/store");
    for (const Advisory& advisory : one.advisories) {
      ids.insert(advisory.id);
      TRY(writer_.put(target_.source, advisory));
    }
    for (const Risk& risk : one.risks) TRY(writer_.put(target_.source, risk));
    risks += one.risks.size();
    left_out += one.notes.size();
    for (const Note& note : one.notes) {
      if (notes.size() < kNotes) notes.push_back(note);
    }
    return {};
  }

  const FetchTarget& target_;
  DbWriter& writer_;
  std::vector<Document> pending_;
  std::uint64_t bytes_ = 0;
};

// One row of a list of changes.
struct Change {
  std::string time, path;
};

// OSV: `time,id`; Red Hat: `"path","time"`. Newest first.
std::optional<Change> change_of(Delta delta, std::string_view line) {
  std::string plain(line);
  std::erase(plain, '"');
  const auto [first, second] = cut(plain, ',');
  if (first.empty() || second.empty()) return std::nullopt;
  if (delta == Delta::osv) return Change{std::string(first), url_part(second) + ".json"};
  return Change{std::string(second), std::string(first)};
}

// What is newer than `since`.
std::vector<Change> changes_in(Delta delta, std::string_view list, std::string_view since) {
  std::vector<Change> out;
  while (!list.empty()) {
    const std::string_view line = trim(next_line(list));
    if (line.empty()) continue;
    std::optional<Change> one = change_of(delta, line);
    if (!one || !later(one->time, since)) break;
    out.push_back(*std::move(one));
  }
  return out;
}

class Updater {
 public:
  explicit Updater(const UpdateRequest& request)
      : request_(request), fetcher_(request.fetch, request.directory) {}

  Result<std::vector<Outcome>> run() {
    std::error_code error;
    fs::create_directories(request_.directory, error);
    const std::vector<FetchTarget> targets =
        TRY(targets_of(request_.wish, [&](const std::string& url) { return fetcher_.text(url); }));
    TRY(writer_.with([&](std::optional<DbWriter>& writer) { return opened(writer); }));
    const std::vector<Result<Outcome>> all =
        Pool(request_.at_once).map(targets.size(), [&](std::size_t i) { return told(one(targets[i])); });
    TRY(writer_.with([&](std::optional<DbWriter>& writer) { return finished(writer); }));
    std::vector<Outcome> out;
    for (const Result<Outcome>& each : all) out.push_back(TRY(Result<Outcome>(each)));
    return out;
  }

 private:
  Status opened(std::optional<DbWriter>& writer) const {
    if (!writer) writer.emplace(TRY(DbWriter::open(request_.directory, request_.now)));
    return {};
  }
  // What was only asked about is one transaction.
  Status finished(std::optional<DbWriter>& writer) {
    if (!writer) return {};
    for (const DbSource& source : asked_) TRY(writer->set_source(source));
    TRY(writer->commit());
    return {};
  }

  Result<Outcome> told(Result<Outcome> outcome) {
    if (outcome && request_.tell) writer_.with([&](std::optional<DbWriter>&) { request_.tell(*outcome); });
    return outcome;
  }

  Result<DbSource> known_source(const std::string& name) {
    return writer_.with([&](std::optional<DbWriter>& writer) -> Result<DbSource> {
      TRY(opened(writer));
      return writer->source(name);
    });
  }

  // An error is one of the database.
  Result<Outcome> one(const FetchTarget& target) {
    const DbSource known = TRY(known_source(target.source));
    Outcome outcome{.source = target.source, .fetched = known.fetched};
    const Status status = refreshed(target, known, outcome);
    if (status) return outcome;
    if (status.error().code == Errc::internal) return fail(status.error());
    if (outcome.how == Outcome::How::held) {
      DbSource held = known;
      held.held = outcome.why;
      writer_.with([&](std::optional<DbWriter>&) { asked_.push_back(held); });
      return outcome;
    }
    const bool absent =
        status.error().code == Errc::not_found && fetcher_.mirrored() && request_.wish.feeds.empty();
    outcome.how = absent ? Outcome::How::absent : Outcome::How::failed;
    outcome.why = status.error().message;
    return outcome;
  }

  Status refreshed(const FetchTarget& target, const DbSource& known, Outcome& outcome) {
    DbSource next = known;
    next.feed = target.feed->name;
    next.held.clear();
    next.fetched = request_.now;
    const bool listed = target.origin->delta == Delta::osv || target.origin->delta == Delta::csaf;
    const std::string whole = text_at(known.state, "whole");
    if (listed && !whole.empty() && day_of(request_.now) - day_of(whole) < kWholeAfterDays) {
      if (TRY(by_list(target, known, next, outcome))) return {};
    }
    const Validators have{text_at(known.state, "etag"), text_at(known.state, "last-modified")};
    const std::string url = TRY(document_url(target));
    const Fetched fetched = TRY(fetcher_.get(url, known.fetched.empty() ? Validators{} : have));
    outcome.bytes += fetched.changed ? fetched.bytes : 0;
    next.state["whole"] = request_.now;
    if (!fetched.changed) return asked(next, outcome);
    next.state["etag"] = fetched.validators.etag;
    next.state["last-modified"] = fetched.validators.last_modified;
    return take_whole(target, fetched, next, outcome);
  }

  // Where the document is, for publishers that name it elsewhere.
  Result<std::string> document_url(const FetchTarget& target) const {
    if (target.origin->delta == Delta::csaf) {
      return folder_of(target.url) + std::string(trim(TRY(fetcher_.text(target.url))));
    }
    if (target.origin->delta != Delta::repomd) return target.url;
    std::string url = target.url;
    if (!url.ends_with("repomd.xml")) {
      const std::string mirrors = TRY(fetcher_.text(url));
      std::string base(trim(mirrors.substr(0, mirrors.find('\n'))));
      if (!base.ends_with('/')) base += '/';
      url = base + "repodata/repomd.xml";
    }
    const std::string index = TRY(fetcher_.text(url));
    const std::size_t entry = index.find("type=\"updateinfo\"");
    const std::size_t href = index.find("href=\"", entry);
    if (entry == std::string::npos || href == std::string::npos)
      return fail(Errc::damaged, url + ": it names no updateinfo");
    const std::size_t begin = href + 6;
    return folder_of(folder_of(url).substr(0, folder_of(url).size() - 1)) +
           index.substr(begin, index.find('"', begin) - begin);
  }

  Status asked(const DbSource& next, Outcome& outcome) {
    outcome.how = Outcome::How::unchanged;
    outcome.fetched = request_.now;
    writer_.with([&](std::optional<DbWriter>&) { asked_.push_back(next); });
    return {};
  }

  // By the list of changes; false: by the whole.
  Result<bool> by_list(const FetchTarget& target, const DbSource& known, DbSource& next, Outcome& outcome) {
    const std::string folder = folder_of(target.url);
    const std::string_view name = target.origin->delta == Delta::osv ? "modified_id.csv" : "changes.csv";
    const Validators have{text_at(known.state, "list-etag"), text_at(known.state, "list-modified")};
    const Fetched list = TRY(fetcher_.get(folder + std::string(name), have));
    next.state["list-etag"] = list.changed ? list.validators.etag : have.etag;
    next.state["list-modified"] = list.changed ? list.validators.last_modified : have.last_modified;
    if (!list.changed) {
      TRY(asked(next, outcome));
      return true;
    }
    outcome.bytes += list.bytes;
    const std::string text = TRY(read_file(list.path, kListBytes));
    const std::vector<Change> changes = changes_in(target.origin->delta, text, known.newest);
    if (changes.size() > kSingles) return false;
    if (changes.empty()) {
      TRY(asked(next, outcome));
      return true;
    }
    std::vector<Document> documents;
    for (const Change& change : changes) {
      const Result<Fetched> record = fetcher_.get(folder + change.path, {});
      if (!record && record.error().code == Errc::not_found) return false;  // a mirror of the whole only
      if (!record) return fail(record.error());
      outcome.bytes += record->bytes;
      documents.push_back({document_name(folder + change.path), TRY(read_file(record->path, kRecordBytes))});
    }
    TRY(take_records(target, std::move(documents), next, outcome));
    return true;
  }

  Status take_records(const FetchTarget& target, std::vector<Document> documents, const DbSource& next,
                      Outcome& outcome) {
    return transaction([&](DbWriter& writer) -> Status {
      Intake intake(target, writer);
      for (Document& one : documents) TRY(intake.document(std::move(one)));
      TRY(intake.flush());
      return commit(writer, next, intake, outcome);
    });
  }

  Status take_whole(const FetchTarget& target, const Fetched& fetched, const DbSource& next,
                    Outcome& outcome) {
    return transaction([&](DbWriter& writer) -> Status {
      Intake intake(target, writer);
      std::vector<Note> unread;
      TRY(each_document(fetched.path, document_name(target.url), unread,
                        [&](Document one) { return intake.document(std::move(one)); }));
      TRY(intake.flush());
      if (!unread.empty()) return fail(Errc::damaged, unread.front().path.str() + ": " + unread.front().what);
      if (intake.ids.empty() && intake.risks == 0 && intake.left_out > 0)
        return fail(Errc::damaged, intake.notes.front().path.str() + ": " + intake.notes.front().what);
      std::vector<std::string> gone;
      for (std::string& id : TRY(writer.ids(target.source))) {
        if (!intake.ids.contains(id)) gone.push_back(std::move(id));
      }
      const std::uint64_t before = next.records;  // as the last update left it
      if (intake.ids.size() < before - before / 5 && !request_.accept_shrink)
        return hold(intake, next, outcome);
      for (const std::string& id : gone) TRY(writer.remove(target.source, id));
      return commit(writer, next, intake, outcome);
    });
  }

  // Says so in `outcome`, and is an error so that nothing of it is kept.
  static Status hold(const Intake& intake, const DbSource& next, Outcome& outcome) {
    outcome.how = Outcome::How::held;
    outcome.why = fmt::format("{} records where there were {}", intake.ids.size(), next.records);
    return fail(Errc::cancelled, outcome.why);
  }

  Status commit(DbWriter& writer, DbSource next, const Intake& intake, Outcome& outcome) const {
    next.notes = intake.notes;
    next.left_out = intake.left_out;
    TRY(writer.set_source(next));
    const Changes changes = TRY(writer.commit());
    outcome.how = Outcome::How::updated;
    outcome.fetched = request_.now;
    outcome.added = changes.added.size();
    outcome.changed = changes.changed.size();
    outcome.vanished = changes.vanished.size();
    outcome.notes = intake.left_out;
    return {};
  }

  // An error leaves nothing of what `change` has put.
  Status transaction(const std::function<Status(DbWriter&)>& change) {
    return writer_.with([&](std::optional<DbWriter>& writer) -> Status {
      TRY(opened(writer));
      Status status = change(*writer);
      if (status) return status;
      writer.reset();
      return status;
    });
  }

  const UpdateRequest& request_;
  Fetcher fetcher_;
  Guarded<std::optional<DbWriter>> writer_;
  std::vector<DbSource> asked_;  // under the lock of writer_
};

}  // namespace

Result<std::vector<Outcome>> update_db(const UpdateRequest& request) {
  const Timer timer("service/update_db");
  return Updater(request).run();
}

}  // namespace peekr
