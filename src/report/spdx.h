// SPDX-License-Identifier: Apache-2.0
// SPDX 2.3 (spdx.github.io/spdx-spec/v2.3) as plain values, for its two forms, spdx_json.cc and spdx_tag_value.cc: the image is
// a package that contains its layers, each with its checksum, and these what they brought. The findings of a scan are security
// references of the packages that have them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

struct SpdxReference {
  std::string_view category, type;
  std::string locator, comment;
};

// Every text is one line; an empty one is left out.
struct SpdxPackage {
  std::string id, name, version;
  std::string supplier;         // "Organization: ..."
  std::string license;          // an expression, or NOASSERTION
  std::string license_comment;  // what the package says, where that is no expression
  std::string_view purpose;     // "OPERATING_SYSTEM": as JSON writes it
  std::string algorithm, hash;  // "SHA256"
  std::string comment;
  std::vector<SpdxReference> references;
};

struct SpdxRelationship {
  std::string from;
  std::string_view type;
  std::string to;
};

struct SpdxDocument {
  std::string name, uri, created, creator, comment;
  std::vector<SpdxPackage> packages;
  std::size_t first = 0;  // of those of the inventory, which follow each other
  std::vector<SpdxRelationship> relationships;
};

inline constexpr std::string_view kSpdxDocument = "SPDXRef-DOCUMENT", kNoAssertion = "NOASSERTION";

[[nodiscard]] SpdxDocument spdx_document(const Report& report, Extent extent);
// SPDX 3 JSON of the same (spdx3.cc): `-f spdx-json@3.0`.
void write_spdx3(const Report& report, Extent extent, std::string& out);

}  // namespace peekr
