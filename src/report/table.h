// SPDX-License-Identifier: Apache-2.0
// The parts of the report for people, in the order in which they are printed. Each begins with an empty line
// of its own, and prints nothing where it has nothing to say.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/reporter.h"

namespace peekr::table {

inline constexpr std::string_view kBold = "1", kWarning = "1;33", kDim = "2";
[[nodiscard]] std::string_view colour_of(Severity severity);
// A build history line as it stood in the Dockerfile: without the shell, the mark of the classic builder for
// what runs nothing, the "|2 A=1 B=2 " of build arguments, and BuildKit's comment.
[[nodiscard]] std::string instruction(std::string_view created_by);
// "layer 2 of 3: RUN apt-get install ..."
[[nodiscard]] std::string layer_text(const ImageInfo& image, std::size_t layer);

// "debian:12, layers 1 to 2 of 5"
[[nodiscard]] std::string base_text(const ImageInfo& image);

// Of a kind of notes: "damaged: not what its format says".
[[nodiscard]] std::string_view heading_of(Why why);

// "~ deb openssl 3.0.9-1 is now 3.0.11-1"
[[nodiscard]] std::string line_of(const Drift::Change& one);
// "2 packages added, 0 removed, 1 changed"
[[nodiscard]] std::string sums_of(const Drift& drift);

// "12 known vulnerabilities in 3 source packages (4 fixable)"
[[nodiscard]] std::string answer(const Report& report, const std::vector<FindingGroup>& groups);

// One part: what it is about, how it looks, and where to.
struct Page {
  const Report& report;
  const Style& style;
  std::string& out;

  [[nodiscard]] Paint paint() const { return Paint(style.colour); }
  // How many of a list of `all` stand there: so many, or with --verbose each.
  [[nodiscard]] std::size_t shown(std::size_t all, std::size_t most) const {
    return style.verbose ? all : std::min(all, most);
  }
  // Wrapped to the page, later lines indented.
  void line(std::string_view text, std::size_t indent = 2) const {
    out += wrapped(text, {.width = style.width, .indent = indent});
  }
  void line_in(std::string_view sgr, std::string_view text) const;
  // Of a vulnerability, for a line that is not wrapped: on a terminal that has links, one to its page, which takes no columns.
  [[nodiscard]] std::string id(const std::string& id) const;
};

// A line of a header.
void field(const Page& page, std::string_view label, std::string_view text);
void print_header(const Page& page);
// "Exit code 2: why; why", and what else is to be said of the rules.
[[nodiscard]] std::string exit_text(const Verdict& verdict);
void print_remarks(const Page& page, const Verdict& verdict);
void print_warnings(const Page& page);
void print_malware(const Page& page);
// Each line begins with so many blanks.
void print_details(const Page& page, const Finding& finding, std::size_t indent);
void print_findings(const Page& page, const std::vector<FindingGroup>& groups);
// The findings of your layers, then those of your base image's.
void print_split(const Page& page);
void print_sums(const Page& page, const std::vector<FindingGroup>& groups);
void print_completeness(const Page& page);
void print_drift(const Page& page);
void print_packages(const Page& page);
// `of`: what they are about, where that is not the one report of the page.
void print_notes(const Page& page, const std::vector<Note>& notes, std::string_view of = "");
void print_advice(const Page& page, const std::vector<FindingGroup>& groups);
void print_verdict(const Page& page, const std::vector<FindingGroup>& groups);

}  // namespace peekr::table
