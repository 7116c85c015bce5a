// SPDX-License-Identifier: Apache-2.0
// A criteria tree becomes statements, each with the conditions of the groups around it. Of a group without packages (three
// releases, any of them) its conditions are those of the group that it stands in.
#include "feed/oval.h"

#include <algorithm>

#include "base/text.h"
#include "feed/oval_tests.h"
#include "feed/words.h"
#include "lib/xml.h"

namespace peekr::oval {
namespace {

using json::Gaps;
using Kind = Condition::Kind;

struct Conditions {
  std::vector<std::string> platforms;
  std::string system_arch, module;
};

// One <criteria>.
struct Group {
  std::size_t parent = 0;  // before it in the list; the first is its own
  bool packages = false;   // it or one below it speaks of a package
  Conditions own, all;
  std::vector<Statement> statements;
};

void add(Condition&& one, Group& group) {
  switch (one.kind) {
    case Kind::package: group.statements.push_back(std::move(one.statement)); break;
    case Kind::platform: group.own.platforms.push_back(std::move(one.text)); break;
    case Kind::system_arch: group.own.system_arch = std::move(one.text); break;
    case Kind::module: group.own.module = std::move(one.text); break;
    case Kind::satisfied: break;
  }
}

// What `inner` says replaces what `outer` says of the same.
Conditions narrowed(const Conditions& outer, const Conditions& inner) {
  Conditions all = outer;
  if (!inner.platforms.empty()) all.platforms = inner.platforms;
  if (!inner.system_arch.empty()) all.system_arch = inner.system_arch;
  if (!inner.module.empty()) all.module = inner.module;
  return all;
}

// The groups of a tree, parents first.
std::vector<Group> groups_of(XmlNode criteria, const Tests& tests, const Gaps& gaps) {
  std::vector<Group> groups;
  std::vector<std::pair<XmlNode, std::size_t>> todo = {{criteria, 0}};
  std::size_t missing = 0;
  for (std::size_t next = 0; next < todo.size(); ++next) {
    const auto [node, parent] = todo[next];
    Group group{.parent = parent};
    for (const XmlNode child : node.children()) {
      const std::string_view comment = child.attribute("comment");
      if (child.attribute("negate") == "true") {
        gaps.add("criteria", "negated, which is not read: \"" + printable(comment) + "\"");
      } else if (child.name() == "criteria") {
        todo.emplace_back(child, next);
      } else if (Result<Condition> one = tests.condition(child.attribute("test_ref"), comment)) {
        add(*std::move(one), group);
      } else if (one.error().code == Errc::not_found) {
        ++missing;
      } else {
        gaps.add(child.attribute("test_ref"), one.error().message);
      }
    }
    groups.push_back(std::move(group));
  }
  if (missing > 0) {
    gaps.add("criteria", std::to_string(missing) + (missing == 1 ? " test is" : " tests are") + " missing");
  }
  return groups;
}

std::vector<Statement> statements_of(std::vector<Group>&& groups) {
  for (std::size_t i = groups.size(); i-- > 0;) {
    Group& group = groups[i];
    Group& parent = groups[group.parent];
    group.packages = group.packages || !group.statements.empty();
    if (group.packages) {
      parent.packages = true;
    } else if (i > 0) {
      Conditions& own = parent.own;
      own.platforms.insert(own.platforms.end(), group.own.platforms.begin(), group.own.platforms.end());
      own =
          narrowed(own, {.platforms = {}, .system_arch = group.own.system_arch, .module = group.own.module});
    }
  }
  std::vector<Statement> all;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    Group& group = groups[i];
    group.all = i == 0 ? group.own : narrowed(groups[group.parent].all, group.own);
    for (Statement& one : group.statements) {
      one.platforms = group.all.platforms;
      one.system_arch = group.all.system_arch;
      one.module = group.all.module;
      all.push_back(std::move(one));
    }
  }
  return all;
}

// "7.5/CVSS:3.1/AV:N/..." and "1.2/AV:L/AC:H/Au:S/C:N/I:P/A:N" without the score.
void add_vectors(XmlNode cve, std::vector<std::string>& vectors) {
  for (const std::string_view key : {"cvss4", "cvss3", "cvss2"}) {
    const std::string_view vector = cut(cve.attribute(key), '/').second;
    if (!vector.empty()) vectors.emplace_back(vector);
  }
}

// SUSE repeats what others say of a CVE: "CVE-2010-1323 at NVD".
void read_cves(const std::vector<XmlNode>& cves, Definition& one) {
  for (const XmlNode cve : cves) {
    const std::string text = cve.text();
    const std::vector<std::string> ids = cves_in(text);
    one.cves.insert(one.cves.end(), ids.begin(), ids.end());
    if (!text.ends_with("at NVD")) add_vectors(cve, one.vectors);
  }
  for (const Reference& reference : one.references) {
    if (reference.source != "CVE" && reference.source != "SUSE CVE") continue;
    const std::vector<std::string> ids = cves_in(reference.id);
    one.cves.insert(one.cves.end(), ids.begin(), ids.end());
  }
  std::ranges::sort(one.cves);
  const auto twice = std::ranges::unique(one.cves);
  one.cves.erase(twice.begin(), twice.end());
  if (one.cves.size() > 1) one.vectors.clear();  // nothing says which is whose
}

std::string date_of(std::string_view written, std::string_view field, const Gaps& gaps) {
  std::string date = rfc3339(written);
  if (date.empty() && !written.empty()) gaps.add(field, "not a date");
  return date;
}

Definition read_metadata(XmlNode node, const Gaps& gaps) {
  const XmlNode metadata = node.child("metadata"), advisory = metadata.child("advisory");
  Definition one{.id = std::string(node.attribute("id")), .kind = std::string(node.attribute("class"))};
  one.title = metadata.child("title").text();
  one.description = metadata.child("description").text();
  one.severity = (advisory ? advisory : metadata).child("severity").text();
  one.patchable = metadata.child("patchable").text();
  one.issued = date_of(advisory.child("issued").attribute("date"), "issued", gaps);
  if (one.issued.empty()) one.issued = date_of(metadata.child("advisory_date").text(), "advisory_date", gaps);
  one.updated = date_of(advisory.child("updated").attribute("date"), "updated", gaps);
  if (one.updated.empty()) one.updated = one.issued;
  for (const XmlNode platform : metadata.child("affected").children("platform")) {
    one.platforms.push_back(platform.text());
  }
  for (const XmlNode reference : metadata.children("reference")) {
    const auto value = [&](std::string_view key) { return std::string(reference.attribute(key)); };
    one.references.push_back({value("source"), value("ref_id"), value("ref_url")});
  }
  read_cves(advisory.children("cve"), one);
  return one;
}

void read_definition(const XmlPiece& piece, const Tests& tests, Gaps& gaps, const Use& use) {
  const Result<Xml> xml = Xml::parse(piece.bytes);
  if (!xml) return gaps.add("a definition", xml.error().message);
  const XmlNode node = xml->root();
  if (node.name() != "definition" || node.attribute("deprecated") == "true") return;
  gaps.record = node.attribute("id");
  if (!number_of(gaps.record)) return gaps.add("", "a definition without an id: left out");
  Definition one = read_metadata(node, gaps);
  if (const XmlNode criteria = node.child("criteria")) {
    one.statements = statements_of(groups_of(criteria, tests, gaps));
  }
  use(one, gaps);
}

}  // namespace

bool recognises(std::string_view bytes, std::string_view publisher) {
  constexpr std::size_t kHead = 8192;
  const std::string_view head = bytes.substr(0, kHead);
  return contains(head, "<oval_definitions") && contains(head, publisher);
}

void parse(std::string_view name, std::string_view bytes, Published& out, const Use& use) {
  Gaps gaps{Path(name), "", out.notes};
  const Result<Tests> tests = Tests::read(bytes);
  if (!tests) return gaps.add("", tests.error().message + ": document left out");
  XmlPieces pieces(bytes, 2);
  bool any = false;
  for (XmlPiece piece;;) {
    gaps.record.clear();
    const Result<bool> more = pieces.next(piece);
    if (!more || !*more) break;  // read whole before
    if (piece.section != "definitions") continue;
    any = true;
    read_definition(piece, *tests, gaps, use);
  }
  gaps.record.clear();
  if (!any) gaps.add("", "no definition in it");
}

Affected affected_of(const Statement& statement) {
  using Says = Statement::Says;
  Affected one{.ecosystem = {}, .package = statement.package};
  one.module = statement.module;
  one.arches = statement.arches;
  std::vector<Event> events = {{Event::Kind::introduced, "0"}};
  switch (statement.says) {
    case Says::fixed_in: events.push_back({Event::Kind::fixed, statement.evr}); break;
    case Says::up_to: events.push_back({Event::Kind::last_affected, statement.evr}); break;
    case Says::not_fixed: break;
    case Says::exactly: one.versions = {statement.evr}; break;
    case Says::not_affected: one.standing = Standing::not_affected; break;
  }
  if (statement.says != Says::exactly && statement.says != Says::not_affected) {
    one.ranges = {{"ECOSYSTEM", std::move(events)}};
  }
  return one;
}

}  // namespace peekr::oval
