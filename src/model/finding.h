// SPDX-License-Identifier: Apache-2.0
// Finding: one vulnerability of one package of the image, with all its names and with the proof.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
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
  std::string fixed_in;         // empty: no fix is known
  Standing standing = Standing::affected;
  std::string summary;
  std::string published;      // RFC 3339: the earliest of all records
  std::string fix_published;  // RFC 3339: of the first advisory that has the fix; empty: not known
  std::vector<std::string> references;
  std::vector<std::string> exploits;    // references to exploits
  std::vector<std::string> weaknesses;  // "CWE-121", sorted
  std::vector<Risk> risks;              // of the CVE, by source
  RiskScore risk;
  std::vector<Proof> proofs;  // at least one
};

// A finding that is not reported, and why: a rule of peekr's own, never silence.
struct Suppressed {
  Finding finding;
  std::string reason;
};

struct Findings {
  std::vector<Finding> list;  // by package (type, name, version), then severity (highest first), then id
  std::vector<Suppressed> suppressed;  // in the same order
  std::vector<Note> notes;
  std::size_t judged = 0;  // packages that some advisories of the database speak for
};

}  // namespace peekr
