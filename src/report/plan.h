// SPDX-License-Identifier: Apache-2.0
// The plan as text: for people, for programs (docs/schema/plan.schema.json), and as a patch of a Dockerfile.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/plan.h"
#include "model/report.h"
#include "report/reporter.h"

namespace peekr {

// "upgrade 2 source packages of the system (deb)", "npm: /app", "base image debian:12.4 -> debian:12.12". As the image has it: not yet printable.
[[nodiscard]] std::string title_of(const Remediation::Action& action);
// "direct", "through webpack"; empty: that is not known.
[[nodiscard]] std::string asked_by(const Remediation::Step& step);
// "3 vulnerabilities (1 critical, 2 high)"
[[nodiscard]] std::string removes_text(const Remediation::Action& action);
// "3 vulnerabilities" that there are; where those are more than the report's rows, how they are counted, too.
[[nodiscard]] std::string counted_before(const Report& report, const Remediation& plan);

[[nodiscard]] std::string plan_table(const Report& report, const Remediation& plan, const Style& style);
[[nodiscard]] std::string plan_json(const Report& report, const Remediation& plan);

struct PatchedFile {
  std::string name;  // relative to where the patch is applied
  std::string_view text;
  std::string target = {};  // the stage, by name or number, that the image is; empty: the last one
};
// A unified diff (patch -p1) of a Dockerfile, with the commands of the plan of a report in that stage. Errc::usage: no FROM in it, no such
// stage, or no end to what lines would stand behind.
struct DockerfilePatch {
  std::string diff;                  // empty: the plan has no command that belongs into it
  std::vector<std::string> outside;  // what of the plan is not in it
  bool keeps_base = false;           // the base image is: its first, and the rest is of an image that is not
  std::string stage;  // "test (line 5)", "line 5": which was taken of several; empty: it was said
};
[[nodiscard]] Result<DockerfilePatch> dockerfile_patch(const Report& report, const Remediation& plan,
                                                       const PatchedFile& of);

}  // namespace peekr
