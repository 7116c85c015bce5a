// SPDX-License-Identifier: Apache-2.0
// peekr explain: the whole story of one vulnerability in one image, or of its absence.
#include "report/explain.h"

#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/saved_file.h"
#include "cli/scan.h"

namespace peekr {

Result<int> explain_command(const Options& options) {
  const std::string& target = options.request.image.text;
  std::error_code error;
  if (std::filesystem::is_regular_file(target, error) && is_saved_file(target))
    return fail(Errc::usage, printable(target) +
                                 ": is a report, which does not have all that is known: want what it is of");
  const Scanned all = TRY(scanned(options));
  std::string text;
  if (options.format == "json") {
    text = explanation_json(all.report);
  } else {
    write_explanation(all.report, style_of(options), text);
  }
  TRY(write_output(options, text));
  if (!options.output.empty()) tell(options, "explanation: " + options.output);
  tell_timing(options);
  return 0;
}

}  // namespace peekr
