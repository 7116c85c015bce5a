// SPDX-License-Identifier: Apache-2.0
// Alpine's secdb (secdb.alpinelinux.org, gitlab.alpinelinux.org/alpine/infra/docker/secdb), one document a
// release and repository; Wolfi and Chainguard write the same form without a release:
//   {"distroversion": "v3.18", "reponame": "main", "urlprefix": "..", "packages": [{"pkg": {"name": "xen",
//    "secfixes": {"4.17.1-r1": ["CVE-2022-42336 XSA-431"], "0": ["CVE-2021-1234"]}}}]}
// A key says: fixed in that version; "0": never affected. Packages are origins. An item is one id, several,
// or an id with a comment. What comes out is one Advisory a release, repository and id, for instance
// "ALPINE-SECDB-v3.18-main-CVE-2022-42336" with upstream CVE-2022-42336: the repositories of one release may
// both speak of one CVE, and neither replaces the other.
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/range.h"
#include "feed/words.h"
#include "version/scheme.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

constexpr std::string_view kNeverAffected = "0";
constexpr std::string_view kUnfixed = "None";  // SecureOS: no version mends it
constexpr std::size_t kLongestItem = 1000;     // an id with a comment; the longest known has 80 bytes

struct Release {
  std::string ecosystem;  // "Alpine:v3.18", "Wolfi"
  std::string prefix;     // of ids: "ALPINE-SECDB-v3.18-main-"
};

std::optional<Release> release_of(object root, const Gaps& gaps) {
  const std::string version = json::text(root, "distroversion", gaps);
  const std::string repository = json::text(root, "reponame", gaps);
  const std::string url = json::text(root, "urlprefix", gaps);
  if (url.find("wolfi.dev") != std::string::npos) return Release{"Wolfi", "WOLFI-SECDB-" + repository + "-"};
  // Its packages, and its builds of others' libraries.
  if (url.find("cgr.dev/chainguard") != std::string::npos ||
      url.find("libraries.cgr.dev") != std::string::npos) {
    return Release{"Chainguard", "CHAINGUARD-SECDB-" + repository + "-"};
  }
  if (url.find("mini.dev") != std::string::npos)
    return Release{"MinimOS", "MINIMOS-SECDB-" + repository + "-"};
  if (url.find("cve0.io") != std::string::npos) return Release{"SecureOS", "SECUREOS-SECDB-"};
  if (version.empty()) return std::nullopt;
  return Release{"Alpine:" + version, "ALPINE-SECDB-" + version + "-" + repository + "-"};
}

bool is_id_char(char c) { return is_digit(c) || is_alpha(c) || c == '-' || c == ':' || c == '.'; }

// "CVE-2017-17434-1", "CVE-2017-8073.patch", "CVE_2019-2426" -> the CVE id in front; empty when there is
// none. `text` is left behind it.
std::string take_cve(std::string_view& text) {
  if (text.size() < 4 || !equal_ignoring_case(text.substr(0, 3), "CVE")) return {};
  if (text[3] != '-' && text[3] != '_' && text[3] != ' ') return {};
  const auto digits = [&](std::size_t from) {
    std::size_t end = from;
    while (end < text.size() && is_digit(text[end])) ++end;
    return text.substr(from, end - from);
  };
  const std::string_view year = digits(4);
  if (year.size() != 4 || 8 >= text.size() || (text[8] != '-' && text[8] != '_')) return {};
  const std::string_view number = digits(9);
  if (number.size() < 4) return {};
  text.remove_prefix(9 + number.size());
  while (!text.empty() && is_id_char(text.front())) text.remove_prefix(1);
  return "CVE-" + std::string(year) + "-" + std::string(number);
}

// XSA-207, ZBX-11023, wnpa-sec-2017-18, TALOS-2017-0488, GHSA-..: letters, a hyphen, and a digit or more
// parts.
bool is_other_id(std::string_view word) {
  const std::size_t hyphen = word.find('-');
  if (word.starts_with("CVE")) return false;  // a damaged one
  if (hyphen == std::string_view::npos || hyphen < 2 || hyphen + 1 == word.size()) return false;
  const bool letters = std::ranges::all_of(word.substr(0, hyphen), is_alpha);
  return letters && std::ranges::any_of(word.substr(hyphen), is_digit);
}

struct Ids {
  std::vector<std::string> cves, others;
};

// What stands in parentheses is a comment: "CVE-2017-16808 (AoE)", "CVE-2018-14466 (AFS/RX)".
Ids ids_in(std::string_view text) {
  Ids found;
  while (!text.empty()) {
    if (std::string cve = take_cve(text); !cve.empty()) {
      found.cves.push_back(std::move(cve));
      continue;
    }
    if (text.front() == '(') {
      text.remove_prefix(std::min(text.find(')'), text.size() - 1) + 1);
      continue;
    }
    std::size_t end = 0;
    while (end < text.size() && is_id_char(text[end])) ++end;
    if (is_other_id(text.substr(0, end))) found.others.emplace_back(text.substr(0, end));
    text.remove_prefix(std::max<std::size_t>(end, 1));
  }
  return found;
}

// What the publisher says about one id and one package. Of several fixes the latest counts: those before it
// were not enough. Without any version: never affected.
struct Fixes {
  bool unfixed = false;
  std::string latest;
  std::set<std::string> unordered;  // versions that are none: each is a fix of its own
  std::set<std::string> related;
};

void add_fix(const Scheme* scheme, std::string_view version, Fixes& fixes) {
  const auto compare = [&](std::string_view a, std::string_view b) {
    return scheme == nullptr ? std::nullopt : scheme->compare(a, b);
  };
  if (version == kNeverAffected) return;
  if (version == kUnfixed) {
    fixes.unfixed = true;
    return;
  }
  if (!compare(version, version)) {
    fixes.unordered.emplace(version);
  } else if (fixes.latest.empty() || compare(version, fixes.latest) == std::strong_ordering::greater) {
    fixes.latest = version;
  }
}

Affected affected_of(const std::string& ecosystem, std::string_view package, const Fixes& fixes) {
  Affected one{.ecosystem = ecosystem, .package = std::string(package)};
  std::set<std::string> versions = fixes.unordered;
  if (!fixes.latest.empty()) versions.insert(fixes.latest);
  if (versions.empty() && fixes.unfixed) one.ranges.push_back(below(""));
  if (versions.empty() && !fixes.unfixed) one.standing = Standing::not_affected;
  for (const std::string& version : versions) {
    one.ranges.push_back(below(version));
  }
  return one;
}

using ById = std::map<std::string, std::map<std::string, Fixes>>;  // id, package

// Reads the document into `ids`.
class Reader {
 public:
  Reader(Gaps& gaps, ById& ids) : gaps_(gaps), ids_(ids) {}

  void package(element item) {
    object entry, pkg, secfixes;
    gaps_.record.clear();
    if (item.get(entry) != simdjson::SUCCESS || !json::find(entry, "pkg", pkg)) {
      return gaps_.add("packages", "an item without pkg");
    }
    name_ = trim(json::text(pkg, "name", gaps_));
    if (name_.empty()) return gaps_.add("packages", "a package without name");
    gaps_.record = name_;
    element value;
    if (pkg.at_key("secfixes").get(value) != simdjson::SUCCESS || value.is_null()) return;
    if (value.get(secfixes) != simdjson::SUCCESS) return gaps_.add("secfixes", "not an object");
    for (const auto field : secfixes) fix(trim(field.key), field.value);
  }

 private:
  void fix(std::string_view version, element value) {
    simdjson::dom::array items;
    if (value.is_null()) return;
    if (version.empty()) return gaps_.add("secfixes", "an empty version");
    if (value.get(items) != simdjson::SUCCESS) return gaps_.add(version, "not a list");
    for (const element item : items) {
      std::string_view text;
      if (item.get(text) != simdjson::SUCCESS) {
        gaps_.add(version, "an item is not a text");
      } else if (text.size() > kLongestItem) {
        gaps_.add(version, "an item is too long: " + std::to_string(text.size()) + " bytes");
      } else {
        ids(version, text);
      }
    }
  }
  void ids(std::string_view version, std::string_view text) {
    const Ids found = ids_in(text);
    // Beside a CVE other ids are only related: XSA-297 stands beside four CVEs, which it does not make one.
    for (const std::string& id : found.cves) add(id, version, found.others);
    if (!found.cves.empty()) return;
    for (const std::string& id : found.others) add(id, version, {});
    if (found.others.empty()) gaps_.add(version, "no id in \"" + printable(text.substr(0, 80)) + "\"");
  }
  void add(const std::string& id, std::string_view version, const std::vector<std::string>& related) {
    Fixes& fixes = ids_[id][name_];
    add_fix(scheme_, version, fixes);
    fixes.related.insert(related.begin(), related.end());
  }

  const Scheme* scheme_ = find_scheme("apk");
  Gaps& gaps_;
  ById& ids_;
  std::string name_;
};

void parse_secdb(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element document;
  if (!json::parse(parser, bytes, gaps, document)) return;
  object root;
  if (document.get(root) != simdjson::SUCCESS) return gaps.add("", "not an object");
  const std::optional<Release> release = release_of(root, gaps);
  if (!release) return gaps.add("distroversion", "none: document left out");
  ById ids;
  Reader reader(gaps, ids);
  for (const element item : json::list(root, "packages", gaps)) reader.package(item);
  for (const auto& [id, packages] : ids) {
    Advisory one{.id = release->prefix + id,
                 .publisher = std::string(cut(release->ecosystem, ':').first),
                 .upstream = {id}};
    std::set<std::string> related;
    for (const auto& [package, fixes] : packages) {
      one.affected.push_back(affected_of(release->ecosystem, package, fixes));
      related.insert(fixes.related.begin(), fixes.related.end());
    }
    one.related.assign(related.begin(), related.end());
    out.advisories.push_back(std::move(one));
  }
}

bool recognises_secdb(std::string_view /*name*/, std::string_view bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  const auto has = [&](std::string_view key) { return contains(bytes, key); };
  return bytes.starts_with('{') && (has("\"secfixes\"") || (has("\"reponame\"") && has("\"packages\"")));
}

constexpr std::string_view kChainguard =
    "CC-BY-NC-ND-4.0 and Chainguard's licence for scanners: for the user's own machine only";
constexpr Origin kOrigins[] = {
    {.name = "alpine",
     .url = "https://secdb.alpinelinux.org/{}/{main,community}.json",
     .values = "v3.10|v3.11|v3.12|v3.13|v3.14|v3.15|v3.16|v3.17|v3.18|v3.19|v3.20|v3.21|v3.22|edge|*",
     .ecosystems = "Alpine:{}",
     .licence = "CC-BY-SA-4.0"},
    {.name = "chainguard",
     .url = "https://packages.cgr.dev/chainguard/security.json",
     .ecosystems = "Chainguard",
     .licence = kChainguard},
    {.name = "minimos",
     .url = "https://packages.mini.dev/advisories/secdb/security.json",
     .ecosystems = "MinimOS"},
    {.name = "secureos", .url = "https://security.secureos.io/v1/secdb.json.gz", .ecosystems = "SecureOS"},
    {.name = "wolfi",
     .url = "https://packages.wolfi.dev/os/security.json",
     .ecosystems = "Wolfi",
     .licence = kChainguard},
};

}  // namespace

namespace feeds {
extern const Feed alpine_secdb;
constexpr Feed alpine_secdb = {
    .name = "alpine-secdb",
    .about = "Alpine's secdb JSON, also of Wolfi, Chainguard, MinimOS and SecureOS",
    .origins = kOrigins,
    .recognises = recognises_secdb,
    .parse = parse_secdb,
};
}  // namespace feeds

}  // namespace peekr
