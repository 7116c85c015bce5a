// SPDX-License-Identifier: Apache-2.0
// Stage "judge": a report in; out of its findings what rules of the user's take out, and the verdict: gates and exit code
// (docs/exit-codes.md). docs/policy.md has the rules.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"
#include "policy/exceptions.h"
#include "policy/expression.h"
#include "policy/vex.h"

namespace peekr {

// An earlier report: what is in it is nothing new.
struct Baseline {
  std::string file, created, image;          // image: its name; empty: it is of an SBOM, or does not say
  std::set<std::string, std::less<>> known;  // see baseline_key()
};

// Which findings are looked at, malware apart.
struct Filter {
  std::vector<Severity> severities;   // only these; empty: all
  bool only_fixed = false;            // only what has a fix
  std::vector<std::string> statuses;  // not these: as status_of() has them
};

// A gate that has a name, out of a policy file.
struct Gate {
  std::string name;
  std::string where;          // "policy.yaml:7"
  Expression when = {};       // any finding for which it holds: exit code 2
  std::string reason, until;  // "2026-12-31": from that day on it stops nobody; empty: for ever
};

struct Policy {
  std::optional<Expression> fail_on;  // any finding for which it holds: exit code 2
  std::vector<Gate> gates;
  std::optional<int> exit_code;         // instead of 2; without fail_on and gates: for any finding at all
  std::optional<int> exit_on_eol;       // the operating system is past its end of life
  bool fail_on_incomplete = false;      // something could not be looked at: exit code 4
  bool allow_partial = false;           // gates judge what ReadOptions::partial has read
  bool fail_on_base = true;             // no: what the base image has brought hits no gate
  std::array<std::int64_t, 6> grace{};  // by severity: so many days after its fix a finding hits no gate
  std::string today;  // a day, or a time of it: what end of life, ages and expiry are measured against
  Filter filter;
  struct Files {
    std::vector<std::string> ignore, vex;
    std::string baseline;
  } files;  // that are wanted; what is in them follows
  std::optional<Baseline> baseline;
  Exceptions exceptions;
  std::vector<Vex> vex;              // in the order in which they are asked
  std::vector<std::string> remarks;  // what is to be told of where all this is from
};

// Moves findings that the policy does not want into Findings::suppressed, each with the rule's words. What is to be said of the
// rules is returned: those that took out nothing, and those that would have, had they not expired.
std::vector<std::string> sift(Report& report, const Policy& policy);
// Which findings of the report hit the gates on findings. What is spared would hit one, but for fail_on_base and grace.
struct GateHits {
  std::vector<std::size_t> malware, base, grace;
  std::vector<std::size_t> findings;            // of fail_on, or any at all
  std::vector<std::vector<std::size_t>> gates;  // by Policy::gates; none of one that has expired
};
[[nodiscard]] GateHits gate_hits(const Report& report, const Policy& policy);
// Of what is left.
[[nodiscard]] Verdict judge(const Report& report, const Policy& policy);
// Whether anything of it stops a user by what an image has, or has not.
[[nodiscard]] bool has_gates(const Policy& policy);
// The exit codes that a scan may end with, 0 apart; the first that any of several images has is that of all.
inline constexpr int kCouldNot = 1;
[[nodiscard]] std::vector<int> codes_by_gravity(const Policy& policy);

// Of a report that -f json wrote. Errc::damaged: it is none.
[[nodiscard]] Result<Baseline> read_baseline(std::string_view json);

}  // namespace peekr
