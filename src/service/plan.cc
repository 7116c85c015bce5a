// SPDX-License-Identifier: Apache-2.0
// The lists of changes that publishers lay beside their documents. What is remembered of them, in a source's state: the
// validators of the list ("list-etag", "list-modified"), of the head of OSV's ("head-etag", "head-modified"; "complete": when all of it
// was read last), of deletions.csv ("gone-etag", "gone-modified"), how far the list was
// read ("listed", a time), the checksum of the document ("checksum"), the name of the archive ("archive"), the URLs of documents
// that the list names and that were not there ("missing", a line each), which rows OSV's list had of records that the database had not,
// or had an older one of ("unknown": so many digits of the digest of each).
#include "service/plan.h"

#include <simdjson.h>

#include <algorithm>
#include <thread>

#include "base/date.h"
#include "base/text.h"
#include "db/index.h"
#include "lib/digest.h"

namespace peekr {
namespace {

using index::later;

constexpr std::size_t kSingles =
    500;  // changed records that are fetched one by one; for more the whole is cheaper
constexpr std::int64_t kWholeAfterDays = 7;                   // lists do not name what has been mended
constexpr std::uint64_t kListHead = std::uint64_t{64} << 10;  // of OSV's list: 1,500 rows
constexpr std::int64_t kListAfterDays = 1;              // for all of it: the head does not tell what has gone
constexpr std::size_t kRowDigits = 12, kRows = 10'000;  // of the list, that are remembered
constexpr std::uint64_t kListBytes = std::uint64_t{1} << 30;
constexpr std::int64_t kModifiedDays = 7;  // NVD's "modified" has those of the last eight
constexpr std::int64_t kWindowDays = 30;   // for more, the whole is cheaper
constexpr std::int64_t kSkewSeconds = 3600;
constexpr std::size_t kPage = 2000;                   // records of NVD's API a page
constexpr auto kPagePause = std::chrono::seconds(6);  // it allows five requests in thirty seconds

Validators validators(const DbSource& known, const std::string& name) {
  return {text_at(known.state, name + "-etag"), text_at(known.state, name + "-modified")};
}
void remember(const Fetched& fetched, const std::string& name, Plan& plan) {
  if (!fetched.changed) return;
  plan.state[name + "-etag"] = fetched.validators.etag;
  plan.state[name + "-modified"] = fetched.validators.last_modified;
}

// A record that claims a time to come does not keep what comes until then from being new.
std::string not_ahead(const std::string& time, const std::string& now) {
  return later(time, now) ? now : time;
}

bool has_whole(const DbSource& known) { return !text_at(known.state, "whole").empty(); }

std::int64_t days_since_whole(const PlanRequest& request) {
  return days_between(text_at(request.known.state, "whole"), request.now).value_or(1 << 20);
}

// One row of a list of changes.
struct Change {
  std::string time, path;
  std::string id = {};  // OSV
};

// OSV: `time,id`; CSAF: `"path","time"`.
std::optional<Change> change_of(Delta delta, std::string_view line) {
  std::string plain(line);
  std::erase(plain, '"');
  const auto [first, second] = cut(plain, ',');
  if (first.empty() || second.empty()) return std::nullopt;
  if (delta == Delta::osv) return Change{std::string(first), url_part(second) + ".json", std::string(second)};
  return Change{std::string(second), std::string(first)};
}

struct Changes {
  std::vector<Change> list;  // newer than `since`, in the order of the publisher
  bool reached = false;      // a row that is not newer was seen
};

Changes changes_in(Delta delta, std::string_view list, std::string_view since) {
  Changes out;
  while (!list.empty()) {
    const std::string_view line = trim(next_line(list));
    if (line.empty()) continue;
    std::optional<Change> one = change_of(delta, line);
    const bool old = !one || !later(one->time, since);
    out.reached |= old;
    if (old && delta == Delta::osv) break;  // newest first
    if (!old) out.list.push_back(*std::move(one));
  }
  return out;
}

// A mirror may have the documents only.
Result<Plan> without_list(const PlanRequest& request, const Error& error) {
  if (error.code == Errc::not_found) return plan_whole(request);
  return fail(error);
}

bool is_list_due(const PlanRequest& request) {
  const auto& state = request.known.state;
  const std::string last = std::max(text_at(state, "whole"), text_at(state, "complete"));
  return days_between(last, request.now).value_or(1 << 20) >= kListAfterDays;
}

// Docker's and Kubernetes' records are known by ids of our own (own_id() in feed/osv.cc); the list has theirs.
bool is_own(std::string_view id) { return id.starts_with("KUBE-") || id.starts_with("DHI-"); }

// Those that the parser leaves out are unknown after the whole, too, and those that the list gives another time than they do
// themselves: a row that was there at the last comparison is no reason to fetch them again.
void add_unknown(const PlanRequest& request, const std::map<std::string, std::string>& times, Plan& plan) {
  const std::string before = text_at(request.known.state, "unknown");
  std::set<std::string_view> known;
  for (std::size_t at = 0; at < before.size(); at += kRowDigits)
    known.insert(std::string_view(before).substr(at, kRowDigits));
  std::string& now = plan.state["unknown"];
  for (const auto& [url, time] : times) {
    const std::string row = hex_digest("sha256", url + "," + time).substr(0, kRowDigits);
    if (now.size() < kRows * kRowDigits) now += row;
    if (!known.contains(row)) plan.urls.push_back(url);
  }
}

// All of OSV's list: what has gone, and what came, or was modified, with a time of before the last update.
Status compare_list(const PlanRequest& request, std::string_view list, Plan& plan) {
  const std::map<std::string, std::string> known = TRY(request.times());
  if (std::ranges::any_of(known, [](const auto& one) { return is_own(one.first); })) return {};
  const std::set<std::string> asked(plan.urls.begin(), plan.urls.end());
  const std::string folder = folder_of(request.target.url);
  std::set<std::string> ids;
  std::map<std::string, std::string> unknown;  // the time of each URL
  while (!list.empty()) {
    const std::string_view line = trim(next_line(list));
    if (line.empty()) continue;
    const std::optional<Change> one = change_of(Delta::osv, line);
    // A record whose row cannot be read has not gone.
    if (!one) return fail(Errc::damaged, folder + "modified_id.csv: a row without time or id");
    const auto had = known.find(one->id);
    const bool is_news = had == known.end() || later(one->time, had->second);
    if (is_news && !asked.contains(folder + one->path)) unknown.emplace(folder + one->path, one->time);
    ids.insert(one->id);
  }
  if (ids.empty()) return {};  // it says nothing
  add_unknown(request, unknown, plan);
  const bool gone = std::ranges::any_of(known, [&](const auto& one) { return !ids.contains(one.first); });
  if (gone) plan.ids = std::move(ids);
  return {};
}

Result<Plan> plan_osv(const PlanRequest& request) {
  if (!has_whole(request.known) || days_since_whole(request) >= kWholeAfterDays) return plan_whole(request);
  const std::string folder = folder_of(request.target.url);
  const bool due = is_list_due(request);
  const Result<Fetched> list = request.fetcher.get({.url = folder + "modified_id.csv",
                                                    .have = validators(request.known, due ? "list" : "head"),
                                                    .first = due ? 0 : kListHead});
  if (!list) return without_list(request, list.error());
  Plan plan{.how = Plan::How::nothing};
  if (due) plan.state["complete"] = request.now;
  if (!list->changed) return plan;
  std::string text = TRY(text_of(*list, kListBytes));
  const bool cut_off = !due && text.size() >= kListHead;
  if (cut_off) text.resize(text.rfind('\n', kListHead - 1) + 1);  // the last row may be half of one
  remember(*list, "head", plan);
  if (!cut_off) remember(*list, "list", plan);
  plan.bytes += list->bytes;
  const Changes changes =
      changes_in(Delta::osv, text, not_ahead(request.known.newest, request.known.fetched));
  if (changes.list.size() > kSingles || (cut_off && !changes.reached)) return plan_whole(request);
  for (const Change& one : changes.list) plan.urls.push_back(folder + one.path);
  if (!cut_off) TRY(compare_list(request, text, plan));
  if (plan.urls.size() > kSingles) {
    Plan whole = TRY(plan_whole(request));
    whole.state["unknown"] = text_at(plan.state, "unknown");
    return whole;
  }
  if (!plan.urls.empty() || plan.ids) plan.how = Plan::How::some;
  return plan;
}

// CSAF: the archive is as of a day, in its name; changes.csv and deletions.csv say what came after. Where its documents lie
// one by one: beside the .txt that names it, or below what the archive is named after.
std::string documents_folder(const std::string& url) {
  return url.ends_with(".txt") ? folder_of(url) : url.substr(0, url.find(".tar", url.rfind('/'))) + "/";
}
Result<std::string> archive_url(const PlanRequest& request) {
  const std::string& url = request.target.url;
  if (!url.ends_with(".txt")) return url;
  const std::string name = TRY(request.fetcher.text(url));
  return folder_of(url) + std::string(trim(name));
}

// "csaf_vex_2025-01-31.tar.zst" -> "2025-01-31"
std::string day_in(std::string_view name) {
  for (std::size_t i = 0; i + 10 <= name.size(); ++i) {
    const std::string_view day = name.substr(i, 10);
    if (days_between(day, day)) return std::string(day);
  }
  return {};
}

Result<Plan> whole_archive(const PlanRequest& request) {
  const std::string archive = TRY(archive_url(request));
  Plan plan{.url = archive, .state = {{"archive", archive}, {"listed", day_in(archive)}, {"missing", ""}}};
  for (const char* name : {"list", "gone"}) {
    plan.state[std::string(name) + "-etag"].clear();
    plan.state[std::string(name) + "-modified"].clear();
  }
  const Result<std::string> sum = request.fetcher.text(archive + ".sha256");
  if (sum) plan.checksum = StatedDigest{"sha256", std::string(cut(trim(*sum), ' ').first)};
  if (!sum && sum.error().code != Errc::not_found) return fail(sum.error());
  return plan;
}

// The whole where there is another archive than the last one; else nothing.
Result<Plan> newer_archive(const PlanRequest& request) {
  Plan whole = TRY(whole_archive(request));
  if (whole.url != text_at(request.known.state, "archive")) return whole;
  return Plan{.how = Plan::How::nothing};
}

// deletions.csv, as far as it is newer and the document has not come back. The feed of the documents reads it.
Result<std::string> deletions(const PlanRequest& request, const std::string& folder, const std::string& since,
                              const Changes& changes, Plan& plan) {
  const Result<Fetched> list =
      request.fetcher.get({.url = folder + "deletions.csv", .have = validators(request.known, "gone")});
  if (!list && list.error().code == Errc::not_found) return std::string();
  if (!list) return fail(list.error());
  remember(*list, "gone", plan);
  if (!list->changed) return std::string();
  plan.bytes += list->bytes;
  std::map<std::string, std::string> back;
  for (const Change& one : changes.list) back[one.path] = one.time;
  const std::string text = TRY(text_of(*list, kListBytes));
  std::string out;
  for (const Change& one : changes_in(Delta::csaf, text, since).list) {
    const auto again = back.find(one.path);
    if (again == back.end() || later(one.time, again->second)) out += one.path + "," + one.time + "\n";
  }
  return out;
}

Result<Plan> plan_csaf(const PlanRequest& request) {
  if (!has_whole(request.known)) return whole_archive(request);
  const std::string folder = documents_folder(request.target.url);
  const std::string listed = text_at(request.known.state, "listed");
  const std::string since = not_ahead(listed.empty() ? request.known.newest : listed, request.known.fetched);
  Plan plan{.how = Plan::How::nothing};
  const Result<Fetched> list =
      request.fetcher.get({.url = folder + "changes.csv", .have = validators(request.known, "list")});
  if (!list && list.error().code == Errc::not_found) return newer_archive(request);
  if (!list) return fail(list.error());
  remember(*list, "list", plan);
  Changes changes;
  if (list->changed) {
    plan.bytes += list->bytes;
    const std::string text = TRY(text_of(*list, kListBytes));
    changes = changes_in(Delta::csaf, text, since);
  }
  if (changes.list.size() > kSingles) {
    Plan archive = TRY(newer_archive(request));
    if (archive.how == Plan::How::whole) return archive;
  }
  const std::string gone = TRY(deletions(request, folder, since, changes, plan));
  const std::set<std::string> deleted = [&] {
    std::set<std::string> out;
    for (const Change& one : changes_in(Delta::csaf, gone, "").list) out.insert(one.path);
    return out;
  }();
  std::string latest = since;
  for (const Change& one : changes.list) {
    if (later(one.time, latest)) latest = one.time;
    if (!deleted.contains(one.path)) plan.urls.push_back(folder + one.path);
  }
  plan.state["listed"] = not_ahead(latest, request.now);
  const std::string missing = text_at(request.known.state, "missing");
  for (const std::string_view url : split(missing, '\n')) {
    const std::string again(url);
    if (again.size() > folder.size() && !deleted.contains(again.substr(folder.size())))
      plan.urls.push_back(again);
  }
  sort_unique(plan.urls);
  if (!gone.empty()) {
    plan.documents = std::make_shared<std::vector<Document>>(
        std::vector<Document>{{document_name(folder + "deletions.csv"), gone}});
  }
  if (!plan.urls.empty() || !gone.empty()) plan.how = Plan::How::some;
  return plan;
}

// An attribute or the text of an element behind `at`, as repomd.xml writes them.
std::string between(const std::string& text, std::size_t at, std::string_view before,
                    std::string_view after) {
  const std::size_t begin = text.find(before, at);
  if (begin == std::string::npos) return {};
  const std::size_t from = begin + before.size();
  const std::size_t end = text.find(after, from);
  return end == std::string::npos ? std::string() : std::string(trim(text.substr(from, end - from)));
}

// The repository that a mirror.list names: the first with https, else the first. Amazon Linux 1's list has http alone; what came over
// https leads nowhere that is not, so that is asked over https, too.
Result<std::string> repository_in(std::string_view list, const std::string& url) {
  constexpr std::string_view kSecure = "https://", kPlain = "http://";
  std::string first;
  while (!list.empty()) {
    const std::string_view line = trim(next_line(list));
    const bool secure = line.starts_with(kSecure);
    if (!secure && (!first.empty() || !line.starts_with(kPlain))) continue;
    first = secure ? std::string(line) : std::string(kSecure) + std::string(line.substr(kPlain.size()));
    if (secure) break;
  }
  if (first.empty()) return fail(Errc::damaged, url + ": it names no repository");
  return first.ends_with('/') ? first : first + '/';
}

// Of a topic of Amazon Linux 2 there may have been no update yet; all other repositories have had some.
bool may_be_without_update(const PlanRequest& request) {
  return request.target.origin->name == "amazon/2" && !has_whole(request.known);
}

// The whole, of which repomd.xml has the place and the checksum.
Result<Plan> whole_updateinfo(const PlanRequest& request) {
  std::string url = request.target.url;
  if (!url.ends_with("repomd.xml")) {
    const std::string mirrors = TRY(request.fetcher.text(url));
    url = TRY(repository_in(mirrors, url)) + "repodata/repomd.xml";
  }
  Result<std::string> text = request.fetcher.text(url);
  const bool moved = !text && text.error().code == Errc::not_found && !request.target.archive.empty();
  if (moved) {
    Result<std::string> old = request.fetcher.text(request.target.archive);
    if (old) url = request.target.archive;
    if (old || old.error().code != Errc::not_found) text = std::move(old);
  }
  const std::string index = TRY(std::move(text));
  const std::size_t begin = index.find("type=\"updateinfo\"");
  if (begin == std::string::npos) {
    const bool is_all = index.contains("<repomd") && index.contains("</repomd>");
    if (!is_all || !may_be_without_update(request))
      return fail(Errc::damaged, url + ": it names no updateinfo");
    return Plan{.how = Plan::How::nothing, .bytes = index.size()};
  }
  const std::string entry = index.substr(begin, index.find("</data>", begin) - begin);
  const std::string href = between(entry, 0, "href=\"", "\"");
  if (href.empty()) return fail(Errc::damaged, url + ": it names no updateinfo");
  const std::size_t sum = entry.find("<checksum");
  const std::string algorithm = between(entry, sum, "type=\"", "\""), hex = between(entry, sum, ">", "<");
  const std::string repository = folder_of(url).substr(0, folder_of(url).size() - 1);
  Plan plan{.url = folder_of(repository) + href, .bytes = index.size()};
  if (algorithm == "sha256" || algorithm == "sha512") {
    plan.checksum = StatedDigest{algorithm, hex};
    plan.state["checksum"] = hex;
  }
  return plan;
}

Result<Plan> plan_repomd(const PlanRequest& request) {
  Plan plan = TRY(whole_updateinfo(request));
  const std::string known = text_at(request.known.state, "checksum");
  if (has_whole(request.known) && plan.checksum && plan.checksum->hex == known) plan.how = Plan::How::nothing;
  return plan;
}

// NVD: "nvdcve-2.0-2021.meta" has lines such as "sha256:...", of the unpacked JSON.
Result<Plan> whole_year(const PlanRequest& request) {
  const std::string& url = request.target.url;
  Plan plan{.url = url};
  const std::string stem = url.substr(0, url.find(".json", url.rfind('/')));
  const Result<std::string> meta = request.fetcher.text(stem + ".meta");
  if (!meta && meta.error().code == Errc::not_found) return plan;  // a mirror of the documents only
  if (!meta) return fail(meta.error());
  for (std::string_view rest = *meta; !rest.empty();) {
    const auto [name, value] = cut(trim(next_line(rest)), ':');
    if (name == "sha256") plan.checksum = StatedDigest{"sha256", lower(value), StatedDigest::Of::unpacked};
  }
  if (!plan.checksum) return fail(Errc::damaged, stem + ".meta: no sha256 in it");
  plan.state["checksum"] = plan.checksum->hex;
  return plan;
}

Result<std::vector<Document>> one_document(const Fetcher& fetcher, const std::string& url) {
  const std::string text = TRY(fetcher.text(url));
  return std::vector<Document>{{document_name(url), text}};
}

// The pages of what was modified in that time, of NVD's API.
Result<std::vector<Document>> modified_between(const Fetcher& fetcher, const std::string& from,
                                               const std::string& to) {
  const auto time = [](const std::string& text) {
    return text.substr(0, 10) + (text.size() < 19 ? "T00:00:00" : text.substr(10, 9)) + ".000%2B00:00";
  };
  std::vector<Document> out;
  for (std::size_t at = 0;; at += kPage) {
    if (at > 0) std::this_thread::sleep_for(kPagePause);
    const std::string url =
        "https://services.nvd.nist.gov/rest/json/cves/2.0?lastModStartDate=" + time(from) +
        "&lastModEndDate=" + time(to) + "&startIndex=" + std::to_string(at);
    std::string page = TRY(fetcher.text(url));
    simdjson::dom::parser parser;
    std::uint64_t total = 0;
    if (parser.parse(page)["totalResults"].get(total) != simdjson::SUCCESS)
      return fail(Errc::damaged, url + ": no totalResults in it");
    out.push_back({document_name(url), std::move(page)});
    if (at + kPage >= total) return out;
  }
}

// What is of the day before may have come after the document was made.
std::string nvd_since(const std::string& fetched) { return day_after(fetched, -1); }
std::int64_t nvd_days(const std::string& fetched, const std::string& now) {
  return days_between(nvd_since(fetched), now).value_or(1 << 20);
}

Result<Plan> plan_nvd(const PlanRequest& request) {
  Plan whole = TRY(whole_year(request));
  const std::string known = text_at(request.known.state, "checksum");
  if (!has_whole(request.known) || !whole.checksum) return whole;
  if (whole.checksum->hex == known) return Plan{.how = Plan::How::nothing};
  const std::string since = nvd_since(request.known.fetched);
  if (nvd_days(request.known.fetched, request.now) > kWindowDays) return whole;
  const bool recent = is_in_modified(request.known.fetched, request.now);
  const std::string key = recent ? folder_of(request.target.url) + "nvdcve-2.0-modified.json.gz" : since;
  // The first source that asks fetches it for all.
  const auto read = [&](auto& all) -> Result<std::shared_ptr<const std::vector<Document>>> {
    if (const auto found = all.find(key); found != all.end()) return found->second;
    Result<std::vector<Document>> documents =
        recent ? one_document(request.fetcher, key) : modified_between(request.fetcher, since, request.now);
    if (!documents) return fail(documents.error());
    return all[key] = std::make_shared<const std::vector<Document>>(*std::move(documents));
  };
  const Result<std::shared_ptr<const std::vector<Document>>> documents = request.shared.with(read);
  if (!documents && documents.error().code == Errc::not_found)
    return whole;  // a mirror of the documents only
  if (!documents) return fail(documents.error());
  return Plan{.how = Plan::How::some, .documents = *documents, .state = std::move(whole.state)};
}

// Go: index/vulns.json is [{"id": "GO-2021-0054", "modified": "2024-05-20T16:03:47Z"}], of all that there are.
Result<Plan> plan_go(const PlanRequest& request) {
  if (!has_whole(request.known)) return plan_whole(request);
  const std::string folder = folder_of(request.target.url), url = folder + "index/vulns.json";
  const Result<Fetched> list = request.fetcher.get({.url = url, .have = validators(request.known, "list")});
  if (!list) return without_list(request, list.error());
  Plan plan{.how = Plan::How::nothing};
  remember(*list, "list", plan);
  if (!list->changed) return plan;
  plan.bytes += list->bytes;
  const std::string text = TRY(text_of(*list, kListBytes));
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (parser.parse(text).get(rows) != simdjson::SUCCESS) return fail(Errc::damaged, url + ": not a list");
  plan.ids.emplace();
  const std::map<std::string, std::string> known = TRY(request.times());
  for (const simdjson::dom::element row : rows) {
    std::string_view id, modified;
    if (row["id"].get(id) != simdjson::SUCCESS || row["modified"].get(modified) != simdjson::SUCCESS)
      return fail(Errc::damaged, url + ": a row without id or modified");
    plan.ids->emplace(id);
    const auto had = known.find(std::string(id));
    if (had == known.end() || later(modified, had->second))
      plan.urls.push_back(folder + "ID/" + url_part(id) + ".json");
  }
  if (plan.urls.size() > kSingles) return plan_whole(request);
  plan.how = Plan::How::some;
  return plan;
}

Result<Plan> whole_of(const PlanRequest& request) {
  switch (request.target.origin->delta) {
    case Delta::csaf: return whole_archive(request);
    case Delta::nvd: return whole_year(request);
    case Delta::repomd: return whole_updateinfo(request);
    case Delta::whole:
    case Delta::osv:
    case Delta::go: break;
  }
  return Plan{.url = request.target.url};
}

bool is_of_older_parser(const PlanRequest& request) {
  return request.target.feed != nullptr && is_of_older_parser(*request.target.feed, request.known);
}

}  // namespace

bool is_ahead(std::string_view time, std::string_view now) {
  return seconds_between(time, now).value_or(0) < -kSkewSeconds;
}

bool is_of_older_parser(const Feed& feed, const DbSource& known) {
  return has_whole(known) && to_number(text_at(known.state, kRevision)).value_or(1) < feed.revision;
}

bool is_in_modified(const std::string& fetched, const std::string& now) {
  return !is_ahead(fetched, now) && nvd_days(fetched, now) <= kModifiedDays;
}

Result<Plan> plan_update(const PlanRequest& request) {
  // What could not be read may have been mended, or dropped, since: the whole tells, a delta need not.
  const bool gaps = !request.only_changes && request.known.left_out > 0 && has_whole(request.known) &&
                    days_since_whole(request) >= kWholeAfterDays;
  const bool older = !request.only_changes && is_of_older_parser(request);
  if (gaps || older || is_ahead(request.known.fetched, request.now)) return plan_whole(request);
  switch (request.target.origin->delta) {
    case Delta::whole: break;
    case Delta::osv: return plan_osv(request);
    case Delta::csaf: return plan_csaf(request);
    case Delta::nvd: return plan_nvd(request);
    case Delta::go: return plan_go(request);
    case Delta::repomd: return plan_repomd(request);
  }
  return plan_whole(request);
}

Result<Plan> plan_whole(const PlanRequest& request) {
  Plan plan = TRY(whole_of(request));
  plan.anew = is_of_older_parser(request);
  return plan;
}

std::string folder_of(const std::string& url) { return url.substr(0, url.rfind('/') + 1); }

std::string document_name(const std::string& url) {
  const std::size_t host = url.find("://") + 3;
  return url.substr(std::min(url.find('/', host), url.size() - 1) + 1);
}

std::string text_at(const std::map<std::string, std::string>& state, const std::string& key) {
  const auto found = state.find(key);
  return found == state.end() ? std::string() : found->second;
}

}  // namespace peekr
