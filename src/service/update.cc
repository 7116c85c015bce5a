// SPDX-License-Identifier: Apache-2.0
// Documents are fetched several at a time, the single records of one source, too, and taken in one after the other, in the
// order of the plan: there is one writer. The state of a source is what was answered last: "etag" and "last-modified" of its
// document, "whole": when all of it was read last, "revision": by which one of the feed's parsers, "tried": when it was last
// held back or left as it was, "held-since": when first, "held-lost": how many records that would have cost, and what plan.cc
// remembers of lists of changes.
#include "service/update.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <set>

#include "base/date.h"
#include "base/guarded.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/timer.h"
#include "db/db.h"
#include "image/bytes.h"
#include "lib/digest.h"
#include "service/documents.h"
#include "service/intake.h"
#include "service/plan.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kRecordBytes = std::uint64_t{64} << 20;

// Whether these are the bytes that the publisher says they are.
Status compare(const StatedDigest& said, const std::string& is, const std::string& url) {
  if (is == said.hex) return {};
  return fail(Errc::mismatch,
              url + ": its " + said.algorithm + " is " + is + ", its publisher says " + printable(said.hex));
}

Status check_file(const StatedDigest& said, const Fetched& fetched, const std::string& url) {
  Hasher hasher(said.algorithm);
  Fd file = TRY(Fd::open(fetched.path, O_RDONLY));
  const std::unique_ptr<ByteSource> bytes =
      file_bytes(std::make_shared<const Fd>(std::move(file)), 0, fetched.bytes);
  for (;;) {
    const std::string_view some = TRY(bytes->next());
    if (some.empty()) break;
    hasher.update(some);
  }
  return compare(said, hasher.finish(), url);
}

// Whether a source was held back before, for a loss that this one goes on from: what has come on top of it would not be held back itself.
bool is_held_loss(const DbSource& known, std::uint64_t lost, const std::string& now) {
  const std::string since = text_at(known.state, "held-since");
  const std::uint64_t before = to_number(text_at(known.state, "held-lost")).value_or(0);
  return !since.empty() && !is_ahead(since, now) && lost <= before + known.records / 5;
}

// "cve-2024-1.json" of "csaf.tar.zst!2024/cve-2024-1.json" and of "v2/vex/2024/cve-2024-1.json": one document, packed and alone.
std::string_view last_part(std::string_view name) { return name.substr(name.find_last_of("/!") + 1); }

class Updater {
 public:
  explicit Updater(const UpdateRequest& request)
      : request_(request), fetcher_(request.fetch, request.directory) {}

  Result<std::vector<Outcome>> run() {
    std::error_code error;
    fs::create_directories(request_.directory, error);
    Wish wish = request_.wish;
    if (!wish.ecosystems) wish.there = TRY(fetched_sources());
    const Targets wanted = TRY(targets_of(wish, [&](const std::string& url) { return fetcher_.text(url); }));
    const std::vector<FetchTarget>& targets = wanted.list;
    TRY(writer_.with([&](std::optional<DbWriter>& writer) -> Status {
      writer.emplace(
          TRY(in_turn(request_.turn, [&] { return DbWriter::open(request_.directory, request_.now); })));
      return {};
    }));
    const std::vector<Result<Outcome>> all =
        Pool(request_.at_once).map(targets.size(), [&](std::size_t i) { return told(one(targets[i])); });
    TRY(writer_.with([&](std::optional<DbWriter>& writer) { return finished(writer); }));
    std::vector<Outcome> out;
    for (const Result<Outcome>& each : all) out.push_back(TRY(Result<Outcome>(each)));
    for (const Targets::Unlisted& one : wanted.unlisted) out.push_back(TRY(told(unlisted(one))));
    return out;
  }

 private:
  // The database is this process's until the end: what is planned is planned by what is in it.
  static Status usable(const std::optional<DbWriter>& writer) {
    if (writer) return {};
    return fail(Errc::internal, "write database: an error before could not be undone");
  }
  // What was only asked about is one transaction. Where there is nothing, no database is made.
  Status finished(std::optional<DbWriter>& writer) {
    if (asked_.empty()) return {};
    TRY(usable(writer));
    for (const DbSource& source : asked_) TRY(writer->set_source(source));
    TRY(writer->commit());
    return {};
  }

  [[nodiscard]] Result<std::vector<DbSource>> sources() const {
    const Result<Db> db = Db::open(request_.directory);
    if (!db && db.error().code == Errc::not_found) return std::vector<DbSource>();
    if (!db) return fail(db.error());
    return TRY(db->info()).sources;
  }
  [[nodiscard]] Result<std::vector<std::string>> fetched_sources() const {
    std::vector<std::string> out;
    const std::vector<DbSource> all = TRY(sources());
    for (const DbSource& one : all) {
      if (!one.fetched.empty()) out.push_back(one.name);
    }
    return out;
  }

  // All of an origin: its data is as old as the oldest of its sources.
  [[nodiscard]] Result<Outcome> unlisted(const Targets::Unlisted& one) const {
    Outcome outcome{.source = one.origin, .how = Outcome::How::failed, .why = one.why};
    const std::vector<DbSource> all = TRY(sources());
    for (const DbSource& source : all) {
      const bool older = outcome.fetched.empty() || source.fetched < outcome.fetched;
      if (source.name.starts_with(one.origin + "/") && older) outcome.fetched = source.fetched;
    }
    return outcome;
  }

  Result<Outcome> told(Result<Outcome> outcome) {
    if (outcome && request_.tell) writer_.with([&](std::optional<DbWriter>&) { request_.tell(*outcome); });
    return outcome;
  }

  Result<DbSource> known_source(const std::string& name) {
    return writer_.with([&](std::optional<DbWriter>& writer) -> Result<DbSource> {
      TRY(usable(writer));
      return writer->source(name);
    });
  }

  // An error is one of the database.
  Result<Outcome> one(const FetchTarget& target) {
    const DbSource known = TRY(known_source(target.source));
    Outcome outcome{.source = target.source, .fetched = known.fetched};
    if (is_ahead(known.fetched, request_.now)) outcome.ahead = known.fetched;
    const Status status = refreshed(target, known, outcome);
    if (status) return outcome;
    if (status.error().code == Errc::internal) return fail(status.error());
    if (outcome.how == Outcome::How::held) {
      hold(known, outcome);
      return outcome;
    }
    outcome.how = status.error().code == Errc::not_found && may_be_absent(known) ? Outcome::How::absent
                                                                                 : Outcome::How::failed;
    outcome.why = status.error().message;
    return outcome;
  }

  [[nodiscard]] bool may_be_absent(const DbSource& known) const {
    if (request_.again == UpdateRequest::Again::changes) return known.fetched.empty();
    return fetcher_.mirrored() && request_.wish.feeds.empty();
  }

  Status refreshed(const FetchTarget& target, const DbSource& known, Outcome& outcome) {
    const PlanRequest request = asking(target, known);
    Plan plan = TRY(plan_update(request));
    if (plan.how == Plan::How::nothing) return asked(next_of(target, known, plan), outcome);
    const bool is_too_much = plan.how == Plan::How::whole && !known.fetched.empty() &&
                             request_.again == UpdateRequest::Again::changes;
    if (is_too_much) return left(known);
    if (plan.how == Plan::How::some) {
      const Records records = TRY(fetch_records(target, plan, outcome));
      if (records.missing.empty()) return take_records({target, known, plan, records}, outcome);
      Plan whole = TRY(plan_whole(request));
      // The archive that is here already has no more of them.
      const bool same = target.origin->delta == Delta::csaf && whole.url == text_at(known.state, "archive");
      if (same) return take_records({target, known, plan, records}, outcome);
      plan = std::move(whole);
    }
    Status taken = take_whole(target, known, plan, outcome);
    if (!taken && taken.error().code == Errc::mismatch) {
      // It may have been replaced between the two requests.
      taken = take_whole(target, known, TRY(plan_whole(request)), outcome);
    }
    if (!taken || target.origin->delta != Delta::csaf) return taken;
    return since_archive(target, outcome);
  }

  PlanRequest asking(const FetchTarget& target, const DbSource& known) {
    const auto times = [this, name = target.source] {
      return writer_.with([&](std::optional<DbWriter>& writer) -> Result<std::map<std::string, std::string>> {
        TRY(usable(writer));
        return writer->times(name);
      });
    };
    const bool only_changes = request_.again == UpdateRequest::Again::changes;
    return {fetcher_, *request_.shared, target, known, request_.now, times, only_changes};
  }

  // What has changed since the archive was made.
  Status since_archive(const FetchTarget& target, Outcome& outcome) {
    const DbSource known = TRY(known_source(target.source));
    const Plan plan = TRY(plan_update(asking(target, known)));
    if (plan.how != Plan::How::some) return {};
    const Outcome whole = outcome;
    const Records records = TRY(fetch_records(target, plan, outcome));
    TRY(take_records({target, known, plan, records}, outcome));
    outcome.added += whole.added;
    outcome.changed += whole.changed;
    outcome.vanished += whole.vanished;
    outcome.notes += whole.notes;
    return {};
  }

  DbSource next_of(const FetchTarget& target, const DbSource& known, const Plan& plan) const {
    DbSource next = known;
    next.feed = target.feed->name;
    next.held.clear();
    for (const char* key : {"held-since", "held-lost"}) next.state.erase(key);
    next.fetched = request_.now;
    for (const auto& [key, value] : plan.state) next.state[key] = value;
    if (plan.how == Plan::How::whole) {
      next.state["whole"] = request_.now;
      next.state[kRevision] = std::to_string(target.feed->revision);
    }
    return next;
  }

  Status asked(const DbSource& next, Outcome& outcome) {
    outcome.how = Outcome::How::unchanged;
    outcome.fetched = request_.now;
    writer_.with([&](std::optional<DbWriter>&) { asked_.push_back(next); });
    return {};
  }

  void hold(DbSource known, const Outcome& outcome) {
    std::uint64_t lost = outcome.lost;
    if (is_held_loss(known, lost, request_.now)) {
      lost = std::min(lost, to_number(text_at(known.state, "held-lost")).value_or(0));
    } else {
      known.state["held-since"] = request_.now;
    }
    known.state["held-lost"] = std::to_string(lost);
    known.state["tried"] = request_.now;
    known.held = outcome.why;
    writer_.with([&](std::optional<DbWriter>&) { asked_.push_back(std::move(known)); });
  }

  Status left(DbSource known) {
    known.state["tried"] = request_.now;
    writer_.with([&](std::optional<DbWriter>&) { asked_.push_back(std::move(known)); });
    return {};
  }

  [[nodiscard]] Want wanted(const FetchTarget& target, std::string url) const {
    Want want{.url = std::move(url)};
    if (request_.watch) {
      want.watch = [this, &target](std::uint64_t bytes, std::uint64_t total) {
        request_.watch({target.source, bytes, total});
      };
    }
    return want;
  }

  // What there is of Plan::urls, and those of them that are not there.
  struct Records {
    std::vector<Document> documents;
    std::vector<std::string> missing;
  };
  Result<Records> fetch_records(const FetchTarget& target, const Plan& plan, Outcome& outcome) const {
    outcome.bytes += plan.bytes;
    // Where one fails, or a mirror has the whole only (which is taken then), no further one is asked for.
    std::atomic<bool> over = false;
    const auto fetch = [&](std::size_t i) -> Result<std::optional<Record>> {
      if (over) return std::nullopt;
      Result<Record> one = fetch_record(target, plan.urls[i]);
      if (!one || (!one->document && target.origin->delta != Delta::csaf)) over = true;
      return one;
    };
    std::vector<Result<std::optional<Record>>> all =
        Pool(request_.fetch.at_once).map(plan.urls.size(), fetch);
    const auto is_missing = [](const auto& each) { return each && *each && !(*each)->document; };
    // What else failed of those that were under way does not matter then.
    const bool whole_only = target.origin->delta != Delta::csaf && std::ranges::any_of(all, is_missing);
    Records out;
    for (Result<std::optional<Record>>& each : all) {
      if (!each && whole_only) continue;
      std::optional<Record> one = TRY(std::move(each));
      if (!one) continue;
      outcome.bytes += one->bytes;
      if (one->document) {
        out.documents.push_back(*std::move(one->document));
      } else {
        out.missing.push_back(std::move(one->url));
      }
    }
    return out;
  }
  struct Record {
    std::string url;
    std::optional<Document> document;  // none: it is not there
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] Result<Record> fetch_record(const FetchTarget& target, const std::string& url) const {
    const Result<Fetched> fetched = fetcher_.get(wanted(target, url));
    if (!fetched && fetched.error().code == Errc::not_found) return Record{.url = url};
    if (!fetched) return fail(fetched.error());
    return Record{url, Document{document_name(url), TRY(text_of(*fetched, kRecordBytes))}, fetched->bytes};
  }

  // What of it is new, other or gone.
  struct Some {
    const FetchTarget& target;
    const DbSource& known;
    const Plan& plan;
    const Records& records;
  };
  Status take_records(const Some& some, Outcome& outcome) {
    const auto put = [&](DbWriter& writer) -> Status {
      Intake intake(some.target, writer);
      if (some.plan.documents) {
        for (const Document& one : *some.plan.documents) TRY(intake.document(one));
      }
      for (const Document& one : some.records.documents) TRY(intake.document(one));
      TRY(intake.flush());
      for (const std::string& url : some.records.missing) intake.missing(url);
      DbSource next = next_of(some.target, some.known, some.plan);
      add_gaps(some, intake, next);
      if (some.target.origin->delta == Delta::csaf) next.state["missing"] = join(some.records.missing, "\n");
      if (some.plan.ids) {
        std::set<std::string> there = *some.plan.ids;
        there.insert(intake.ids.begin(), intake.ids.end());  // a parser may give ids of its own
        const std::uint64_t before = TRY(writer.source(next.name)).records;
        TRY(remove_others(there, next.name, writer));
        TRY(check_loss(before, next, writer, outcome));
      }
      return commit(writer, next, intake, outcome);
    };
    TRY(transaction(put));
    const bool none = some.plan.urls.empty() && !some.plan.documents && outcome.vanished == 0;
    if (none) outcome.how = Outcome::How::unchanged;
    return {};
  }

  // What a delta could not read comes on top of what is known to be missing of the whole and of deltas before, but for the
  // documents that were read again. (Of gaps whose notes were too many to keep that is not known: they count until the whole is
  // loaded again.)
  static void add_gaps(const Some& some, const Intake& intake, DbSource& next) {
    std::set<std::string_view> again;
    for (const Document& one : some.records.documents) again.insert(last_part(one.name));
    const std::string missing = text_at(some.known.state, "missing");
    for (const std::string_view url : split(missing, '\n')) {
      if (!url.empty()) again.insert(last_part(url));
    }
    next.notes = intake.notes;
    next.left_out = some.known.left_out + intake.left_out;
    for (const Note& note : some.known.notes) {
      const bool here = std::ranges::find(intake.notes, note) != intake.notes.end();
      if (here || again.contains(last_part(note.path.str()))) {
        next.left_out -= std::min<std::uint64_t>(next.left_out, 1);
      } else {
        next.notes.push_back(note);
      }
    }
  }

  static Status remove_others(const std::set<std::string>& there, const std::string& source,
                              DbWriter& writer) {
    const std::vector<std::string> all = TRY(writer.ids(source));
    for (const std::string& id : all) {
      if (!there.contains(id)) TRY(writer.remove(source, id));
    }
    return {};
  }

  // How many of its records the source has lost counts, not how many there are: those of something else may be as many.
  // before: with the new ones and those that are removed by now. An error leaves the old ones.
  Status check_loss(std::uint64_t before, const DbSource& next, DbWriter& writer, Outcome& outcome) const {
    const std::uint64_t lost = before - TRY(writer.source(next.name)).records;
    if (lost <= next.records / 5 || request_.accept_shrink) return {};
    outcome.how = Outcome::How::held;
    outcome.lost = lost;
    outcome.why = fmt::format("still there: {} of its {} records",
                              next.records - std::min(next.records, lost), next.records);
    return fail(Errc::cancelled, outcome.why);
  }
  struct Whole {
    const FetchTarget& target;
    const Plan& plan;
    const Fetched& fetched;
    const DbSource &known, &next;
  };
  // A repository of updates names those whose builds it has, and has the last one of each package: much may go, but not all. What it
  // still lacks half a day later is no accident of its publisher's.
  [[nodiscard]] bool is_settled(const Whole& whole, std::uint64_t before, std::uint64_t after) const {
    constexpr std::int64_t kSettled = 12 * 3600;
    const std::string since = text_at(whole.known.state, "held-since");
    return whole.target.origin->delta == Delta::repomd && after > 0 &&
           is_held_loss(whole.known, before - after, request_.now) &&
           seconds_between(since, request_.now).value_or(0) >= kSettled;
  }

  Status take_whole(const FetchTarget& target, const DbSource& known, const Plan& plan, Outcome& outcome) {
    DbSource next = next_of(target, known, plan);
    Want want = wanted(target, plan.url);
    if (!known.fetched.empty() && outcome.ahead.empty() && !plan.anew)
      want.have = {text_at(known.state, "etag"), text_at(known.state, "last-modified")};
    const Fetched fetched = TRY(fetcher_.get(want));
    outcome.bytes += plan.bytes + (fetched.changed ? fetched.bytes : 0);
    if (!fetched.changed) return asked(next, outcome);
    next.state["etag"] = fetched.validators.etag;
    next.state["last-modified"] = fetched.validators.last_modified;
    if (plan.checksum && plan.checksum->of == StatedDigest::Of::file)
      TRY(check_file(*plan.checksum, fetched, plan.url));
    return transaction(
        [&](DbWriter& writer) { return put_whole({target, plan, fetched, known, next}, writer, outcome); });
  }

  Status put_whole(const Whole& whole, DbWriter& writer, Outcome& outcome) const {
    Intake intake(whole.target, writer);
    std::vector<Note> unread;
    const std::optional<StatedDigest>& sum = whole.plan.checksum;
    const auto use = [&](Document one) -> Status {
      if (sum && sum->of == StatedDigest::Of::unpacked)
        TRY(compare(*sum, hex_digest(sum->algorithm, one.bytes), whole.plan.url));
      return intake.document(std::move(one));
    };
    TRY(each_document(whole.fetched.path, document_name(whole.plan.url), unread, use));
    TRY(intake.flush());
    if (!unread.empty()) return fail(Errc::damaged, unread.front().path.str() + ": " + unread.front().what);
    if (intake.size() == 0 && intake.left_out > 0)
      return fail(Errc::damaged, intake.notes.front().path.str() + ": " + intake.notes.front().what);
    const std::string& name = whole.next.name;
    const std::uint64_t before = TRY(writer.source(name)).records;
    TRY(remove_others(intake.ids, name, writer));
    TRY(writer.remove_risks(name, [&](std::string_view cve) { return !intake.cves.contains(cve); }));
    const std::uint64_t after = TRY(writer.source(name)).records;
    if (!is_settled(whole, before, after)) TRY(check_loss(before, whole.next, writer, outcome));
    DbSource next = whole.next;
    next.notes = intake.notes;
    next.left_out = intake.left_out;
    return commit(writer, next, intake, outcome);
  }

  Status commit(DbWriter& writer, const DbSource& next, const Intake& intake, Outcome& outcome) const {
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
      TRY(usable(writer));
      Status status = change(*writer);
      if (!status && !writer->roll_back()) writer.reset();
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
