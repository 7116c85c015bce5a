// SPDX-License-Identifier: Apache-2.0
// Debian's security tracker as one JSON document (security-tracker.debian.org/tracker/data/json): what holds now, by source
// package, vulnerability and release:
//   {"glibc": {"CVE-2015-7547": {"scope": "remote", "debianbug": 812445, "description": "..", "releases": {"bookworm":
//    {"status": "resolved", "fixed_version": "2.21-8", "urgency": "not yet assigned", "repositories": {..}}}}}}
// "resolved" by version "0": never affected. An open issue may say that there will be no advisory ("nodsa": why) and what
// becomes of it ("nodsa_reason": "ignored", "postponed" or empty). `repositories`, the versions that a release has, is the
// archive's word and no verdict.
// What comes out is one Advisory a vulnerability. It bears the id of the copy that OSV.dev makes of this document,
// "DEBIAN-CVE-2015-7547", which says less; it has no date, and so takes that copy's place. Temporary ids ("TEMP-0290435-
// 0B57B5") are Debian's own.
#include <simdjson.h>

#include <map>
#include <set>

#include "base/text.h"
#include "feed/debian.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/range.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

// Reads the document into `issues`.
class Reader {
 public:
  using Issues = std::map<std::string_view, Advisory>;
  Reader(Gaps& gaps, Issues& issues) : gaps_(gaps), issues_(issues) {}

  void package(std::string_view name, element value) {
    package_ = name;
    gaps_.record = name;
    object issues;
    if (name.empty() || value.get(issues) != simdjson::SUCCESS)
      return gaps_.add("", "not a package with its issues");
    for (const auto field : issues) issue(field.key, field.value);
  }

 private:
  void issue(std::string_view id, element value) {
    gaps_.record = std::string(package_) + ": " + std::string(id);
    object fields, releases;
    if (id.empty() || printable(id) != id || value.get(fields) != simdjson::SUCCESS) {
      return gaps_.add("", "not an issue");
    }
    Advisory& one = advisory(id, fields);
    element list;
    // Without any release it is an empty list.
    if (fields.at_key("releases").get(list) == simdjson::SUCCESS && list.is_array()) return;
    if (!json::find(fields, "releases", releases)) return gaps_.add("releases", "not an object");
    for (const auto field : releases) release(field.key, field.value, one);
  }

  // Of several packages with one issue the first tells it.
  Advisory& advisory(std::string_view id, object fields) {
    const auto [found, fresh] = issues_.try_emplace(id);
    Advisory& one = found->second;
    if (fresh) {
      const bool temporary = id.starts_with("TEMP-");
      one.id = (temporary ? "" : "DEBIAN-") + std::string(id);
      if (!temporary) one.upstream = {std::string(id)};
      one.publisher = "Debian";
      one.references = {{"ADVISORY", "https://security-tracker.debian.org/tracker/" + std::string(id)}};
    }
    if (one.summary.empty()) one.summary = json::text(fields, "description", gaps_);
    const std::string scope = json::text(fields, "scope", gaps_);
    if (one.details.empty() && !scope.empty()) one.details = "Scope: " + scope;
    std::uint64_t bug = 0;
    if (fields.at_key("debianbug").get(bug) == simdjson::SUCCESS)
      debian::add_bugs("bug #" + std::to_string(bug), one);
    return one;
  }

  void release(std::string_view codename, element value, Advisory& one) {
    object fields;
    const std::string where = "releases." + std::string(codename);
    if (value.get(fields) != simdjson::SUCCESS) return gaps_.add(where, "not an object");
    const std::string ecosystem = debian::ecosystem(codename);
    if (ecosystem.empty()) {
      if (unknown_.emplace(codename).second)
        gaps_.add(where, "a release that is not known, here and wherever it is named");
      return;
    }
    Affected affected{.ecosystem = ecosystem, .package = std::string(package_)};
    affected.urgency = json::text(fields, "urgency", gaps_, where + ".urgency");
    if (verdict(fields, where, affected)) one.affected.push_back(std::move(affected));
  }

  // Fills ranges, standing and reason; false: a Note says what is not understood.
  bool verdict(object fields, const std::string& where, Affected& one) const {
    const std::string status = json::text(fields, "status", gaps_, where + ".status");
    const std::string fixed = json::text(fields, "fixed_version", gaps_, where + ".fixed_version");
    if (status == "resolved" && !fixed.empty()) {
      if (fixed == "0") {
        one.standing = Standing::not_affected;
      } else {
        one.ranges.push_back(below(fixed));
      }
      return true;
    }
    if (status == "open") {
      one.ranges.push_back(below(""));
      return open(fields, where, one);
    }
    if (status == "undetermined") {
      one.ranges.push_back(below(""));
      one.standing = Standing::under_investigation;
      return true;
    }
    gaps_.add(where,
              status == "resolved" ? "resolved without a version" : "unknown status: " + printable(status));
    return false;
  }

  bool open(object fields, const std::string& where, Affected& one) const {
    const std::string why = json::text(fields, "nodsa", gaps_, where + ".nodsa");
    const std::string reason = json::text(fields, "nodsa_reason", gaps_, where + ".nodsa_reason");
    if (!why.empty() || !reason.empty()) {
      const std::string word = reason.empty() ? "no-dsa" : reason;
      const std::optional<Standing> standing = debian::standing(word);
      if (standing) one.standing = *standing;
      if (!standing) gaps_.add(where + ".nodsa_reason", "unknown: " + printable(word));
      one.reason = word + (why.empty() ? "" : ": ") + why;
    }
    if (one.urgency == "end-of-life") one.standing = Standing::end_of_life;
    return true;
  }

  Gaps& gaps_;
  Issues& issues_;
  std::string_view package_;
  std::set<std::string, std::less<>> unknown_;
};

void parse_tracker(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element document;
  object packages;
  if (!json::parse(parser, bytes, gaps, document)) return;
  if (document.get(packages) != simdjson::SUCCESS) return gaps.add("", "not an object");
  Reader::Issues issues;
  Reader reader(gaps, issues);
  for (const auto field : packages) reader.package(field.key, field.value);
  if (issues.empty()) gaps.add("", "no issue in it");
  for (auto& [id, one] : issues) {
    // Without any release that is read it says nothing, and must not take the place of a record that does.
    if (!one.affected.empty()) out.advisories.push_back(std::move(one));
  }
}

bool recognises_tracker(std::string_view /*name*/, std::string_view bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  const std::string_view head = bytes.substr(0, std::size_t{1} << 20);
  return bytes.starts_with('{') && contains(head, "\"releases\"") && contains(head, "\"repositories\"");
}

constexpr Origin kOrigins[] = {
    {.name = "debian-tracker",
     .url = "https://security-tracker.debian.org/tracker/data/json",
     .ecosystems = "Debian"},
};

}  // namespace

namespace feeds {
extern const Feed debian_tracker;
constexpr Feed debian_tracker = {
    .name = "debian-tracker",
    .about = "Debian's security tracker, its JSON",
    .origins = kOrigins,
    .recognises = recognises_tracker,
    .parse = parse_tracker,
};
}  // namespace feeds

}  // namespace peekr
