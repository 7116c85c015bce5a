// SPDX-License-Identifier: Apache-2.0
// What a scan says of each vulnerability: of all packages for which it is rated, fixed and judged alike. Also what rules took out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace peekr {

struct Ruling {
  const Finding* finding = nullptr;
  const Suppressed* suppressed = nullptr;  // null: it is reported
  std::vector<std::size_t> packages;
};

[[nodiscard]] std::vector<Ruling> rulings_of(const Findings& findings);  // by id
std::vector<Ruling> rulings_of(Findings&&) = delete;                     // they point into it
// Only what is reported: malware, then the most severe first, then by id.
[[nodiscard]] std::vector<Ruling> worst_first(const Findings& findings);
std::vector<Ruling> worst_first(Findings&&) = delete;

// What the user does not want to see is affected all the same.
[[nodiscard]] bool is_affected(const Ruling& one);
// Whether a VEX document says that it is fixed.
[[nodiscard]] bool is_fixed(const Ruling& one);
// Why it is not affected: a label of OpenVEX and CSAF, and in words what it does not say; at most one of them is empty.
struct Grounds {
  std::string_view label;
  std::string words;
};
[[nodiscard]] Grounds grounds_of(const Suppressed& one);
[[nodiscard]] Grounds cyclonedx_grounds_of(const Suppressed& one);  // with a label of CycloneDX
// "libssl3, openssl"
[[nodiscard]] std::string names_of(const Ruling& one, const Inventory& inventory);
// Their versions, each once: "3.0.9-1".
[[nodiscard]] std::string versions_of(const Ruling& one, const Inventory& inventory);

// "malware", else how severe it is.
[[nodiscard]] std::string_view grade_of(const Finding& finding);
// ", known to be exploited by ransomware": what KEV adds to that; empty: nothing.
[[nodiscard]] std::string_view exploited_text(const Finding& finding);
// "no known vulnerabilities were found in debian:12"; or that it could not be judged, and why.
[[nodiscard]] std::string answer_without_findings(const Report& report);

}  // namespace peekr
