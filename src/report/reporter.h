// SPDX-License-Identifier: Apache-2.0
// Reporter: one output format. One file a format, one line in reporters.def.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/report.h"

namespace peekr {

// What stands first: the most dangerous, the most severe, the most likely to be exploited, what is known to be exploited,
// the name of the package, what has a fix. The findings of one source package stay together.
enum class Sort : std::uint8_t { risk, severity, epss, kev, package, fix };

// Whether the findings of a scan belong into it, or it is a list of packages.
enum class Extent : std::uint8_t { packages, findings };

struct Style {
  // The run of GitHub Actions that this is part of: its variables GITHUB_*. Empty: it is none.
  struct Run {
    std::string sha, ref, id, workflow, job, server, repository;
  };
  bool colour = false;      // ANSI colours
  unsigned width = 100;     // columns of the terminal
  bool files = false;       // an inventory lists the files that each package owns
  bool links = false;       // the terminal has hyperlinks
  bool verbose = false;     // the table has below each finding all that is known of it
  bool suppressed = false;  // the table lists what rules took out, each with its reason; JSON always does
  bool split = false;       // the table has what is yours and what is your base image's apart
  std::optional<Sort> sort = {};  // of findings; nothing: as each format has it
  std::string plan_line =
      {};  // the command that has the plan as a whole: "peekr plan image.tar"; empty: it is not known
  std::string scores_line = "peekr db update --feeds nvd";  // the command that fetches NVD's scores
  Run run = {};
  std::string_view template_text = {};  // of the format template: what Template::parse() takes
  std::string_view version = {};        // one of Reporter::versions; empty: the first
};

struct Reporter {
  std::string_view name, about;
  void (*scan)(const Report& report, const Style& style, std::string& out);
  // Null: it is a format of findings only.
  void (*inventory)(const Report& report, const Style& style, std::string& out) = nullptr;
  // All images of an index at once. Null: it is a format of one image.
  void (*platforms)(const IndexReport& index, Extent extent, const Style& style, std::string& out) = nullptr;
  bool shows_plan = false;                          // Report::plan, if it is there
  std::span<const std::string_view> versions = {};  // of the format that it writes; none: it has but one
  std::string_view alias = {};                      // what users of other scanners call it
};

[[nodiscard]] std::vector<std::string> sort_names();  // "risk", "severity"...; in the order of Sort
// Nothing: there is no such order.
[[nodiscard]] std::optional<Sort> sort_named(std::string_view name);
[[nodiscard]] std::span<const Reporter* const> all_reporters();  // by name
// By its name or alias, with a version behind or not: "cyclonedx-json@1.5". Null: there is none.
[[nodiscard]] const Reporter* find_reporter(std::string_view format);
[[nodiscard]] std::string_view version_of(std::string_view format);  // "1.5"; empty: it names none

}  // namespace peekr
