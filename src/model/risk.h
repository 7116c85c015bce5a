// SPDX-License-Identifier: Apache-2.0
// Risk: what is known of a vulnerability beside advisories: that it is exploited, or how likely that is. By CVE
// id, one a source. None of it says that a package is affected.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// The Exploit Prediction Scoring System of FIRST (first.org/epss).
struct Epss {
  double score = 0;       // probability that it is exploited within 30 days, 0 to 1
  double percentile = 0;  // share of all CVEs that score no higher, 0 to 1
};

// CISA's catalogue of Known Exploited Vulnerabilities (cisa.gov/known-exploited-vulnerabilities-catalog).
struct Kev {
  std::string added, due;   // days; by `due` the federal agencies of the US must have acted
  std::string action;       // what they must do
  bool ransomware = false;  // known to be used in ransomware campaigns
};

enum class Exploitation : std::uint8_t { none, poc, active };

// Stakeholder-Specific Vulnerability Categorization, the three decision points that CISA publishes
// (cisa.gov/ssvc).
struct Ssvc {
  Exploitation exploitation = Exploitation::none;
  bool automatable = false;
  bool total = false;  // the technical impact; else partial
};

struct Risk {
  std::string cve;     // "CVE-2021-44228"
  std::string source;  // "EPSS", "CISA KEV", "CISA-ADP"
  std::string date;    // the day that it is of
  std::optional<Epss> epss;
  std::optional<Kev> kev;
  std::optional<Ssvc> ssvc;
};

// The risk of a finding by the rule of docs/risk.md, and what decided.
struct RiskScore {
  double total = 0;       // 0 to 100: harm x likelihood x 10
  double harm = 0;        // 0 to 10
  double likelihood = 0;  // 0 to 1
  std::string harm_by, likelihood_by;
};

[[nodiscard]] std::string_view name(Exploitation exploitation);  // "poc"

// Of the risks of one CVE the first that says it; null: none does.
[[nodiscard]] const Risk* epss_of(const std::vector<Risk>& risks);
[[nodiscard]] const Risk* ssvc_of(const std::vector<Risk>& risks);
// The catalogue's own word, which has a due date, before others that pass it on.
[[nodiscard]] const Risk* kev_of(const std::vector<Risk>& risks);

}  // namespace peekr
