// SPDX-License-Identifier: Apache-2.0
#include "cli/reports.h"

#include "base/file.h"
#include "base/timer.h"
#include "cli/output.h"
#include "lib/template.h"

namespace peekr {
namespace {

constexpr std::uint64_t kTemplateBytes = 16 << 20;

std::string text_of(const std::string& format, const Report& report, Extent extent, Style style) {
  const Timer timer("report", format);
  style.version = version_of(format);
  const Reporter& row = *find_reporter(format);
  std::string text;
  (extent == Extent::findings ? row.scan : row.inventory)(report, style, text);
  return text;
}

}  // namespace

Status load_template(Options& options) {
  if (options.template_file.empty()) return {};
  options.template_text = TRY(read_file(options.template_file, kTemplateBytes));
  const Result<Template> made = Template::parse(options.template_text);
  if (made) return {};
  return fail(made.error().code, options.template_file + ": " + made.error().message);
}

Status write_reports(const Options& options, const Report& report, Extent extent) {
  Style style = style_of(options);
  style.template_text = options.template_text;
  Style in_file = style;
  in_file.colour = false;
  in_file.width = Style().width;
  const std::string what = extent == Extent::findings ? "report: " : "inventory: ";
  for (const Options::File& file : options.files_too) {
    TRY(write_file(file.path, text_of(file.format, report, extent, in_file)));
    tell(options, what + file.path);
  }
  if (options.format.empty()) return {};
  TRY(write_output(options, text_of(options.format, report, extent, style)));
  if (!options.output.empty()) tell(options, what + options.output);
  return {};
}

}  // namespace peekr
