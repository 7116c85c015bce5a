// SPDX-License-Identifier: Apache-2.0
// For the tests of VEX documents: reports, and what a document says of the finding in one.
#pragma once

#include <string>

#include "policy/vex.h"

namespace peekr {

// lodash 4.17.4, with CVE-2025-1001.
inline Report report() {
  Report one;
  one.inventory.packages.push_back({.type = "npm", .name = "lodash", .version = "4.17.4"});
  one.findings.list.push_back({.id = "CVE-2025-1001"});
  return one;
}

// "gone"; else "stays" and why.
inline std::string verdict(const Report& about, const std::string& document) {
  const Result<Vex> read = read_vex("v.json", document);
  if (!read) return read.error().message;
  if (statement_on(about.findings.list[0], about, {&*read, 1}) != nullptr) return "gone";
  std::string text = "stays";
  for (const std::string& line : unused(about, {&*read, 1})) text += "; " + line;
  return text;
}

inline std::string cyclonedx(const std::string& vulnerabilities, const std::string& component = "{}") {
  return R"({"bomFormat": "CycloneDX", "metadata": {"timestamp": "2026-01-01T00:00:00Z", "component": )" +
         component + R"(}, "components": [{"bom-ref": "r1", "purl": "pkg:npm/lodash@4.17.4"}], )" +
         R"("vulnerabilities": [)" + vulnerabilities + "]}";
}

// registry.example/team/app:1.2, with two packages.
inline Report image() {
  Report one = report();
  one.image = {.name = "oci",
               .kind = "oci-dir",
               .platform = "linux/amd64",
               .tag = "registry.example/team/app:1.2",
               .digest = Digest::parse("sha256:" + std::string(64, 'a')).value(),
               .id = Digest::parse("sha256:" + std::string(64, 'b')).value()};
  return one;
}

}  // namespace peekr
