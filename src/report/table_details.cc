// SPDX-License-Identifier: Apache-2.0
// All that is known of one finding, a line each: below its row with --verbose, and in what explain tells.
#include <fmt/format.h>

#include "report/facts.h"
#include "report/identity.h"
#include "report/table.h"

namespace peekr::table {

void print_details(const Page& page, const Finding& finding, std::size_t indent) {
  const std::string blanks(indent, ' ');
  const auto line = [&](std::string_view label, std::string_view text) {
    page.line(fmt::format("{}{}: {}", blanks, label, one_line(text)), indent + 2);
  };
  for (const Fact& fact : facts_of(finding, page.report)) line(fact.label, fact.text);
  for (const Grade& grade : finding.grades) {
    const std::string score = grade.score ? fmt::format(", {:.1f}", *grade.score) : "";
    const std::string& said = grade.vector.empty() ? grade.word : grade.vector;
    line("severity by " + one_line(grade.source),
         fmt::format("{}{}{}{} ({})", name(grade.severity), score, said.empty() ? "" : ", ", said,
                     grade.advisory));
  }
  for (const Dissent& one : finding.dissents)
    line("otherwise", fmt::format("{} of {}: {}", one.advisory, one.publisher, one.says));
  for (const std::string& exploit : finding.exploits) line("exploit", exploit);
  line("page", page_of(finding.id));
}

}  // namespace peekr::table
