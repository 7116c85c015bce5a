// SPDX-License-Identifier: Apache-2.0
#include "base/timer.h"
#include "cli/access.h"
#include "cli/commands.h"
#include "cli/output.h"

namespace peekr {

Result<int> inventory_command(const Options& options) {
  const std::unique_ptr<Session> session = TRY(Session::open(options));
  Report report = TRY(take_inventory(session->request()));
  session->finish();
  report.version = PEEKR_VERSION;
  report.created = now();
  const auto text_of = [&](const std::string& format, const Style& style) {
    const Timer timer("report", format);
    std::string text;
    find_reporter(format)->inventory(report, style, text);
    return text;
  };
  for (const Options::File& file : options.files_too)
    TRY(write_file(file.path, text_of(file.format, Style{.files = options.files})));
  if (!options.format.empty()) TRY(write_output(options, text_of(options.format, style_of(options))));
  if (!options.output.empty()) tell(options, "inventory: " + options.output);
  tell_timing(options);
  return 0;
}

}  // namespace peekr
