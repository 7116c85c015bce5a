// SPDX-License-Identifier: Apache-2.0
// SUSE's and openSUSE's OVAL (ftp.suse.com/pub/projects/security/oval/suse.linux.enterprise.server.15-affected.xml.bz2): one
// definition of class vulnerability a CVE, binary packages, per product and module of it. The "-affected" document has all
// of the one without that word, and what is not fixed yet; the "-patch" document says the same by update and is left out.
// A definition lists one package for each of a dozen products of one service pack (Server, Desktop, modules): an image is judged
// by all of them, so the first is kept, Server where it is among them.
// A document speaks of one family of products, so its records are named after it: "SUSE-OVAL-opensuse.leap.15.6-CVE-2021-1".
#include "feed/suse.h"

#include <algorithm>

#include "base/text.h"
#include "feed/affected.h"
#include "feed/oval.h"

namespace peekr {
namespace {

using json::Gaps;
using oval::Definition;
using oval::Statement;

// "opensuse.leap.15.6" of "suse/opensuse.leap.15.6-affected.xml".
std::string family_of(std::string_view name) {
  name = name.substr(name.find_last_of("/!") + 1);
  for (const std::string_view end : {".xml", "-affected"}) {
    if (name.ends_with(end)) name.remove_suffix(end.size());
  }
  return std::string(name);
}

void add_statement(const Definition& definition, const Statement& statement, const Gaps& gaps,
                   Advisory& one) {
  std::vector<std::string> unknown;
  const auto& products = statement.platforms.empty() ? definition.platforms : statement.platforms;
  for (std::string& ecosystem : suse::ecosystems_of(products, unknown)) {
    Affected entry = oval::affected_of(statement);
    entry.ecosystem = std::move(ecosystem);
    entry.key = KeyKind::binary;
    one.affected.push_back(std::move(entry));
  }
  for (const std::string& product : unknown) {
    gaps.add(statement.package, "of no product of SUSE: " + printable(product));
  }
}

void use(const std::string& family, const Definition& definition, const Gaps& gaps, Published& out) {
  if (definition.kind != "vulnerability") return;
  Advisory one{.id = "SUSE-OVAL-" + family + "-", .publisher = "SUSE", .upstream = definition.cves};
  if (one.upstream.size() != 1) return gaps.add("title", "not about one CVE: definition left out");
  one.id += one.upstream[0];
  one.summary = definition.title;
  one.details = definition.description;
  one.severity = definition.severity;
  one.published = definition.issued;
  one.modified = definition.updated;
  one.vectors = definition.vectors;
  for (const oval::Reference& reference : definition.references) {
    if (!reference.url.empty()) one.references.push_back({"ADVISORY", reference.url});
    if (reference.source == "SUSE-SU") one.related.push_back(reference.id);
  }
  for (const Statement& statement : definition.statements) add_statement(definition, statement, gaps, one);
  merge_architectures(one.affected);
  if (one.affected.empty()) return gaps.add("criteria", "no package: definition left out");
  out.advisories.push_back(std::move(one));
}

void parse_suse(std::string_view name, std::string_view bytes, Published& out) {
  const std::string family = printable(family_of(name));
  const std::size_t before = out.advisories.size() + out.notes.size();
  oval::parse(name, bytes, out,
              [&](const Definition& one, const Gaps& gaps) { use(family, one, gaps, out); });
  if (out.advisories.size() + out.notes.size() > before) return;
  out.notes.push_back(
      {Path(name), Why::unsupported, "updates only: the document of vulnerabilities has them"});
}

constexpr std::string_view kLicence = "CC-BY-4.0";
// Of 12 and 15 there is one document for all service packs.
constexpr Origin kOrigins[] = {
    {.name = "suse/12",
     .url =
         "https://ftp.suse.com/pub/projects/security/oval/suse.linux.enterprise.server.12-affected.xml.bz2",
     .ecosystems = "SUSE:* 12|SUSE:* 12 SP1|SUSE:* 12 SP2|SUSE:* 12 SP3|SUSE:* 12 SP4|SUSE:* 12 "
                   "SP5|SUSE:Linux Enterprise Module for * 12",
     .licence = kLicence},
    {.name = "suse/15",
     .url =
         "https://ftp.suse.com/pub/projects/security/oval/suse.linux.enterprise.server.15-affected.xml.bz2",
     .ecosystems = "SUSE:* 15|SUSE:* 15 SP1|SUSE:* 15 SP2|SUSE:* 15 SP3|SUSE:* 15 SP4|SUSE:* 15 SP5|SUSE:* "
                   "15 SP6|SUSE:* 15 SP7",
     .licence = kLicence},
    {.name = "suse/micro",
     .url = "https://ftp.suse.com/pub/projects/security/oval/suse.linux.enterprise.micro.{}-affected.xml.bz2",
     .values = "5.3|5.4|5.5|*",
     .ecosystems = "SUSE:Linux Enterprise Micro {}",
     .licence = kLicence},
    {.name = "suse/leap",
     .url = "https://ftp.suse.com/pub/projects/security/oval/opensuse.leap.{}-affected.xml.bz2",
     .values = "15.5|15.6|16.0|*",
     .ecosystems = "openSUSE:Leap {}",
     .licence = kLicence},
    {.name = "suse/tumbleweed",
     .url = "https://ftp.suse.com/pub/projects/security/oval/opensuse.tumbleweed-affected.xml.bz2",
     .ecosystems = "openSUSE:Tumbleweed",
     .licence = kLicence},
};

}  // namespace

namespace feeds {
extern const Feed suse;
constexpr Feed suse = {
    .name = "suse",
    .about = "SUSE's and openSUSE's OVAL",
    .origins = kOrigins,
    .recognises =
        [](std::string_view /*name*/, std::string_view bytes) {
          return oval::recognises(bytes, "Marcus Updateinfo to OVAL Converter") ||
                 oval::recognises(bytes, "org.opensuse.security");
        },
    .parse = parse_suse,
};
}  // namespace feeds

}  // namespace peekr
