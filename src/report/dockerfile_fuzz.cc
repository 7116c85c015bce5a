// SPDX-License-Identifier: Apache-2.0
// Fuzz target of the patch of a Dockerfile: whatever it is, the patch only adds lines, at places that it has.
#include <cstdint>
#include <string_view>

#include "report/plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  peekr::Remediation plan;
  plan.actions.push_back({.type = "oci", .where = "debian:12", .command = "FROM debian:12.12"});
  plan.actions.push_back({.type = "deb", .where = {}, .command = "apt-get upgrade"});
  plan.actions.push_back({.type = "npm", .where = "/app", .command = "npm install lodash@4.17.21"});
  plan.actions.push_back({.type = "rpm", .where = {}, .command = "dnf upgrade -y httpd"});
  peekr::Report report;
  report.image.entry.user = "app";
  for (const char* target : {"", "1"})
    (void)peekr::dockerfile_patch(report, plan, {.name = "Dockerfile", .text = bytes, .target = target});
  return 0;
}
