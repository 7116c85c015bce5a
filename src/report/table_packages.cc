// SPDX-License-Identifier: Apache-2.0
// The packages of an inventory, one a line. Where the terminal is too narrow columns are left out from the
// right: layer, source, architecture; never type, name and version.
#include <algorithm>
#include <array>

#include "report/table.h"

namespace peekr::table {
namespace {

constexpr std::size_t kColumns = 6;
constexpr std::size_t kNeeded = 3;  // type, name, version
constexpr std::size_t kLayer = 4;
using Cells = std::array<std::string, kColumns>;

std::string source_text(const Package& package, const std::vector<Package>& all) {
  if (package.altered) return "altered file of " + one_line(all[*package.altered].name);
  if (package.declared) return "declared in " + one_line(package.path.str());
  if (package.claimed) return "claimed by " + one_line(package.path.str());
  const std::string version = package.source_version == package.version ? "" : package.source_version;
  if (package.source.empty() || (package.source == package.name && version.empty())) return {};
  return one_line(version.empty() ? package.source : package.source + " " + version);
}

Cells cells_of(const Package& package, const std::vector<Package>& all) {
  return {one_line(package.type),
          one_line(package.name),
          one_line(full_version(package)),
          one_line(package.arch),
          std::to_string(package.layer + 1),
          source_text(package, all)};
}

// The width that nineteen of twenty cells of a column need, and its title.
std::size_t usual_width(const Cells& titles, const std::vector<Cells>& lines, std::size_t column) {
  std::vector<std::size_t> widths;
  widths.reserve(lines.size());
  for (const Cells& cells : lines) widths.push_back(columns(cells[column]));
  const auto at = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() - 1 - widths.size() / 20);
  std::ranges::nth_element(widths, at);
  return std::max(*at, columns(titles[column]));
}

// The widths of the columns that fit; one that is empty throughout has the width 0.
std::vector<std::size_t> fitting(const Cells& titles, const std::vector<Cells>& lines, std::size_t width) {
  std::vector<std::size_t> widths;
  std::size_t all = 0;
  for (std::size_t i = 0; i < kColumns; ++i) {
    const std::size_t one = usual_width(titles, lines, i);
    all += one == 0 ? 0 : one + 2;
    if (i >= kNeeded && all > width) break;
    widths.push_back(one);
  }
  return widths;
}

void print_line(const Page& page, const Cells& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] == 0) continue;
    line += "  " + (i + 1 == widths.size() ? cells[i] : filled(cells[i], widths[i]));
  }
  line.erase(line.find_last_not_of(' ') + 1);
  page.out += line + "\n";
}

}  // namespace

void print_packages(const Page& page) {
  const std::vector<Package>& packages = page.report.inventory.packages;
  if (packages.empty()) {
    page.out += "\n";
    page.line_in(kWarning, "! no packages were found in the image");
    return;
  }
  std::vector<Cells> lines;
  lines.reserve(packages.size());
  for (const Package& package : packages) lines.push_back(cells_of(package, packages));
  Cells titles = {"TYPE", "NAME", "VERSION", "ARCH", "LAYER", "SOURCE"};
  if (page.report.image.layers.size() < 2) {
    titles[kLayer].clear();
    for (Cells& cells : lines) cells[kLayer].clear();
  }
  const std::vector<std::size_t> widths = fitting(titles, lines, page.style.width);
  page.out += "\n";
  print_line(page, titles, widths);
  for (std::size_t i = 0; i < packages.size(); ++i) {
    print_line(page, lines[i], widths);
    if (!page.style.files) continue;
    for (const std::string_view file : packages[i].files) page.out += "        /" + one_line(file) + "\n";
  }
}

}  // namespace peekr::table
