// SPDX-License-Identifier: Apache-2.0
// PolicyFile: what a team wants of every image, in one YAML file. The keys are those of settings.h, and two more:
//
//   fail-on: high
//   severity: [high, critical]
//   gates:
//     - {name: exploited, when: kev || ransomware, reason: somebody uses it already, until: 2027-01-01}
//   exceptions:                      # as in .peekrignore.yaml, read by the same reader
//     - {id: CVE-2023-5363, package: openssl, reason: not reachable}
//
// A key that is not known is an error: a rule that is misspelt would do nothing, and nobody would know.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/settings.h"

namespace peekr {

struct PolicyFile {
  struct Given {
    const Setting* row = nullptr;
    std::string where;                // "policy.yaml:3"
    std::vector<std::string> values;  // with paths as they are from where peekr runs
  };
  std::string file;
  std::vector<Given> given;
  std::vector<Gate> gates;
  Exceptions exceptions;
};

// Errors name the file, the line and the key. Every value is one that its row takes.
[[nodiscard]] Result<PolicyFile> read_policy(const std::string& file, std::string_view yaml);
// Its gates and exceptions.
void add_rules(const PolicyFile& file, Policy& policy);

// What a gate may say.
struct GateField {
  std::string_view name, about;
  bool required = false;
  Status (*set)(const std::string& text, Gate& gate) = nullptr;
};
[[nodiscard]] std::span<const GateField> gate_fields();

}  // namespace peekr
