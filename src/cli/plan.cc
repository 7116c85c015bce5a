// SPDX-License-Identifier: Apache-2.0
// peekr plan: a scan, and what to do about what it finds.
#include "report/plan.h"

#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/policy.h"
#include "cli/scan.h"
#include "cli/terminal.h"
#include "report/columns.h"
#include "scan/plan.h"

namespace peekr {
namespace {

constexpr std::uint64_t kMostDockerfileBytes = 1 << 20;

// As `patch -p1` finds it from the working folder. patch touches nothing above that, nor by an absolute path: of what lies elsewhere the
// file's name is left, and where to apply the patch is told. Nor does it touch a link: that is the file which it leads to.
std::string name_for_patch(const Options& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path given(options.dockerfile);
  if (fs::is_symlink(given, error)) given = fs::canonical(given, error);
  const fs::path folder = given.has_parent_path() ? given.parent_path() : ".";
  const fs::path name = (fs::relative(folder, error) / given.filename()).lexically_normal();
  if (!error && *name.begin() != "..") return name.string();
  tell(options, "the patch is to be applied in " + printable(fs::weakly_canonical(folder, error).string()) +
                    ": it names " + printable(given.filename().string()));
  return given.filename().string();
}

// What is not in it is told: the patch alone does not keep the plan's promise then. Where the FROM stays, the rest is of the image on it.
Result<std::string> patch_text(const Options& options, const Scanned& all, const Remediation& plan) {
  const std::string text = TRY(within("--dockerfile", read_file(options.dockerfile, kMostDockerfileBytes)));
  const PatchedFile of{.name = name_for_patch(options), .text = text, .target = options.target_stage};
  DockerfilePatch patch = TRY(within("--dockerfile", dockerfile_patch(all.report, plan, of)));
  if (!patch.stage.empty())
    tell(options, "the patch is for the last stage, " + one_line(patch.stage) +
                      ": for another one say --target STAGE");
  if (patch.keeps_base) {
    tell(options, "not in the patch: " + one_line(patch.outside.front()));
    const Remediation rest = TRY(plan_for(all.report, all.db, nullptr));
    patch = TRY(within("--dockerfile", dockerfile_patch(all.report, rest, of)));
  }
  for (const std::string& one : patch.outside) tell(options, "not in the patch: " + one_line(one));
  if (patch.diff.empty()) tell(options, "the plan has nothing to do in " + options.dockerfile);
  return std::move(patch.diff);
}

}  // namespace

Result<int> plan_command(const Options& options) {
  const Scanned all = TRY(scanned(options));
  tell_remarks(options);
  const Remediation plan = TRY(plan_for(all.report, all.db, all.session->request().read.cache));
  if (options.format == "dockerfile-patch") {
    const std::string patch = TRY(patch_text(options, all, plan));
    TRY(write_output(options, patch));
  } else {
    TRY(write_output(options, options.format == "json" ? plan_json(all.report, plan)
                                                       : plan_table(all.report, plan, style_of(options))));
  }
  if (!options.output.empty()) tell(options, "plan: " + options.output);
  tell_timing(options);
  return 0;
}

}  // namespace peekr
