// SPDX-License-Identifier: Apache-2.0
// peekr explain: the whole story of one vulnerability in one image, or of its absence.
#include "report/explain.h"

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/scan.h"
#include "cli/terminal.h"

namespace peekr {

Result<int> explain_command(const Options& options) {
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
