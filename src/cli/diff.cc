// SPDX-License-Identifier: Apache-2.0
// peekr diff: two reports, or targets that are scanned for it, held against each other.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/policy.h"
#include "cli/saved_file.h"
#include "cli/scan.h"
#include "cli/terminal.h"
#include "report/columns.h"
#include "report/compare.h"
#include "report/finding_groups.h"
#include "scan/compare.h"

namespace peekr {
namespace {

// As it was saved, or as it is scanned: without a rule of the user's.
Result<Saved> side(const Options& asked, const std::string& text) {
  if (is_saved_file(text)) {
    Saved saved = TRY(read_saved_file(text));
    return within(printable(text), one_of(std::move(saved), asked.request.image.platform));
  }
  Options options = asked;
  options.request.image.text = text;
  options.request.policy = {};
  options.request.policy.files.ignore = {"none"};
  Scanned all = TRY(scanned(options));
  return Saved{.report = std::move(all.report), .extent = Extent::findings};
}

// A gate that nothing can hit says nothing.
Status check_gate(const Options& options, const std::string& text, const Saved& saved) {
  if (!options.request.policy.exit_code || saved.extent == Extent::findings) return {};
  return fail(Errc::usage, "--exit-code: is of findings, and " + printable(text) + " is an inventory");
}

// Where nothing could be found, nothing came.
Status check_assessed(const Options& options, const Report& after) {
  if (!options.request.policy.exit_code || assessment(after) != Assessment::none) return {};
  return fail(Errc::usage, "--exit-code: " + printable(options.after) +
                               " could not be assessed: " + one_line(not_assessed(after).front()));
}

// Nor by what nobody has looked at. A, read in part, only makes more of what came.
Status check_whole(const Options& options, const Report& after) {
  if (!options.request.policy.exit_code || parts_in(after.image) == 0) return {};
  return fail(Errc::usage, "--exit-code: " + printable(options.after) +
                               " is of peekr scan --partial, which does not look at all of an image");
}

Verdict verdict_of(const Options& options, const Comparison& comparison) {
  Verdict verdict;
  const auto came = std::ranges::count(comparison.changes, Comparison::How::came, &Comparison::Change::how);
  if (came == 0 || !options.request.policy.exit_code) return verdict;
  verdict.exit_code = *options.request.policy.exit_code;
  verdict.reasons.push_back(counted(static_cast<std::uint64_t>(came), "finding") + " came");
  return verdict;
}

}  // namespace

Result<int> diff_command(const Options& options) {
  const std::string time = now();
  Saved before = TRY(side(options, options.before)), after = TRY(side(options, options.after));
  TRY(check_gate(options, options.before, before));
  TRY(check_gate(options, options.after, after));
  TRY(check_assessed(options, after.report));
  TRY(check_whole(options, after.report));
  Policy policy = options.request.policy;
  TRY(load_policy(options, policy));
  policy.remarks.clear();
  tell_remarks(options);
  for (const auto& [label, one] : {std::pair("in A: ", &before), std::pair("in B: ", &after)}) {
    for (const std::string& remark : sift(one->report, policy)) tell(options, label + one_line(remark));
  }
  Comparison comparison = compare(before.report, after.report);
  comparison.judged = before.extent == Extent::findings && after.extent == Extent::findings;
  if (!comparison.judged) comparison.changes.clear();
  const Compared all{.before = before.report,
                     .after = after.report,
                     .comparison = comparison,
                     .verdict = verdict_of(options, comparison),
                     .version = PEEKR_VERSION,
                     .created = time};
  TRY(write_output(options,
                   options.format == "json" ? compare_json(all) : compare_table(all, style_of(options))));
  if (!options.output.empty()) tell(options, "comparison: " + options.output);
  tell_timing(options);
  return all.verdict.exit_code;
}

}  // namespace peekr
