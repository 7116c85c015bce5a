// SPDX-License-Identifier: Apache-2.0
// Finding: one vulnerability of one package of the image, with all its names and with the proof.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "model/note.h"
#include "model/risk.h"

namespace peekr {

// Why one advisory matched. File, layer digest and history follow from the package.
struct Proof {
  std::string advisory;    // "DSA-3481-1"
  std::string publisher;   // "Debian"
  std::string ecosystem;   // "Debian:8"
  std::string key;         // the name that was looked up
  bool by_source = false;  // whether key names the source package
  std::string scheme;      // version order: "deb"
  std::string installed;   // the version that was compared
  std::string range;       // ">= 0, < 2.19-18+deb8u3"
  std::string comparison;  // "2.19-18+deb8u2 < 2.19-18+deb8u3"
  std::string fixed_in;    // by this advisory; empty: not fixed
  std::string needs;       // that fix: "Ubuntu Pro"; empty: nothing but the usual repositories
  std::string caveat;      // why the record is less than certain: "has not been reviewed"; empty: it is not
};

// A record that knows the vulnerability and the package, and says something else than the finding.
struct Dissent {
  std::string advisory, publisher, ecosystem;
  std::string says;  // "not affected: component_not_present", "affected: >= 0, < 1.2"
};

// A fix that not everybody gets: Ubuntu Pro's, Red Hat's extended update support.
struct ExtendedFix {
  std::string advisory, ecosystem, version;
  std::string needs;  // "Ubuntu Pro"
};

// How sure it is that the package has the vulnerability: docs/matching.md has the rule.
enum class Confidence : std::uint8_t {
  confirmed,       // who judges the package says so, and has a fix
  vendor_unfixed,  // who judges it says so, and has none
  potential,       // what leads to it is a guess, or records disagree
  not_assessed,    // who judges it has not decided
};

// How bad one source finds it.
struct Grade {
  std::string source;    // whose word it is: "Debian", "NVD", "CISA-ADP"
  std::string advisory;  // the record that has it
  Severity severity = Severity::unknown;
  std::string word;    // the source's own: "unimportant"; empty: it follows from the vector
  std::string vector;  // CVSS
  std::optional<double> score;
};

struct Finding {
  std::size_t package = 0;         // index into Inventory::packages
  std::string id;                  // the CVE id where there is one
  std::vector<std::string> names;  // every other id of it, sorted
  Advisory::Kind kind{};           // informational where all records that matched are
  Severity severity = Severity::unknown;
  std::string severity_source;  // "DEBIAN-CVE-2015-7547: CVSS:3.1/..." or "...: urgency low"
  std::optional<double> cvss;   // score, where a vector is known
  std::vector<Grade> grades;    // all that are known: of the records that matched, then of others
  std::string fixed_in;         // empty: no fix is known that the image's repositories have
  std::vector<ExtendedFix> extended_fixes;
  Standing standing = Standing::affected;
  Confidence confidence{};
  std::string confidence_by;  // why it is no more than that
  std::string summary;
  std::string published;      // RFC 3339: the earliest of all records
  std::string fix_published;  // RFC 3339: of the first advisory that has the fix; empty: not known
  std::vector<std::string> references;
  std::vector<std::string> exploits;    // references to exploits
  std::vector<std::string> weaknesses;  // "CWE-121", sorted
  std::vector<Risk> risks;              // of the CVE, by source
  RiskScore risk;
  std::vector<Proof> proofs;  // at least one
  std::vector<Dissent> dissents;
  std::string decided_by;  // the rule that decided where there are dissents
};

// What a VEX document says that takes a finding out, in its own words.
struct VexWords {
  std::string status;         // "not_affected", "fixed"
  std::string justification;  // one of its format's labels: "vulnerable_code_not_present"; empty: none
  std::string impact;         // for people
};

// A finding that is not reported, and why: a rule of peekr's own, or one of the user's; never silence.
struct Suppressed {
  enum class Rule : std::uint8_t {
    informational,  // no hole in a version: "unmaintained"
    distribution,   // a language package that a system package installed, which its distribution has judged
    overruled,      // who judges the package says that it is not affected
    host_kernel,    // of the kernel's source, but not the kernel: the host's kernel runs
    remnant,        // in a package of which no file is left
    filter,         // the user's: --severity, --only-fixed, --ignore-status
    baseline,       // the user's: an earlier report has it
    exception,      // the user's: a rule of an ignore file
    vex,            // a VEX document of the user's says that the image is not affected
  };
  Rule rule{};
  Finding finding;
  std::string reason;
  std::optional<VexWords> vex = {};  // Rule::vex
};

// What one record says about one package, for who asks about one vulnerability.
struct Account {
  enum class Word : std::uint8_t {
    affected,
    not_affected,  // its publisher says so, of whatever version
    fixed,         // the installed version has a fix of it
    out_of_range,  // others are affected
    undetermined,  // versions that cannot be ordered
    of_another,    // system, architecture, module stream or kind of package
    elsewhere,     // it names the package in other ecosystems only
  };
  Word word{};
  std::size_t package = 0;  // index into Inventory::packages
  std::string advisory, publisher;
  std::string ecosystem;  // empty: it names the package, but in none that judges this one
  std::string says;
  std::string fixed_in;  // fixed: by that version
};

struct Findings {
  std::vector<Finding> list;  // by package (type, name, version), then severity (highest first), then id
  std::vector<Suppressed> suppressed;  // in the same order
  std::vector<Note> notes;
  std::size_t judged = 0;  // packages that some advisories of the database speak for
};

[[nodiscard]] std::string_view name(Confidence confidence);  // "vendor_unfixed"
[[nodiscard]] std::string_view name(Suppressed::Rule rule);  // "informational"
[[nodiscard]] std::string_view name(Account::Word word);     // "out_of_range"

}  // namespace peekr
