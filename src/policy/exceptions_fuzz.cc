// SPDX-License-Identifier: Apache-2.0
// Fuzz target of the ignore files: the bytes are read as each kind; rules that come out are asked.
#include <cstdint>
#include <string_view>

#include "policy/exceptions.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  peekr::Report report;
  report.inventory.packages.push_back(
      {.type = "deb", .name = "libssl3", .version = "3.0.9-1", .source = "openssl"});
  report.findings.list.push_back({.id = "CVE-2023-5363", .names = {"DSA-5532-1"}});
  for (const char* name : {".trivyignore", ".peekrignore.yaml", "osv-scanner.toml"}) {
    const peekr::Result<peekr::Exceptions> read = peekr::read_exceptions(name, bytes);
    if (!read) continue;
    (void)peekr::exception_for(report.findings.list[0], report, read->rules, "2026-11-23");
  }
  return 0;
}
