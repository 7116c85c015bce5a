// SPDX-License-Identifier: Apache-2.0
#include "cli/reports.h"

#include "base/file.h"
#include "base/timer.h"
#include "cli/output.h"
#include "lib/template.h"

namespace peekr {
namespace {

constexpr std::uint64_t kTemplateBytes = 16 << 20;

// The template's text, which has been asked whether it is one.
Result<std::string> template_of(const Options& options) {
  if (options.template_file.empty()) return std::string();
  std::string text = TRY(read_file(options.template_file, kTemplateBytes));
  if (const Result<Template> made = Template::parse(text); !made)
    return fail(made.error().code, options.template_file + ": " + made.error().message);
  return text;
}

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
  const std::string template_text = TRY(template_of(options));
  Style style = style_of(options);
  style.template_text = template_text;
  Style in_file = style;
  in_file.colour = false;
  in_file.width = Style().width;
  for (const Options::File& file : options.files_too)
    TRY(write_file(file.path, text_of(file.format, report, extent, in_file)));
  if (options.format.empty()) return {};
  return write_output(options, text_of(options.format, report, extent, style));
}

}  // namespace peekr
