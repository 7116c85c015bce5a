// SPDX-License-Identifier: Apache-2.0
// peekr list: the rows of every pluggable stage.
#include <algorithm>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "feed/feed.h"
#include "report/columns.h"
#include "source/source.h"
#include "version/scheme.h"

namespace peekr {
namespace {

struct Line {
  std::string name, about;
};

template <class Row>
std::vector<Line> lines_of(std::span<const Row* const> rows) {
  std::vector<Line> lines;
  for (const Row* row : rows) lines.push_back({std::string(row->name), std::string(row->about)});
  return lines;
}

std::vector<Line> cataloger_lines() {
  std::vector<Line> lines;
  for (const Cataloger* row : all_catalogers()) {
    std::string wants;
    for (const Pattern pattern : row->wants) wants += (wants.empty() ? "" : ", ") + std::string(pattern);
    if (!row->magics.empty()) wants += wants.empty() ? "by content" : ", and by content";
    lines.push_back({std::string(row->name), std::string(row->about) + ": " + wants});
  }
  return lines;
}

std::vector<Line> source_lines() {
  std::vector<Line> lines;
  for (const Source* row : all_sources())
    lines.push_back({std::string(row->scheme) + ":", std::string(row->about)});
  return lines;
}

}  // namespace

Result<int> list_command(const Options& options) {
  std::vector<Line> lines;
  if (options.rows == "catalogers") lines = cataloger_lines();
  if (options.rows == "feeds") lines = lines_of(all_feeds());
  if (options.rows == "sources") lines = source_lines();
  if (options.rows == "schemes") lines = lines_of(all_schemes());
  if (options.rows == "formats") lines = lines_of(all_reporters());
  std::size_t width = 0;
  for (const Line& line : lines) width = std::max(width, columns(line.name));
  const Style style = style_of(options);
  std::string out;
  for (const Line& line : lines) {
    const std::string head = filled(line.name, width) + "  ";
    out += wrapped(line.about, {.width = style.width, .indent = width + 2, .head = head});
  }
  TRY(write_output(options, out));
  return 0;
}

}  // namespace peekr
