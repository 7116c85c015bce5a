// SPDX-License-Identifier: Apache-2.0
// OVAL definitions (github.com/OVALProject/Language, version 5) of publishers of rpm packages: Oracle, SUSE, Azure Linux.
//   <oval_definitions><definitions><definition class="vulnerability" id=".."><metadata>..</metadata>
//     <criteria operator="AND"><criterion test_ref="..:tst:1" comment="SUSE Linux Enterprise Server 15 is installed"/>
//       <criteria operator="OR"><criterion test_ref="..:tst:2" comment="krb5-1.15 is installed"/>..</criteria></criteria>
//   </definition></definitions>
//   <tests><rpminfo_test id="..:tst:2"><object object_ref="..:obj:3"/><state state_ref="..:ste:4"/></rpminfo_test></tests>
//   <objects><rpminfo_object id="..:obj:3"><name>krb5</name></rpminfo_object></objects>
//   <states><rpminfo_state id="..:ste:4"><evr operation="less than">0:1.15-4</evr></rpminfo_state></states></oval_definitions>
// Definitions are true of vulnerable systems. Tests, objects and states are read first, into tables of numbers and short
// texts; then one definition after the other: memory holds none but its own tree.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/feed.h"
#include "feed/json.h"

namespace peekr::oval {

// What a definition says of one package.
struct Statement {
  enum class Says {
    fixed_in,      // vulnerable before evr
    up_to,         // vulnerable up to evr, which is the newest there is
    exactly,       // that build is vulnerable
    not_fixed,     // every version is vulnerable
    not_affected,  // none is
  };
  Says says{};
  std::string package, evr;
  std::vector<std::string> arches;     // of the package; empty: all
  std::vector<std::string> platforms;  // on any of them, as the criterion's comment calls it; empty: not said
  std::string system_arch;             // on systems of that architecture; empty: all
  std::string module;                  // "nodejs:14"; empty: none
};

struct Reference {
  std::string source, id, url;
};

struct Definition {
  std::string id, kind;  // kind: its class: "patch", "vulnerability"
  std::string title, description, severity, patchable;
  std::string issued, updated;         // RFC 3339
  std::vector<std::string> platforms;  // of the metadata
  std::vector<Reference> references;
  std::vector<std::string> cves;
  std::vector<std::string> vectors;  // CVSS, where it is about one CVE
  std::vector<Statement> statements;
};

// Whether it is an OVAL document and its head names that publisher ("Oracle", "com.microsoft").
[[nodiscard]] bool recognises(std::string_view bytes, std::string_view publisher);

using Use = std::function<void(const Definition& definition, const json::Gaps& gaps)>;
// Calls `use` for each definition that is not deprecated. A document whose tests cannot be read whole is a Note.
void parse(std::string_view name, std::string_view bytes, Published& out, const Use& use);

// The normal form of one statement, without its ecosystem.
[[nodiscard]] Affected affected_of(const Statement& statement);

}  // namespace peekr::oval
