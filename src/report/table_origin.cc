// SPDX-License-Identifier: Apache-2.0
// What is yours and what is your base image's: who can do something about it differs.
#include <fmt/format.h>

#include "report/table.h"

namespace peekr::table {
namespace {

void print_part(const Page& page, std::string_view title, Whose origin) {
  const std::vector<FindingGroup> groups =
      grouped(page.report, page.style.sort.value_or(Sort::severity), origin);
  page.out += "\n";
  page.line_in(kBold, title);
  if (groups.empty()) page.line("  no known vulnerabilities");
  print_findings(page, groups);
}

}  // namespace

std::string base_text(const ImageInfo& image) {
  const BaseImage& base = image.base;
  std::string text = base.name.empty() ? "" : one_line(base.name) + ", ";
  text += base.layers == 1 ? "layer 1" : fmt::format("layers 1 to {}", base.layers);
  return text + fmt::format(" of {}", image.layers.size());
}

void print_split(const Page& page) {
  print_part(page, "Yours: in the layers above the base image", Whose::own);
  print_part(page, fmt::format("Your base image's ({})", base_text(page.report.image)), Whose::base);
}

}  // namespace peekr::table
