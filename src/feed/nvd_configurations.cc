// SPDX-License-Identifier: Apache-2.0
#include "feed/nvd_configurations.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "model/cpe.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

bool says(std::string_view part) { return part != "*" && part != "-"; }

struct System {
  std::string_view says, name;  // NVD's word; Go's
};
// How "vendor:product" begins. Of a system that is not here nothing follows: it may be a Linux.
constexpr std::array kSystems = {
    System{"apple:ipados", "ios"},         System{"apple:iphone_os", "ios"},
    System{"apple:mac", "darwin"},         System{"apple:tvos", "tvos"},
    System{"apple:watchos", "watchos"},    System{"freebsd:freebsd", "freebsd"},
    System{"google:android", "android"},   System{"google:chrome_os", "chromeos"},
    System{"hp:hp-ux", "hp-ux"},           System{"ibm:aix", "aix"},
    System{"linux:linux_kernel", "linux"}, System{"microsoft:windows", "windows"},
    System{"netbsd:netbsd", "netbsd"},     System{"openbsd:openbsd", "openbsd"},
    System{"oracle:solaris", "solaris"},   System{"sun:solaris", "solaris"},
};
constexpr std::array kTargets = {
    System{"android", "android"}, System{"ipados", "ios"},         System{"iphone_os", "ios"},
    System{"linux", "linux"},     System{"linux_kernel", "linux"}, System{"mac_os_x", "darwin"},
    System{"macos", "darwin"},    System{"windows", "windows"},
};
constexpr std::array<std::string_view, 10> kLanguages = {"c",    "c++", "elixir", "erlang", "go",
                                                         "perl", "php", "python", "ruby",   "rust"};

bool is_language(std::string_view word) { return std::ranges::find(kLanguages, word) != kLanguages.end(); }

// Empty: it is none that is known.
std::string_view system_of(std::span<const System> all, bool (*is)(std::string_view, std::string_view),
                           std::string_view word) {
  const auto found = std::ranges::find_if(all, [&](const System& one) { return is(word, one.says); });
  return found == all.end() ? std::string_view() : found->name;
}
std::string_view system_of_target(std::string_view word) {
  return system_of(kTargets, [](std::string_view a, std::string_view b) { return a == b; }, word);
}
std::string_view system_of_product(std::string_view word) {
  return system_of(kSystems, [](std::string_view a, std::string_view b) { return a.starts_with(b); }, word);
}

// One vulnerable "cpeMatch".
struct Match {
  std::string package;
  std::string_view system;  // empty: any
  std::optional<Range> range;
  std::string version;  // the only one; empty: the range, or nothing is said ("-")
};

std::optional<Match> match_of(object fields, const Gaps& gaps) {
  const std::string criteria = json::text(fields, "criteria", gaps);
  const std::vector<std::string> cpe = cpe_parts(criteria);
  if (cpe.size() != 13 || cpe[0] != "cpe" || cpe[1] != "2.3") {
    gaps.add("criteria", "not a CPE 2.3 name: " + printable(criteria.substr(0, 80)));
    return std::nullopt;
  }
  const std::string &version = cpe[5], &update = cpe[6], &platform = cpe[10];
  if (cpe[2] == "h") return std::nullopt;
  Match one{.package = cpe[3] + ":" + cpe[4], .system = system_of_target(platform)};
  if (says(platform) && one.system.empty() && !is_language(platform)) one.package += ":" + platform;
  struct Bound {
    const char* key;
    Event::Kind kind;
  };
  constexpr std::array kBounds = {Bound{"versionStartIncluding", Event::Kind::introduced},
                                  Bound{"versionStartExcluding", Event::Kind::introduced},
                                  Bound{"versionEndExcluding", Event::Kind::fixed},
                                  Bound{"versionEndIncluding", Event::Kind::last_affected}};
  Range range{.type = "ECOSYSTEM", .events = {}};
  for (const Bound& bound : kBounds) {
    element value;
    std::string_view at;
    if (fields.at_key(bound.key).get(value) != simdjson::SUCCESS || value.is_null()) continue;
    if (value.get(at) != simdjson::SUCCESS || at.empty()) {
      gaps.add(bound.key, "not a version");  // half a range would say something that nobody said
      return std::nullopt;
    }
    range.events.push_back({bound.kind, std::string(at)});
  }
  if (range.events.empty() && version != "*") {
    if (version != "-") one.version = version + (says(update) ? "-" + update : "");
    return one;
  }
  if (range.events.empty() || range.events.front().kind != Event::Kind::introduced)
    range.events.insert(range.events.begin(), {Event::Kind::introduced, "0"});
  one.range = std::move(range);
  return one;
}

// By package and systems.
using Found = std::map<std::pair<std::string, std::vector<std::string>>, Affected>;

void read_match(element item, const Gaps& gaps, const std::vector<std::string>& systems, Found& found) {
  object fields;
  bool vulnerable = false;
  if (item.get(fields) != simdjson::SUCCESS ||
      fields.at_key("vulnerable").get(vulnerable) != simdjson::SUCCESS) {
    return gaps.add("configurations", "a cpeMatch without \"vulnerable\"");
  }
  if (!vulnerable) return;
  std::optional<Match> match = match_of(fields, gaps);
  if (!match) return;
  std::vector<std::string> own = systems;
  if (!match->system.empty()) own = {std::string(match->system)};
  Affected& one = found[{match->package, std::move(own)}];
  if (match->range) one.ranges.push_back(*std::move(match->range));
  if (!match->version.empty()) one.versions.push_back(std::move(match->version));
}

// One node of a configuration.
struct Node {
  std::vector<element> matches;
  std::vector<std::string>
      systems;  // sorted; where it names surroundings that are known systems, and nothing else
};

// Nothing: what it names are no surroundings, or more than systems that are known.
std::vector<std::string> systems_of(const std::vector<element>& matches) {
  std::vector<std::string> all;
  for (const element item : matches) {
    object fields;
    bool vulnerable = true;
    std::string_view criteria;
    if (item.get(fields) != simdjson::SUCCESS || !json::find(fields, "criteria", criteria) ||
        fields.at_key("vulnerable").get(vulnerable) != simdjson::SUCCESS || vulnerable)
      return {};
    const std::vector<std::string> cpe = cpe_parts(criteria);
    if (cpe.size() != 13 || cpe[2] != "o") return {};
    const std::string_view system = system_of_product(cpe[3] + ":" + cpe[4]);
    if (system.empty()) return {};
    all.emplace_back(system);
  }
  sort_unique(all);
  return all;
}

std::vector<Node> nodes_of(object configuration, const Gaps& gaps) {
  std::vector<Node> nodes;
  for (const element node : json::list(configuration, "nodes", gaps, "configurations.nodes")) {
    object parts;
    bool negate = false;
    if (node.get(parts) != simdjson::SUCCESS) {
      gaps.add("configurations.nodes", "an item is not an object");
      continue;
    }
    if (parts.at_key("negate").get(negate) == simdjson::SUCCESS && negate) continue;
    Node& one = nodes.emplace_back(json::list(parts, "cpeMatch", gaps));
    one.systems = systems_of(one.matches);
  }
  return nodes;
}

}  // namespace

void nvd::read_configurations(object cve, const Gaps& gaps, std::vector<Affected>& affected) {
  Found found;
  const std::size_t gaps_before = gaps.notes.size();
  for (const element configuration : json::list(cve, "configurations", gaps)) {
    object fields;
    std::string_view op;
    if (configuration.get(fields) != simdjson::SUCCESS) {
      gaps.add("configurations", "an item is not an object");
      continue;
    }
    const std::vector<Node> nodes = nodes_of(fields, gaps);
    std::vector<std::string> systems;
    const auto on = std::ranges::find_if(nodes, [](const Node& one) { return !one.systems.empty(); });
    if (json::find(fields, "operator", op) && op == "AND" && on != nodes.end()) systems = on->systems;
    for (const Node& node : nodes) {
      for (const element item : node.matches) read_match(item, gaps, systems, found);
    }
  }
  for (auto& [key, one] : found) {
    one.ecosystem = "CPE";
    std::tie(one.package, one.systems) = key;
    affected.push_back(std::move(one));
  }
  if (gaps.notes.size() > gaps_before) affected.push_back({.ecosystem = "CPE"});
}

}  // namespace peekr
