// SPDX-License-Identifier: Apache-2.0
// Advisory: what a publisher says about a vulnerability, in one normal form for all feeds: the shape of OSV
// (ossf.github.io/osv-schema) plus a status per affected package, which OSV lacks.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

enum class Severity : std::uint8_t { unknown, negligible, low, medium, high, critical };

// A publisher's verdict on one package of one release.
enum class Standing : std::uint8_t {
  affected,             // inside the ranges it is vulnerable
  not_affected,         // the publisher says that this package is not
  wont_fix,             // vulnerable, and the publisher will not fix it
  deferred,             // vulnerable, to be fixed at some later time
  end_of_life,          // vulnerable, and the release gets no more fixes
  under_investigation,  // not decided
};

struct Event {
  enum class Kind : std::uint8_t { introduced, fixed, last_affected, limit };
  Kind kind{};
  std::string version;
};

struct Range {
  std::string type;  // "ECOSYSTEM", "SEMVER" or "GIT"
  std::vector<Event> events;
  std::string repository;  // GIT: whose commits the events are
};

// What kind of package `Affected::package` names. by_ecosystem: as the row of match/ecosystems.def has it.
enum class KeyKind : std::uint8_t { by_ecosystem, source, binary };

// The vulnerable code inside of a package.
struct Code {
  std::string path;                  // Go: the package of the module; empty: the whole
  std::vector<std::string> symbols;  // functions, as the publisher writes them; empty: all
};

// One package of one ecosystem that the advisory speaks of.
struct Affected {
  std::string ecosystem;  // "Debian:12", "Alpine:v3.18", "npm": as OSV writes it, release included
  std::string package;    // as the publisher names it
  KeyKind key = KeyKind::by_ecosystem;
  std::vector<Range> ranges;
  std::vector<std::string> versions;  // affected versions by name
  Standing standing = Standing::affected;
  std::string reason;                // the publisher's words for the standing: "ignored: Minor issue"
  std::string urgency;               // the publisher's own word, as it stands
  std::vector<std::string> vectors;  // CVSS vectors for this package
  std::string module;                // rpm module "name:stream"; empty: none
  std::vector<std::string> arches;   // empty: all
  std::vector<std::string> systems;  // operating systems, "windows"; empty: all
  std::vector<Code> code;            // empty: not said
};

struct Reference {
  std::string type, url;
};

// How bad somebody else finds it whose word the publisher passes on: another scorer in a CVE record.
struct Rating {
  std::string source;  // "CISA-ADP"
  std::string vector;  // CVSS
  std::string word;    // where there is no vector: "Important"
};

struct Advisory {
  enum class Kind : std::uint8_t {
    vulnerability,
    informational,  // about a package, not about a hole in a version of it: "unmaintained"
    malware,        // the package itself is the attack
  };
  Kind kind{};
  std::string id;
  std::string publisher;              // who issued it: "Debian", "GitHub"
  std::vector<std::string> aliases;   // other names of the same vulnerability
  std::vector<std::string> upstream;  // vulnerabilities that this advisory answers
  std::vector<std::string> related;   // looser than upstream: no identity
  std::string summary, details;
  std::string published, modified, withdrawn;  // RFC 3339; empty: not said
  std::vector<std::string> vectors;            // CVSS vectors for all of it: "CVSS:3.1/AV:N/..."
  std::string severity;                        // the publisher's own word: "HIGH", "Important"; empty: none
  std::string review;                   // "UNREVIEWED" (Go, GitHub): nobody has checked it; empty: not said
  std::vector<std::string> weaknesses;  // "CWE-79"
  std::vector<std::string> cpes;        // what NVD calls the product
  std::vector<Rating> ratings;          // of others than the publisher
  std::vector<Reference> references;
  std::vector<Affected> affected;
};

[[nodiscard]] std::string_view name(Severity severity);    // "critical"
[[nodiscard]] std::string_view name(Standing standing);    // "wont_fix"
[[nodiscard]] std::string_view name(Advisory::Kind kind);  // "malware"
// "2.0" of an entry that says "from the beginning up to, not including, 2.0" and nothing else, as nearly all do: whoever has
// that or a later version is not affected. Empty for all others.
[[nodiscard]] std::string_view sole_fix(const Affected& affected);
// The severity behind a publisher's word ("IMPORTANT", "Moderate", "low**", "unimportant"), unknown if it has none.
[[nodiscard]] Severity severity_of_word(std::string_view word);

}  // namespace peekr
