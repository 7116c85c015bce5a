// SPDX-License-Identifier: Apache-2.0
// The report for people: what was scanned, what speaks against the answer (end of life, no data), one line
// for each vulnerability of each source package, sums, what could not be looked at, what to do, and the
// verdict. "0 vulnerabilities" is never said where nothing was assessed.
#include "report/table.h"

#include "report/index.h"

namespace peekr {
namespace {

void scan(const Report& report, const Style& style, std::string& out) {
  const table::Page page{report, style, out};
  const std::vector<FindingGroup> groups = grouped(report, style.sort.value_or(Sort::severity));
  table::print_header(page);
  table::print_warnings(page);
  table::print_malware(page);
  if (style.split && report.image.base.layers > 0) {
    table::print_split(page);
  } else {
    table::print_findings(page, groups);
  }
  table::print_sums(page, groups);
  table::print_drift(page);
  table::print_completeness(page);
  table::print_notes(page, all_notes(report));
  table::print_advice(page, groups);
  table::print_verdict(page, groups);
}

void inventory(const Report& report, const Style& style, std::string& out) {
  const table::Page page{report, style, out};
  table::print_header(page);
  table::print_packages(page);
  table::print_drift(page);
  table::print_completeness(page);
  table::print_notes(page, all_notes(report));
}

}  // namespace

namespace reporters {
extern constexpr Reporter table = {.name = "table",
                                   .about = "for people: grouped by source package, with what to do",
                                   .scan = scan,
                                   .inventory = inventory,
                                   .platforms = index_table,
                                   .shows_plan = true};
}  // namespace reporters
}  // namespace peekr
