// SPDX-License-Identifier: Apache-2.0
#include "match/unsaid_sources.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

// "Debian" of "Debian:12:..": what has a record in another release is a source's name, too.
std::string_view publisher(std::string_view ecosystem) { return cut(ecosystem, ':').first; }

Result<bool> is_source(const std::string& name, const Scope& scope, const Db& db) {
  const std::vector<std::string> there = TRY(db.ecosystems_with(name));
  const auto is_of = [&](const std::string& one) {
    return [&one](const std::string& own) { return publisher(own) == publisher(one); };
  };
  return std::ranges::any_of(there, [&](const std::string& one) {
    return std::ranges::any_of(scope.ecosystems, is_of(one)) || std::ranges::any_of(scope.other, is_of(one));
  });
}

bool goes_by_source(const Scope& scope) {
  using Key = Ecosystem::Key;
  return scope.row->key == Key::source || scope.row->key == Key::source_or_said;
}

}  // namespace

Status note_unsaid_sources(const Inventory& inventory, const Scopes& scopes, const Db& db,
                           std::vector<Note>& notes) {
  std::map<std::pair<Path, std::string>, std::pair<std::string, std::size_t>> all;  // first name, how many
  for (const Package& one : inventory.packages) {
    if (one.source.empty() || !one.source_version.empty()) continue;
    const Scope& scope = scopes.at(one);
    if (!is_judged(scope) || !goes_by_source(scope)) continue;
    const bool known = TRY(is_source(one.name, scope, db));
    if (!known) ++all.try_emplace({one.path, one.type}, one.name, 0).first->second.second;
  }
  for (const auto& [key, one] : all) {
    const bool single = one.second == 1;
    notes.push_back({key.first, Why::no_data,
                     std::to_string(one.second) + " " + key.second +
                         (single ? " package does" : " packages do") + " not say of which source " +
                         (single ? "it is" : "they are") + " built (" + printable(one.first) +
                         (single ? "" : ", ..") +
                         "): what is known of sources of other names is missed: want the qualifier upstream, "
                         "such as upstream=openssl"});
  }
  return {};
}

}  // namespace peekr
