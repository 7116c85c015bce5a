// SPDX-License-Identifier: Apache-2.0
// Azure Linux's and CBL-Mariner's OVAL (github.com/microsoft/AzureLinuxVulnerabilityData), one document a release: one
// definition for one CVE of one source package ("50124", a number of its own over all releases). <patchable>: "true" is fixed
// in the version named, "false" is not fixed up to the version named, "Not Applicable" is not affected. Which release it is of
// says the dist tag of the version: ".azl3", ".cm2".
#include <array>

#include "base/text.h"
#include "feed/oval.h"
#include "feed/oval_tests.h"

namespace peekr {
namespace {

using json::Gaps;
using oval::Definition;
using oval::Statement;

// "Azure Linux:2" of "0:1.1.1k-28.cm2".
std::string ecosystem_of(std::string_view evr) {
  for (const std::string_view tag : {".azl", ".cm"}) {
    const std::size_t at = evr.rfind(tag);
    if (at == std::string_view::npos) continue;
    const std::string_view number = evr.substr(at + tag.size());
    if (to_number(number)) return "Azure Linux:" + std::string(number);
  }
  return {};
}

void add_statement(const Definition& definition, const Statement& statement, const Gaps& gaps,
                   Advisory& one) {
  Affected entry = oval::affected_of(statement);
  entry.ecosystem = ecosystem_of(statement.evr);
  entry.key = KeyKind::source;
  if (entry.ecosystem.empty()) {
    return gaps.add(statement.package, "of no known release: " + printable(statement.evr));
  }
  if (definition.patchable == "Not Applicable") {
    entry.standing = Standing::not_affected;
    entry.reason = definition.patchable;
    entry.ranges.clear();
  } else if (definition.patchable == "false") {
    entry.reason = "no patch is available";
  } else if (definition.patchable != "true") {
    gaps.add("patchable", "unknown: " + printable(definition.patchable));
  }
  one.affected.push_back(std::move(entry));
}

void use(const Definition& definition, const Gaps& gaps, Published& out) {
  Advisory one{.id = "AZURELINUX-" + std::to_string(*oval::number_of(definition.id)),
               .publisher = "Azure Linux",
               .upstream = definition.cves};
  if (one.upstream.size() != 1) return gaps.add("reference", "not about one CVE: definition left out");
  one.summary = definition.title;
  one.details = definition.description;
  one.severity = definition.severity;
  one.published = definition.issued;
  one.modified = definition.updated;
  for (const oval::Reference& reference : definition.references) {
    if (!reference.url.empty()) one.references.push_back({"ADVISORY", reference.url});
  }
  for (const Statement& statement : definition.statements) add_statement(definition, statement, gaps, one);
  if (one.affected.empty()) return gaps.add("criteria", "no package: definition left out");
  out.advisories.push_back(std::move(one));
}

constexpr Origin kOrigins[] = {
    {.name = "azurelinux/1.0",
     .url = "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/"
            "cbl-mariner-1.0-oval.xml",
     .ecosystems = "Azure Linux:1",
     .licence = "MIT"},
    {.name = "azurelinux/2.0",
     .url = "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/"
            "cbl-mariner-2.0-oval.xml",
     .ecosystems = "Azure Linux:2",
     .licence = "MIT"},
    {.name = "azurelinux/3.0",
     .url = "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/"
            "azurelinux-3.0-oval.xml",
     .ecosystems = "Azure Linux:3",
     .licence = "MIT"},
};

}  // namespace

namespace feeds {
extern const Feed azurelinux;
constexpr Feed azurelinux = {
    .name = "azurelinux",
    .about = "Azure Linux's and CBL-Mariner's OVAL",
    .origins = kOrigins,
    .recognises =
        [](std::string_view /*name*/, std::string_view bytes) {
          return oval::recognises(bytes, "Azure Linux OVAL") || oval::recognises(bytes, "CBL-Mariner OVAL");
        },
    .parse =
        [](std::string_view name, std::string_view bytes, Published& out) {
          oval::parse(name, bytes, out,
                      [&out](const Definition& one, const Gaps& gaps) { use(one, gaps, out); });
        },
};
}  // namespace feeds

}  // namespace peekr
