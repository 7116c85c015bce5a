// SPDX-License-Identifier: Apache-2.0
// Fuzz target of the VEX documents: what comes out of the bytes is asked about a finding.
#include <cstdint>
#include <string_view>

#include "policy/vex.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  peekr::Report report;
  report.inventory.packages.push_back(
      {.type = "deb", .name = "libssl3", .version = "3.0.9-1", .source = "openssl"});
  report.findings.list.push_back({.id = "CVE-2023-5363", .names = {"DSA-5532-1"}});
  peekr::Result<peekr::Vex> read = peekr::read_vex("vex.json", bytes);
  if (!read) return 0;
  (void)peekr::statement_on(report.findings.list[0], report, {&*read, 1});
  (void)peekr::unused(report, {&*read, 1});
  return 0;
}
