// SPDX-License-Identifier: Apache-2.0
// A source that was fetched is named by its origin and what it speaks of, "alpine/v3.18/main", "osv/Debian"; one that `db build` has made
// by its feed and the family of ecosystems, "amazon/Amazon Linux". Of which ecosystems the former speak say their origins.
#include "service/concern.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "feed/feed.h"
#include "match/ecosystem.h"
#include "model/ratings.h"
#include "service/plan.h"
#include "service/private.h"
#include "service/targets.h"

namespace peekr {
namespace {

// Whether an item of Origin::ecosystems, for the source's second part, is wanted.
bool is_wanted(std::string item, std::string_view value, const std::vector<std::string>& wanted) {
  const std::size_t at = item.find("{}");
  if (at != std::string::npos) item.replace(at, 2, value);
  const bool family = item.find(':') == std::string::npos;
  return std::ranges::any_of(wanted, [&](const std::string& one) {
    return family ? cut(one, ':').first == item : fits(one, item) || fits(item, one);
  });
}

// Of a source that was fetched: which value of the origin it is of, "v3.18" of "alpine/v3.18/main"; nothing: it is not of it.
std::optional<std::string_view> value_in(const Origin& origin, std::string_view source) {
  if (!source.starts_with(origin.name)) return std::nullopt;
  source.remove_prefix(origin.name.size());
  if (source.empty()) return source;
  return source.front() == '/' ? std::optional(cut(source.substr(1), '/').first) : std::nullopt;
}

bool item_is(std::string_view item, const Origin& origin, const DbSource& source,
             const std::vector<std::string>& wanted) {
  if (item == "*") return true;
  if (!source.fetched.empty()) {
    const std::optional<std::string_view> value = value_in(origin, source.name);
    return value && is_wanted(std::string(item), *value, wanted);
  }
  const std::string_view part = cut(source.name, '/').second;  // a family, of Alpine's a release
  if (part.empty() || part == cut(item, ':').first) return is_wanted(std::string(item), "*", wanted);
  return item.contains("{}") && is_wanted(std::string(item), part, wanted);
}

// Whether one of the origins that the source may be of is wanted.
bool origins_are(const DbSource& source, const std::vector<std::string>& wanted) {
  for (const Feed* feed : all_feeds()) {
    if (feed->name != source.feed) continue;
    for (const Origin& origin : feed->origins) {
      const std::string_view items = origin.ecosystems.empty() ? origin.speaks_of : origin.ecosystems;
      for (const std::string_view item : split(items, '|')) {
        if (!item.empty() && item_is(item, origin, source, wanted)) return true;
      }
    }
  }
  return false;
}

bool concerns(const DbSource& source, const std::vector<std::string>& wanted) {
  if (source.feed.empty() || source.name.starts_with(kPrivateSource))
    return true;  // it may be about anything
  const std::string_view family = cut(source.name, '/').second;
  if (source.feed == "osv" && !family.empty()) return is_wanted(std::string(family), "", wanted);
  return origins_are(source, wanted);
}

// Fetched for the scores that its records have: who judges the image's packages by them is asked for himself.
bool rates_alone(const DbSource& source, const std::vector<std::string>& wanted) {
  if (source.fetched.empty()) return false;  // `db build` may have found nothing else
  for (const Feed* feed : all_feeds()) {
    for (const Origin& origin : feed->origins) {
      const std::optional<std::string_view> value = value_in(origin, source.name);
      if (feed->name != source.feed || !value) continue;
      for (const std::string_view item : split(origin.rates, '|')) {
        if (item == *value && is_wanted(std::string(item), "", wanted)) return true;
      }
    }
  }
  return false;
}

// In words; what: "advisories".
std::vector<std::string> lacks(const DbSource& source, std::string_view what) {
  std::vector<std::string> out;
  const std::string whose = source.feed.empty() ? "documents that the database was built from"
                                                : std::string(what) + " of " + printable(source.name);
  if (!source.held.empty())
    out.push_back(whose + " are those of " + source.fetched.substr(0, 10) +
                  ": newer ones are held back: " + source.held);
  if (source.left_out == 0) return out;
  out.push_back(whose + ": " + std::to_string(source.left_out) + " of them could not be read whole");
  if (!source.notes.empty())
    out.back() += ", the first is " + source.notes.front().path.str() + ": " + source.notes.front().what;
  return out;
}

// All of NVD is too much to be fetched for one image.
void note_missing_nvd(const Inventory& inventory, std::vector<Note>& out) {
  const Package* first = nullptr;
  std::size_t count = 0;
  for (const Package& one : inventory.packages) {
    const Ecosystem* row = one.cpes.empty() ? nullptr : find_ecosystem(one.type, Distro{});
    if (row == nullptr || row->key != Ecosystem::Key::software) continue;
    if (count++ == 0) first = &one;
  }
  if (count == 0) return;
  out.push_back({count == 1 ? first->path : Path(), Why::no_data,
                 printable(first->name) + " " + printable(first->version) +
                     (count == 1 ? "" : " and " + std::to_string(count - 1) + " more") +
                     ": software that no package manager installed is judged by NVD, which the database does "
                     "not have: peekr db update --feeds nvd"});
}

// A scan fetches no year of NVD whole.
void tell_older_nvd(const std::vector<std::string>& wanted, const DbInfo& db, std::vector<std::string>& out) {
  if (std::ranges::find(wanted, "CPE") == wanted.end()) return;
  const std::span<const Feed* const> feeds = all_feeds();
  const auto nvd = std::ranges::find_if(feeds, [](const Feed* one) { return one->name == "nvd"; });
  const bool older = std::ranges::any_of(
      db.sources, [&](const DbSource& one) { return is_nvd(one) && is_of_older_parser(**nvd, one); });
  if (older)
    out.emplace_back(
        "what the database has of NVD was read by an older version of peekr: peekr db update --feeds "
        "nvd reads it anew");
}

bool is_listed(std::string_view origin_name, std::string_view value) {
  for (const Feed* feed : all_feeds()) {
    for (const Origin& origin : feed->origins) {
      const std::vector<std::string_view> values = split(origin.values, '|');
      if (origin.name == origin_name && std::ranges::find(values, value) != values.end()) return true;
    }
  }
  return false;
}

// A topic of Amazon Linux 2's extras has advisories of its own, and some topics are fetched by nobody (feed/amazon.cc). Those that
// are, and are not at hand, are gaps like any other source (supply.cc). What `db build` has read may be of any topic.
void note_other_topics(const Inventory& inventory, const DbInfo& db, std::vector<Note>& out) {
  constexpr std::string_view kExtra = "amzn2extra-";
  const bool built = std::ranges::any_of(
      db.sources, [](const DbSource& one) { return one.feed == "amazon" && one.fetched.empty(); });
  if (built) return;
  for (const std::string_view one : inventory.repositories) {
    if (!one.starts_with(kExtra) || is_listed("amazon/2", one.substr(kExtra.size()))) continue;
    out.push_back({Path(), Why::no_data,
                   "packages of " + printable(one) +
                       ": peekr fetches no advisories of this topic of Amazon Linux 2's extras"});
  }
}

}  // namespace

Concerns concerns_of(const Inventory& inventory, const DbInfo& db) {
  const std::vector<std::string> wanted = wanted_ecosystems(inventory);
  Concerns out;
  if (!has_nvd(db)) note_missing_nvd(inventory, out.gaps);
  note_other_topics(inventory, db, out.gaps);
  tell_older_nvd(wanted, db, out.remarks);
  for (const DbSource& source : db.sources) {
    if ((source.held.empty() && source.left_out == 0) || !concerns(source, wanted)) continue;
    const bool scores = rates_alone(source, wanted);
    for (std::string& one : lacks(source, scores ? "scores" : "advisories")) {
      if (scores) {
        out.remarks.push_back(std::move(one));
      } else {
        out.gaps.push_back({Path(), Why::no_data, std::move(one)});
      }
    }
  }
  return out;
}

}  // namespace peekr
