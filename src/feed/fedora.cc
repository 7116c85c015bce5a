// SPDX-License-Identifier: Apache-2.0
// Fedora: Bodhi's updates (bodhi.fedoraproject.org/updates/?type=security, pages of JSON) and the updateinfo of its
// repositories, both under the ids "FEDORA-2023-f6ff3f85eb":
//   {"updates": [{"alias", "type": "security", "status": "stable", "severity", "display_name", "title", "notes",
//     "date_submitted", "date_modified", "date_stable", "url", "release": {"name": "F37", "version": "37", "id_prefix": "FEDORA"},
//     "bugs": [{"bug_id", "title"}], "builds": [{"nvr", "type": "rpm", "epoch"}]}], "page", "pages"}   or one update alone
// A build of Bodhi is a source package, of updateinfo a binary one. CVEs stand in texts: the titles of bugs, of the update, and
// only where those name none the notes. Updates that are not stable yet or were withdrawn (obsolete, unpushed, testing, pending)
// are no fixes; flatpaks and containers are no packages.
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "feed/json.h"
#include "feed/updateinfo.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

// "Fedora:37" of "1.fc37"; "EPEL:9" of "2.el9", "EPEL:10" of "2.el10_1": its minor releases share what is not built anew.
std::string ecosystem_of(std::string_view release, bool epel) {
  const std::string_view tag = epel ? ".el" : ".fc";
  const std::size_t at = release.rfind(tag);
  if (at == std::string_view::npos) return {};
  const std::string_view number = release.substr(at + tag.size());
  std::size_t end = 0;
  while (end < number.size() && is_digit(number[end])) ++end;
  if (end == 0) return {};
  return (epel ? "EPEL:" : "Fedora:") + std::string(number.substr(0, end));
}

std::string ecosystem(const updateinfo::Update& update, const updateinfo::Build& build) {
  return ecosystem_of(build.release, update.id.starts_with("FEDORA-EPEL-"));
}

constexpr updateinfo::Publisher kFedora = {.name = "Fedora",
                                           .prefix = "FEDORA-",
                                           .ecosystem = ecosystem,
                                           .introduced = updateinfo::from_the_beginning,
                                           .arches = updateinfo::Publisher::Arches::where_several};

void add(std::vector<std::string>& all, std::vector<std::string>&& some) {
  for (std::string& one : some) {
    if (std::ranges::find(all, one) == all.end()) all.push_back(std::move(one));
  }
}

std::vector<std::string> cves_of(object update, const Gaps& gaps) {
  std::vector<std::string> all;
  for (const element item : json::list(update, "bugs", gaps)) {
    object bug;
    std::string_view title;
    if (item.get(bug) == simdjson::SUCCESS && json::find(bug, "title", title)) add(all, cves_in(title));
  }
  for (const char* key : {"display_name", "title"}) add(all, cves_in(json::text(update, key, gaps)));
  if (all.empty()) all = cves_in(json::text(update, "notes", gaps));
  std::ranges::sort(all);
  return all;
}

// "httpd-2.4.55-1.fc37" -> name, version, release: the last two hyphens part them.
bool read_nvr(std::string_view nvr, updateinfo::Build& build) {
  const std::size_t release = nvr.rfind('-');
  if (release == std::string_view::npos || release == 0) return false;
  const std::size_t version = nvr.rfind('-', release - 1);
  if (version == std::string_view::npos || version == 0) return false;
  build.name = nvr.substr(0, version);
  build.version = nvr.substr(version + 1, release - version - 1);
  build.release = nvr.substr(release + 1);
  return !build.version.empty() && !build.release.empty();
}

void read_build(element item, const std::string& ecosystem, const Gaps& gaps, Advisory& one) {
  object fields;
  if (item.get(fields) != simdjson::SUCCESS) return gaps.add("builds", "an item is not an object");
  const std::string nvr = json::text(fields, "nvr", gaps), type = json::text(fields, "type", gaps);
  if (type == "module") return gaps.add(nvr, "a module's build names no package");
  if (type == "flatpak" || type == "container") return;
  updateinfo::Build build;
  if (!read_nvr(nvr, build)) return gaps.add("builds", "not a name, version and release: " + printable(nvr));
  element epoch;
  std::uint64_t number = 0;
  if (fields.at_key("epoch").get(epoch) == simdjson::SUCCESS && !epoch.is_null() &&
      epoch.get(number) != simdjson::SUCCESS) {
    return gaps.add(nvr, "its epoch is not a number");
  }
  const std::string fix = std::to_string(number) + ":" + build.version + "-" + build.release;
  one.affected.push_back(
      {.ecosystem = ecosystem,
       .package = build.name,
       .key = KeyKind::source,
       .ranges = {{"ECOSYSTEM", {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, fix}}}}});
}

std::string date_of(object update, std::initializer_list<const char*> keys, const Gaps& gaps) {
  for (const char* key : keys) {
    const std::string written = json::text(update, key, gaps);
    if (written.empty()) continue;
    std::string date = rfc3339(written);
    if (date.empty()) gaps.add(key, "not a date");
    return date;
  }
  return {};
}

void read_update(object update, Gaps& gaps, Published& out) {
  Advisory one{.id = json::text(update, "alias", gaps), .publisher = "Fedora"};
  gaps.record = one.id;
  if (!one.id.starts_with(kFedora.prefix) || printable(one.id) != one.id) {
    return gaps.add("alias", "no id of Fedora: update left out");
  }
  object release;
  if (!json::find(update, "release", release)) return gaps.add("release", "none: update left out");
  const std::string version = json::text(release, "version", gaps);
  const std::string prefix = json::text(release, "id_prefix", gaps);
  if (json::text(update, "status", gaps) != "stable" || prefix == "FEDORA-FLATPAK") return;
  one.upstream = cves_of(update, gaps);
  if (json::text(update, "type", gaps) != "security" && one.upstream.empty()) return;
  one.summary = json::text(update, "display_name", gaps);
  if (one.summary.empty()) one.summary = json::text(update, "title", gaps);
  one.details = json::text(update, "notes", gaps);
  one.severity = json::text(update, "severity", gaps);
  one.published = date_of(update, {"date_stable", "date_pushed", "date_submitted"}, gaps);
  one.modified = date_of(update, {"date_modified"}, gaps);
  one.modified = std::max(one.modified, one.published);
  if (const std::string url = json::text(update, "url", gaps); !url.empty()) {
    one.references.push_back({"ADVISORY", url});
  }
  const std::string ecosystem =
      prefix == "FEDORA-EPEL" ? "EPEL:" + std::string(cut(version, '.').first) : "Fedora:" + version;
  for (const element item : json::list(update, "builds", gaps)) read_build(item, ecosystem, gaps, one);
  if (one.affected.empty()) return gaps.add("builds", "no package: update left out");
  out.advisories.push_back(std::move(one));
}

void parse_bodhi(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element document;
  if (!json::parse(parser, bytes, gaps, document)) return;
  object root, update;
  simdjson::dom::array updates;
  if (document.get(root) != simdjson::SUCCESS) return gaps.add("", "not an object");
  if (root.at_key("updates").get(updates) != simdjson::SUCCESS) return read_update(root, gaps, out);
  for (const element item : updates) {
    gaps.record.clear();
    if (item.get(update) == simdjson::SUCCESS) {
      read_update(update, gaps, out);
    } else {
      gaps.add("updates", "an item is not an object");
    }
  }
}

bool is_json(std::string_view bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  return bytes.starts_with('{');
}

bool recognises_fedora(std::string_view /*name*/, std::string_view bytes) {
  if (!is_json(bytes)) return updateinfo::recognises(bytes, kFedora.prefix);
  return std::ranges::all_of(std::array{"\"alias\"", "\"FEDORA-", "\"builds\""},
                             [&](const char* key) { return contains(bytes, key); });
}

void parse_fedora(std::string_view name, std::string_view bytes, Published& out) {
  if (is_json(bytes)) return parse_bodhi(name, bytes, out);
  updateinfo::parse(name, bytes, kFedora, out);
}

// Bodhi pages by date, which nothing fetches yet: its documents come by `db build`.
// EPEL 10 is of CentOS Stream, 10z of Red Hat's last minor release (docs.fedoraproject.org/en-US/epel/branches); 7 has ended.
constexpr Origin kOrigins[] = {
    {.name = "epel",
     .url = "https://dl.fedoraproject.org/pub/epel/{}/Everything/x86_64/repodata/repomd.xml",
     .values = "8|9|10",
     .ecosystems = "EPEL:{}",
     .delta = Delta::repomd},
    {.name = "epel/10z",
     .url = "https://dl.fedoraproject.org/pub/epel/10z/Everything/x86_64/repodata/repomd.xml",
     .ecosystems = "EPEL:10",
     .delta = Delta::repomd},
    {.name = "epel/7",
     .url = "https://dl.fedoraproject.org/pub/archive/epel/7/x86_64/repodata/repomd.xml",
     .ecosystems = "EPEL:7",
     .delta = Delta::repomd},
    {.name = "fedora",
     .url = "https://dl.fedoraproject.org/pub/fedora/linux/updates/{}/Everything/x86_64/repodata/repomd.xml",
     .values = "41|42|43|44|*",
     .ecosystems = "Fedora:{}",
     .delta = Delta::repomd,
     .archive = "https://dl.fedoraproject.org/pub/archive/fedora/linux/updates/{}/Everything/x86_64/repodata/"
                "repomd.xml"},
};

}  // namespace

namespace feeds {
extern const Feed fedora;
constexpr Feed fedora = {
    .name = "fedora",
    .about = "Fedora's and EPEL's updates: Bodhi's JSON, updateinfo",
    .origins = kOrigins,
    .recognises = recognises_fedora,
    .parse = parse_fedora,
};
}  // namespace feeds

}  // namespace peekr
