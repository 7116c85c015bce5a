// SPDX-License-Identifier: Apache-2.0
#include "cli/reports.h"

#include <functional>

#include "base/file.h"
#include "base/text.h"
#include "base/timer.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "lib/template.h"
#include "report/columns.h"
#include "report/index.h"
#include "scan/scan.h"

namespace peekr {
namespace {

constexpr std::uint64_t kTemplateBytes = 16 << 20;

// One format of what there is to write.
using Write = std::function<void(const Reporter& row, const Style& style, std::string& out)>;

std::string text_of(const std::string& format, Style style, const Write& write) {
  const Timer timer("report", format);
  style.version = version_of(format);
  std::string text;
  write(*find_reporter(format), style, text);
  return text;
}

Status write_all(const Options& options, Extent extent, const Write& write) {
  Style style = style_of(options);
  style.template_text = options.template_text;
  Style in_file = style;
  in_file.colour = false;
  in_file.links = false;
  in_file.plan_line.clear();  // who reads it is elsewhere, or comes later
  in_file.scores_line = Style().scores_line;
  in_file.width = Style().width;
  const std::string what = extent == Extent::findings ? "report: " : "inventory: ";
  Outputs all;
  for (const Options::File& file : options.files_too)
    TRY(all.add(file.path, text_of(file.format, in_file, write)));
  if (!options.format.empty()) TRY(all.add(options.output, text_of(options.format, style, write)));
  TRY(all.publish());
  for (const Options::File& file : options.files_too) {
    if (!file.path.empty()) tell(options, what + file.path);
  }
  if (!options.format.empty() && !options.output.empty()) tell(options, what + options.output);
  return {};
}

Status check_format_of_platforms(const std::string& format) {
  if (format.empty() || find_reporter(format)->platforms != nullptr) return {};
  std::vector<std::string> able;
  for (const Reporter* row : all_reporters()) {
    if (row->platforms != nullptr) able.emplace_back(row->name);
  }
  return fail(Errc::usage,
              "--format " + format + ": is of one image; of all platforms want " + join(able, " or ") +
                  "\nof one: --platform OS/ARCH, which peekr convert takes out of their json, too");
}

// What could not be scanned is an error; the rest is for people who do not see the table.
void tell_outcome(const Options& options, const IndexReport& index) {
  for (const PlatformReport& one : index.platforms) {
    if (one.state == PlatformReport::State::failed)
      write_errors("peekr: " + titled(one) + " could not be scanned: " + one_line(one.why) + "\n");
  }
  if (options.output.empty() && options.format == "table") return;
  const Verdict& verdict = index.verdict;
  for (const std::string& reason : verdict.reasons)
    tell(options, "exit code " + std::to_string(verdict.exit_code) + ": " + one_line(reason));
  for (const std::string& remark : verdict.remarks) tell(options, one_line(remark));
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
  return write_all(options, extent, [&](const Reporter& row, const Style& style, std::string& out) {
    (extent == Extent::findings ? row.scan : row.inventory)(report, style, out);
  });
}

Status write_reports(const Options& options, const IndexReport& index, Extent extent) {
  return write_all(options, extent, [&](const Reporter& row, const Style& style, std::string& out) {
    row.platforms(index, extent, style, out);
  });
}

Status check_formats_of_platforms(const Options& options) {
  TRY(check_format_of_platforms(options.format));
  for (const Options::File& file : options.files_too) TRY(check_format_of_platforms(file.format));
  return {};
}

std::vector<Report*> reports_in(IndexReport& index) {
  std::vector<Report*> all;
  for (PlatformReport& one : index.platforms) {
    if (one.report) all.push_back(&*one.report);
  }
  return all;
}

Result<int> finish(const Options& options, IndexReport index, const Policy& policy, Extent extent) {
  index.version = PEEKR_VERSION;
  index.verdict = judge(index, policy);
  TRY(write_reports(options, index, extent));
  tell_outcome(options, index);
  tell_timing(options);
  return index.verdict.exit_code;
}

}  // namespace peekr
