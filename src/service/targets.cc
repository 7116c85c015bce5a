// SPDX-License-Identifier: Apache-2.0
#include "service/targets.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <span>

#include "base/text.h"
#include "match/channels.h"
#include "match/ecosystem.h"
#include "model/release.h"
#include "model/root.h"
#include "service/fetch.h"

namespace peekr {
namespace {

constexpr std::string_view kValue = "{}";

std::string with_value(std::string_view text, std::string_view value) {
  std::string out(text);
  if (const std::size_t at = out.find(kValue); at != std::string::npos) out.replace(at, kValue.size(), value);
  return out;
}

// "a{b,c}d" -> {"b", "abd"}, {"c", "acd"}; a URL without braces is one, without a name.
std::vector<std::pair<std::string, std::string>> choices(const std::string& url) {
  const std::size_t open = url.find('{');
  const std::size_t close = url.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return {{"", url}};
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string_view one : split(std::string_view(url).substr(open + 1, close - open - 1), ',')) {
    out.emplace_back(one, url.substr(0, open) + std::string(one) + url.substr(close + 1));
  }
  return out;
}

struct Values {
  std::vector<std::string> list;
  bool open = false;  // others are fine, too
};

// Those that images ask for, and those that are wanted by name.
std::vector<std::string> usual_values(const Origin& origin, const Wish& wish) {
  std::set<std::string> out;
  for (const std::string_view items : {origin.ecosystems, origin.rates}) {
    for (const std::string_view item : split(items, '|')) {
      if (!item.empty()) out.emplace(item);
    }
  }
  for (const std::string& one : wish.feeds) {
    const auto [name, value] = cut(one, '/');
    if (name == origin.name && !value.empty()) out.emplace(value);
  }
  return {out.begin(), out.end()};
}

Result<std::vector<std::string>> listed_values(const Origin& origin, const Wish& wish, const ReadUrl& read) {
  const std::string url(origin.url.substr(0, origin.url.find(kValue)));
  const Result<std::string> text = read(url + std::string(origin.values.substr(1)));
  const bool by_name = !wish.feeds.empty() && std::ranges::find(wish.feeds, origin.name) == wish.feeds.end();
  if (!text && (by_name || text.error().code == Errc::not_found)) return usual_values(origin, wish);
  if (!text) return fail(text.error());
  std::vector<std::string> out;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view line = trim(next_line(rest));
    if (!line.empty() && !line.starts_with('[')) out.emplace_back(line);  // OSV's "[EMPTY]"
  }
  return out;
}

// Releases that the row does not name: those that the database has, and those that are wanted by name.
void add_others(const Origin& origin, const Wish& wish, std::vector<std::string>& out) {
  const std::string prefix = std::string(origin.name) + "/";
  for (const std::vector<std::string>* names : {&wish.there, &wish.feeds}) {
    for (const std::string_view one : *names) {
      if (!one.starts_with(prefix)) continue;
      const std::string_view value = cut(one.substr(prefix.size()), '/').first;
      if (!value.empty() && std::ranges::find(out, value) == out.end()) out.emplace_back(value);
    }
  }
}

Result<Values> values_of(const Origin& origin, const Wish& wish, const ReadUrl& read) {
  Values out;
  if (origin.values.starts_with('@')) {
    out.open = true;  // what an image asks for needs no look at the list
    if (wish.ecosystems) return out;
    out.list = TRY(listed_values(origin, wish, read));
    return out;
  }
  for (const std::string_view one : split(origin.values, '|')) {
    if (one == "*") {
      out.open = true;
    } else if (one.ends_with("..")) {
      const std::uint64_t last = to_number(std::string_view(wish.today).substr(0, 4)).value_or(0);
      for (std::uint64_t year = to_number(one.substr(0, one.size() - 2)).value_or(last + 1); year <= last;
           ++year)
        out.list.push_back(std::to_string(year));
    } else {
      out.list.emplace_back(one);
    }
  }
  if (out.open && !wish.ecosystems) add_others(origin, wish, out.list);
  return out;
}

bool has(const Values& values, const std::string& value) {
  return values.open || std::ranges::find(values.list, value) != values.list.end();
}

// The values that one item of Origin::ecosystems has for one wanted string, into `out`.
void match_item(std::string_view item, std::string_view wanted, const Values& values,
                std::set<std::string>& out) {
  const auto all = [&] { out.insert(values.list.begin(), values.list.end()); };
  const std::size_t at = item.find(kValue);
  if (at != std::string_view::npos) {
    const std::string_view head = item.substr(0, at), tail = item.substr(at + kValue.size());
    if (wanted.size() <= head.size() + tail.size() || !wanted.starts_with(head) || !wanted.ends_with(tail))
      return;
    const std::string value(wanted.substr(head.size(), wanted.size() - head.size() - tail.size()));
    if (value.find('*') != std::string::npos) {
      all();
    } else if (has(values, value)) {
      out.insert(value);
    }
    return;
  }
  const bool family = item.find(':') == std::string_view::npos;
  if (family ? cut(wanted, ':').first != item : !fits(wanted, item) && !fits(item, wanted)) return;
  if (has(values, std::string(item))) {
    out.insert(std::string(item));
  } else {
    all();
  }
}

// The values of an origin that is wanted by packages of these (Origin::ecosystems); "" for one without. Empty: it is not.
std::set<std::string> wanted_values(std::string_view ecosystems, const Wish& wish, const Values& values) {
  if (!wish.ecosystems || ecosystems == "*") return {values.list.begin(), values.list.end()};
  std::set<std::string> out;
  if (ecosystems.empty()) return out;
  for (const std::string_view item : split(ecosystems, '|')) {
    for (const std::string& one : *wish.ecosystems) match_item(item, one, values, out);
  }
  return out;
}

// Whether `feeds` names it: the origin, or a source or a part of one ("alpine/v3.18"). What names something is `used`.
bool named(const std::string& source, const Wish& wish, std::set<std::string>& used) {
  bool any = wish.feeds.empty();
  for (const std::string& one : wish.feeds) {
    if (source != one && !source.starts_with(one + "/")) continue;
    used.insert(one);
    any = true;
  }
  return any;
}

bool is_source(const std::string& source, const Wish& wish) {
  return wish.sources.empty() || std::ranges::find(wish.sources, source) != wish.sources.end();
}

bool may_be_named(const Origin& origin, const Wish& wish) {
  return wish.feeds.empty() || std::ranges::any_of(wish.feeds, [&](const std::string& one) {
           return cut(one, '/').first == cut(origin.name, '/').first;
         });
}

// What the packages of one type and distribution are judged by.
struct Judges {
  Distro distro;
  std::span<const std::string> repositories;  // as Inventory has them
  bool any_rebuilt = false;                   // by Root
};

void add_wanted(const std::string& type, const Judges& of, std::set<std::string>& out) {
  const Ecosystem* row = find_ecosystem(type, of.distro);
  if (row == nullptr) return;
  const std::vector<std::string> patterns = wanted(*row, of.distro).patterns;
  out.insert(patterns.begin(), patterns.end());
  for (const std::string& one : wanted_by_some(*row, of.distro)) {
    if (of.any_rebuilt && one.starts_with("Root:")) out.insert(one);
  }
  if (row->peculiar != Ecosystem::Peculiar::alpine) return;
  for (const std::string& line : of.repositories) {  // "@edge edge/testing"
    if (line.starts_with('@')) out.insert("Alpine:" + std::string(cut(cut(line, ' ').second, '/').first));
  }
}

struct Asked {
  const Wish& wish;
  const Values& values;
};
void add_targets(const FetchTarget& row, const Asked& asked, std::set<std::string>& used,
                 std::vector<FetchTarget>& out) {
  const Origin& origin = *row.origin;
  const std::set<std::string> judging = wanted_values(origin.ecosystems, asked.wish, asked.values);
  std::set<std::string> all = wanted_values(origin.rates, asked.wish, asked.values);
  all.insert(judging.begin(), judging.end());
  for (const std::string& value : all) {
    const bool judges = judging.contains(value) && origin.ecosystems != "*";
    const std::string of = std::string(origin.name) + (value.empty() ? "" : "/" + value);
    const std::string archive = with_value(origin.archive, url_part(value));
    for (auto& [choice, url] : choices(with_value(origin.url, url_part(value)))) {
      std::string source = of + (choice.empty() ? "" : "/" + choice);
      if (!named(source, asked.wish, used) || !is_source(source, asked.wish)) continue;
      out.push_back({row.feed, row.origin, std::move(source), std::move(url), archive, judges});
    }
  }
}

}  // namespace

std::vector<std::string> wanted_ecosystems(const Inventory& inventory) {
  std::map<std::vector<std::string>, Judges> all;
  for (const Package& one : inventory.packages) {
    const std::optional<Distro> other = judged_as_of(one, inventory.distro);
    std::vector<std::string> key = {one.type};
    if (other) key.insert(key.end(), {other->id, full_release(*other), other->codename});
    const auto [found, fresh] = all.try_emplace(std::move(key));
    if (fresh) found->second.distro = other ? *other : inventory.distro.value_or(Distro{});
    if (fresh && !other) found->second.repositories = inventory.repositories;
    found->second.any_rebuilt |= is_rebuilt(one);
    if (const std::optional<Distro> epel = possible_epel(one, inventory.distro))
      all[{one.type, epel->id, epel->version_id, ""}].distro = *epel;
  }
  std::set<std::string> out;
  for (const auto& [key, one] : all) add_wanted(key.front(), one, out);
  return {out.begin(), out.end()};
}

Result<Targets> targets_of(const Wish& wish, const ReadUrl& read) {
  Targets out;
  std::set<std::string> used;
  for (const Feed* feed : all_feeds()) {
    for (const Origin& origin : feed->origins) {
      if (!may_be_named(origin, wish)) continue;
      Result<Values> values = values_of(origin, wish, read);
      if (values) {
        if (origin.values.empty()) values->list = {""};
        add_targets({feed, &origin}, {wish, *values}, used, out.list);
      } else {
        out.unlisted.push_back({std::string(origin.name), values.error().message});
        std::ranges::copy_if(wish.feeds, std::inserter(used, used.end()),
                             [&](const std::string& one) { return cut(one, '/').first == origin.name; });
      }
    }
  }
  for (const std::string& one : wish.feeds) {
    if (!used.contains(one) && !wish.ecosystems)
      return fail(Errc::usage, "--feeds " + printable(one) + ": there is no such feed: peekr list feeds");
  }
  return out;
}

}  // namespace peekr
