// SPDX-License-Identifier: Apache-2.0
// VEX documents of the user's: who states of which products that a vulnerability does not affect them. OpenVEX 0.2.0
// (github.com/openvex/spec), CSAF 2.0 (profile VEX) and CycloneDX 1.4 and later, in JSON, each alone or in an attestation (lib/attestation.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "model/purl.h"
#include "model/report.h"
#include "policy/vex_image.h"
#include "policy/vex_versions.h"

namespace peekr {

// A product of a statement. All that is there must hold.
struct VexProduct {
  std::string text;                     // as the document has it
  std::optional<NamedImage> image;      // the scanned one
  std::optional<NamedPackage> whole;    // the image holds it: the program that the package is in
  std::optional<NamedPackage> package;  // the finding's
  VexVersions versions = {};            // of that package; empty: any, or that of its URL
  VexVersions others = {};              // but for these
};

struct VexStatement {
  enum class Status : std::uint8_t { not_affected, fixed, affected, under_investigation };
  std::string where;               // "vex.json: statement 3"
  std::vector<std::string> names;  // of the vulnerability
  Status status{};
  std::string justification, impact;  // "vulnerable_code_not_present", "it is not linked"
  std::vector<VexProduct> products = {};
  std::optional<Instant> time = {};  // its own, or the document's; of two in one document the later counts
};

// Else it keeps findings that others take out.
[[nodiscard]] bool takes_out(const VexStatement& statement);

struct Vex {
  std::string file;
  std::vector<VexStatement> statements;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_name;  // their indices, by small letters
  std::vector<std::string> remarks;                                      // what of it could not be understood
};

// `file` is what messages call it. Errc::damaged: it is no JSON; unsupported: none of the three.
[[nodiscard]] Result<Vex> read_vex(const std::string& file, std::string_view bytes);

// The statement that takes the finding out. The first document that speaks of it decides. Null: it stays.
[[nodiscard]] const VexStatement* statement_on(const Finding& finding, const Report& report,
                                               std::span<const Vex> documents);
// A finding that it takes out, and why: "vex.json: statement 3: not_affected: ..."; but for the finding itself.
[[nodiscard]] Suppressed suppressed_by(const VexStatement& statement);
// Which statements took nothing out, and why; after all is decided.
[[nodiscard]] std::vector<std::string> unused(const Report& report, std::span<const Vex> documents);

// For the readers of the three formats. Nothing: the text names neither a package nor an image.
[[nodiscard]] std::optional<VexProduct> product_of(std::string_view text);

}  // namespace peekr
