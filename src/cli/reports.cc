// SPDX-License-Identifier: Apache-2.0
#include "cli/reports.h"

#include "base/timer.h"
#include "cli/output.h"

namespace peekr {
namespace {

std::string text_of(const std::string& format, const Report& report, Extent extent, Style style) {
  const Timer timer("report", format);
  style.version = version_of(format);
  const Reporter& row = *find_reporter(format);
  std::string text;
  (extent == Extent::findings ? row.scan : row.inventory)(report, style, text);
  return text;
}

}  // namespace

Status write_reports(const Options& options, const Report& report, Extent extent) {
  Style in_file = style_of(options);
  in_file.colour = false;
  in_file.width = Style().width;
  for (const Options::File& file : options.files_too)
    TRY(write_file(file.path, text_of(file.format, report, extent, in_file)));
  if (options.format.empty()) return {};
  return write_output(options, text_of(options.format, report, extent, style_of(options)));
}

}  // namespace peekr
