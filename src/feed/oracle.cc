// SPDX-License-Identifier: Apache-2.0
// Oracle Linux's OVAL (linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2 and one for each year): one definition of
// class patch an erratum ("ELSA-2021-4451"), binary packages, per release and architecture. What is built twice under one
// name ("..._fips", "....ksplice1...") is told apart where versions are compared (match/assess.cc).
#include "base/text.h"
#include "feed/affected.h"
#include "feed/oval.h"

namespace peekr {
namespace {

using json::Gaps;
using oval::Definition;
using oval::Statement;

constexpr std::string_view kSystem = "Oracle Linux ";

// A system of one architecture has packages of others, too. Packages of none are not asked for theirs.
std::vector<std::string> packages_of(const std::string& system) {
  if (system.empty()) return {};
  if (system == "x86_64") return {"i686", "x86_64"};
  if (system == "i386" || system == "i686") return {"i386", "i586", "i686"};
  return {system};
}

std::string id_of(const Definition& definition) {
  for (const oval::Reference& one : definition.references) {
    if (equal_ignoring_case(one.source, "elsa")) return one.id;
  }
  return std::string(cut(definition.title, ':').first);
}

void add_statement(const Definition& definition, const Statement& statement, const Gaps& gaps,
                   Advisory& one) {
  const std::vector<std::string>& platforms =
      statement.platforms.empty() ? definition.platforms : statement.platforms;
  for (const std::string& platform : platforms) {
    if (!platform.starts_with(kSystem)) {
      gaps.add(statement.package, "of no release of Oracle Linux: " + printable(platform));
      continue;
    }
    Affected entry = oval::affected_of(statement);
    entry.ecosystem = "Oracle Linux:" + platform.substr(kSystem.size());
    entry.key = KeyKind::binary;
    if (entry.arches.empty()) entry.arches = packages_of(statement.system_arch);
    one.affected.push_back(std::move(entry));
  }
}

void use(const Definition& definition, const Gaps& gaps, Published& out) {
  Advisory one{.id = id_of(definition), .publisher = "Oracle", .upstream = definition.cves};
  const bool is_id =
      one.id.starts_with("EL") && printable(one.id) == one.id && one.id.find(' ') == std::string::npos;
  if (!is_id) return gaps.add("reference", "no erratum: definition left out");
  one.summary = definition.title;
  one.details = definition.description;
  one.severity = definition.severity;
  one.published = definition.issued;
  one.modified = definition.updated;
  one.vectors = definition.vectors;
  for (const oval::Reference& reference : definition.references) {
    if (!reference.url.empty()) one.references.push_back({"ADVISORY", reference.url});
  }
  for (const Statement& statement : definition.statements) add_statement(definition, statement, gaps, one);
  merge_architectures(one.affected);
  if (one.affected.empty()) return gaps.add("criteria", "no package: definition left out");
  out.advisories.push_back(std::move(one));
}

constexpr Origin kOrigins[] = {
    {.name = "oracle",
     .url = "https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2",
     .ecosystems = "Oracle Linux"},
};

}  // namespace

namespace feeds {
extern const Feed oracle;
constexpr Feed oracle = {
    .name = "oracle",
    .about = "Oracle Linux's OVAL",
    .origins = kOrigins,
    .recognises = [](std::string_view /*name*/,
                     std::string_view bytes) { return oval::recognises(bytes, "Oracle Errata System"); },
    .parse =
        [](std::string_view name, std::string_view bytes, Published& out) {
          oval::parse(name, bytes, out,
                      [&out](const Definition& one, const Gaps& gaps) { use(one, gaps, out); });
        },
};
}  // namespace feeds

}  // namespace peekr
