// SPDX-License-Identifier: Apache-2.0
// Fuzz target of policy files; what comes out is asked of a finding.
#include <cstdint>
#include <string_view>

#include "policy/policy_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const peekr::Result<peekr::PolicyFile> file = peekr::read_policy("team/policy.yaml", bytes);
  if (!file) return 0;
  peekr::Report report;
  report.inventory.packages.push_back(
      {.type = "deb", .name = "libssl3", .version = "3.0.9-1", .source = "openssl"});
  report.findings.list.push_back({.id = "CVE-2023-5363", .names = {"DSA-5532-1"}});
  peekr::Policy policy{.today = "2026-11-23"};
  for (const peekr::PolicyFile::Given& given : file->given) {
    if (!given.row->set(given.values, policy)) __builtin_trap();  // its reader has made sure
  }
  peekr::add_rules(*file, policy);
  (void)peekr::judge(report, policy);
  (void)peekr::sift(report, policy);
  return 0;
}
