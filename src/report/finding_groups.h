// SPDX-License-Identifier: Apache-2.0
// Findings as people read them: by source package, each vulnerability once, with the packages that have it.
// libssl3 and openssl are built from one source and are fixed by one action.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

struct FindingRow {
  const Finding* finding = nullptr;   // one of those that are the same for all packages of the row
  std::vector<std::size_t> packages;  // indices into Inventory::packages, by package name
};

struct FindingGroup {
  std::string type, source, version;  // version: of the source where it is known
  std::vector<std::size_t> packages;  // of all rows, by package name
  std::vector<FindingRow> rows;       // in the order asked for, then by severity (highest first) and id
  Severity worst = Severity::unknown;
};

// Without malware. By what is asked for of their first rows, then worst severity (highest first) and source package.
[[nodiscard]] std::vector<FindingGroup> grouped(const Report& report, Sort sort = Sort::severity);
std::vector<FindingGroup> grouped(Report&&, Sort = Sort::severity) = delete;  // rows point into the report

// What that order looks at first: the greater stands first; 0 where it is the severity or the package.
[[nodiscard]] double rank(const Finding& finding, Sort sort);
// "fix available", "will not be fixed"
[[nodiscard]] std::string_view status_text(const Finding& finding);

// Of the packages in the base image's layers, or of the others: what the image itself has added.
enum class Whose : std::uint8_t { base, own };
[[nodiscard]] std::vector<FindingGroup> grouped(const Report& report, Sort sort, Whose origin);
std::vector<FindingGroup> grouped(Report&&, Sort, Whose) = delete;

// Without malware. By package; or as the groups have them, where an order was asked for.
[[nodiscard]] std::vector<const Finding*> in_order(const Report& report, std::optional<Sort> sort);
std::vector<const Finding*> in_order(Report&&, std::optional<Sort>) = delete;

struct SeverityCount {
  std::size_t all = 0, fixable = 0;
};
// Rows by severity, and how many of them have a fix.
[[nodiscard]] std::array<SeverityCount, 6> counted_by_severity(const std::vector<FindingGroup>& groups);

[[nodiscard]] bool is_malware(const Finding& finding);
// How severe it is; malware is as bad as it gets.
[[nodiscard]] Severity harm_of(const Finding& finding);
// Findings that are no malware.
[[nodiscard]] std::size_t vulnerabilities(const Report& report);
// What the user's own rules took out of the findings.
[[nodiscard]] std::size_t taken_out_by_user(const Report& report);

// How much of the image could be judged. none: nothing was found, and nothing could have been.
enum class Assessment { none, partial, full };
[[nodiscard]] Assessment assessment(const Report& report);
[[nodiscard]] std::string_view name(Assessment assessment);
// What has no advisories, or nothing to hold against them, one reason a line. Not empty where the assessment
// is none.
[[nodiscard]] std::vector<std::string> not_assessed(const Report& report);
// All notes: of the inventory, then of matching.
[[nodiscard]] std::vector<Note> all_notes(const Report& report);
// Those that say that something was not looked at or not judged.
[[nodiscard]] std::vector<Note> gaps(const Report& report);
// "damaged: a/b.jar: header cut short"
[[nodiscard]] std::string words(const Note& note);

}  // namespace peekr
