// SPDX-License-Identifier: Apache-2.0
#include "feed/updateinfo.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "feed/affected.h"
#include "feed/json.h"
#include "feed/words.h"
#include "lib/xml.h"

namespace peekr::updateinfo {
namespace {

using json::Gaps;

constexpr std::size_t kHead = 4096;

std::vector<std::string> cves_of(XmlNode update) {
  std::vector<std::string> all;
  for (const XmlNode one : update.child("references").children("reference")) {
    for (const std::string_view where : {one.attribute("id"), one.attribute("title")}) {
      const std::vector<std::string> some = cves_in(where);
      all.insert(all.end(), some.begin(), some.end());
    }
  }
  std::ranges::sort(all);
  const auto twice = std::ranges::unique(all);
  all.erase(twice.begin(), twice.end());
  return all;
}

void read_collection(XmlNode collection, const Gaps& gaps, Update& update) {
  std::string module;
  if (const XmlNode of = collection.child("module")) {
    module = std::string(of.attribute("name")) + ":" + std::string(of.attribute("stream"));
  }
  for (const XmlNode package : collection.children("package")) {
    const auto value = [&](std::string_view key) { return std::string(package.attribute(key)); };
    Build build{value("name"), value("epoch"), value("version"), value("release"), value("arch"), module};
    if (build.name.empty() || build.version.empty() || build.release.empty()) {
      gaps.add("package", "without name, version or release");
    } else {
      update.builds.push_back(std::move(build));
    }
  }
}

// Epoch 0 is written out: it is said, and a source rpm's file name says none.
std::string evr(const Build& build) {
  return (build.epoch.empty() ? "0" : build.epoch) + ":" + build.version + "-" + build.release;
}

bool names_several(const Update& update) {
  std::set<std::string_view> arches;
  for (const Build& build : update.builds) arches.insert(build.arch);
  return arches.contains("x86_64") && arches.contains("aarch64");
}

std::vector<Affected> affected_of(const Update& update, const Publisher& publisher, const Gaps& gaps) {
  const bool by_arch = publisher.arches == Publisher::Arches::as_written || names_several(update);
  std::vector<Affected> all;
  for (const Build& build : update.builds) {
    if (build.arch == "src") continue;  // the binary packages are listed, too
    Affected one{.ecosystem = publisher.ecosystem(update, build), .package = build.name};
    if (one.ecosystem.empty()) {
      gaps.add(build.name, "of no known release: " + printable(evr(build)));
      continue;
    }
    one.key = KeyKind::binary;
    one.module = build.module;
    if (by_arch && !build.arch.empty()) one.arches = {build.arch};
    one.ranges = {
        {"ECOSYSTEM",
         {{Event::Kind::introduced, publisher.introduced(update, build)}, {Event::Kind::fixed, evr(build)}}}};
    all.push_back(std::move(one));
  }
  merge_architectures(all);
  return all;
}

std::string date_of(XmlNode update, std::string_view key, const Gaps& gaps) {
  const std::string_view written = update.child(key).attribute("date");
  std::string date = rfc3339(written);
  if (date.empty() && !written.empty()) gaps.add(key, "not a date");
  return date;
}

void read_update(XmlNode node, const Publisher& publisher, Gaps& gaps, Published& out) {
  Update update{.id = node.child("id").text(), .builds = {}};
  gaps.record = update.id;
  if (update.id.empty() || printable(update.id) != update.id) return gaps.add("id", "none: update left out");
  std::vector<std::string> cves = cves_of(node);
  if (node.attribute("type") != "security" && cves.empty()) return;
  for (const XmlNode one : node.child("pkglist").children("collection")) read_collection(one, gaps, update);
  Advisory one{.id = update.id, .publisher = std::string(publisher.name), .upstream = std::move(cves)};
  one.summary = node.child("title").text();
  one.details = node.child("description").text();
  one.severity = node.child("severity").text();
  one.published = date_of(node, "issued", gaps);
  one.modified = date_of(node, "updated", gaps);
  if (one.modified.empty()) one.modified = one.published;
  for (const XmlNode of : node.child("references").children("reference")) {
    const std::string_view type = of.attribute("type"), url = of.attribute("href");
    if (url.empty()) continue;
    one.references.push_back({type == "bugzilla" ? "REPORT" : "ADVISORY", std::string(url)});
  }
  one.affected = affected_of(update, publisher, gaps);
  if (one.affected.empty()) return gaps.add("pkglist", "no package: update left out");
  out.advisories.push_back(std::move(one));
}

}  // namespace

bool is_empty(std::string_view bytes) {
  constexpr std::string_view kUpdate = "<update";
  for (std::size_t at = bytes.find(kUpdate); at < bytes.size(); at = bytes.find(kUpdate, at + 1)) {
    const std::string_view after = bytes.substr(at + kUpdate.size(), 1);
    if (after.empty() || !is_alpha(after.front())) return false;  // not <updates, </updates or <updated
  }
  return bytes.substr(0, kHead).contains("<updates");
}

bool recognises(std::string_view bytes, std::string_view prefix) {
  if (bytes.substr(0, kHead).find("<updates") == std::string_view::npos) return false;
  const std::size_t id = bytes.find("<id>");
  return id != std::string_view::npos && trim(bytes.substr(id + 4, kHead)).starts_with(prefix);
}

void parse(std::string_view name, std::string_view bytes, const Publisher& publisher, Published& out) {
  const std::size_t before = out.advisories.size() + out.notes.size();
  Gaps gaps{Path(name), "", out.notes};
  XmlPieces updates(bytes, 1);
  for (XmlPiece piece;;) {
    gaps.record.clear();
    const Result<bool> more = updates.next(piece);
    if (!more) return gaps.add("", more.error().message);
    if (!*more) break;
    const Result<Xml> xml = Xml::parse(piece.bytes);
    if (!xml) {
      gaps.add("an update", xml.error().message);
    } else if (xml->root().name() == "update") {
      read_update(xml->root(), publisher, gaps, out);
    }
  }
  if (out.advisories.size() + out.notes.size() == before && !is_empty(bytes))
    gaps.add("", "no security update in it");
}

std::string from_the_beginning(const Update& /*update*/, const Build& /*build*/) { return "0"; }

}  // namespace peekr::updateinfo
