// SPDX-License-Identifier: Apache-2.0
// How much of what can run in the image is accounted for, and what is not: in numbers, and the first few by name.
#include <fmt/format.h>

#include <algorithm>

#include "report/completeness.h"
#include "report/table.h"

namespace peekr::table {
namespace {

constexpr std::size_t kFilesShown = 5;

void print_unidentified(const Page& page, const std::vector<Unidentified>& files) {
  const std::size_t shown = page.shown(files.size(), kFilesShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const Unidentified& one = files[i];
    page.line(
        fmt::format("    /{} ({} bytes){}", one_line(one.path.str()), grouped_digits(one.size),
                    one.listed_by.empty() ? "" : ", other bytes than " + one_line(one.listed_by) + " has"),
        8);
  }
  if (files.size() > shown)
    page.line(
        fmt::format("    and {} more: --format json has them all", grouped_digits(files.size() - shown)));
}

}  // namespace

void print_completeness(const Page& page) {
  const Inventory& inventory = page.report.inventory;
  const Completeness& all = inventory.completeness;
  page.out += "\n" + page.paint()("Completeness", kBold) + "\n";
  if (all.executables == 0) page.line("  no executables or libraries in what was read");
  if (all.executables > 0)
    page.line(fmt::format(
                  "  {} executables and libraries: {} owned by system packages, {} identified otherwise, {} "
                  "unidentified",
                  grouped_digits(all.executables), grouped_digits(all.owned), grouped_digits(all.identified),
                  grouped_digits(all.unidentified.size())),
              4);
  print_unidentified(page, all.unidentified);
  for (const LostDatabase& one : all.lost) {
    page.line_in(kWarning,
                 fmt::format("  /{} was {} in a higher layer: the copy of {} was used ({})",
                             one_line(one.path.str()), name(one.how),
                             layer_text(page.report.image, one.layer), counted(one.packages, "package")));
  }
  if (const std::size_t count = remnants(inventory); count > 0)
    page.line(fmt::format("  {} of which no file is left in the image (remnants: not counted as affected)",
                          counted(count, "package")),
              4);
  if (const std::size_t count = unopened_archives(inventory).size(); count > 0)
    page.line(fmt::format("  {} that could not be opened, see below", counted(count, "archive")), 4);
}

}  // namespace peekr::table
