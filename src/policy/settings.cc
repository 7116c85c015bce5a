// SPDX-License-Identifier: Apache-2.0
#include "policy/settings.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

using Values = std::vector<std::string>;
using Kind = Setting::Kind;
using Group = Setting::Group;

Result<Severity> severity_in(const std::string& word) {
  const std::optional<Severity> severity = severity_called(lower(word));
  if (severity) return *severity;
  return fail(Errc::usage, printable(word) + ": want unknown, negligible, low, medium, high or critical");
}

Status set_fail_on(const Values& values, Policy& policy) {
  Expression condition = TRY(within(printable(values.back()), Expression::parse(values.back())));
  policy.fail_on = std::move(condition);
  return {};
}

// A reader of YAML 1.1 takes on and off for true and false.
Status set_fail_on_base(const Values& values, Policy& policy) {
  const std::string& value = values.back();
  policy.fail_on_base = value == "on" || value == "true";
  if (policy.fail_on_base || value == "off" || value == "false") return {};
  return fail(Errc::usage, printable(value) + ": want on or off");
}

Status set_grace(const Values& values, Policy& policy) {
  for (const std::string& text : values) {
    const auto [word, time] = cut(text, '=');
    const Severity severity = TRY(severity_in(std::string(word)));
    const bool days = time.ends_with('d');
    const std::optional<std::uint64_t> number = to_number(days ? time.substr(0, time.size() - 1) : time);
    if (!days || !number || *number > 36'500)
      return fail(Errc::usage, printable(text) + ": want SEVERITY=DAYS, such as critical=7d");
    policy.grace[static_cast<std::size_t>(severity)] = static_cast<std::int64_t>(*number);
  }
  return {};
}

Result<int> exit_code_in(const std::string& text) {
  const std::optional<std::uint64_t> number = to_number(text);
  if (number && *number <= 255) return static_cast<int>(*number);
  return fail(Errc::usage, printable(text) + ": want a number from 0 to 255");
}

Status set_exit_code(const Values& values, Policy& policy) {
  policy.exit_code = TRY(exit_code_in(values.back()));
  return {};
}

Status set_exit_on_eol(const Values& values, Policy& policy) {
  policy.exit_on_eol = TRY(exit_code_in(values.back()));
  return {};
}

Status set_flag(const std::string& value, bool& flag) {
  flag = value == "true";
  if (flag || value == "false") return {};
  return fail(Errc::usage, printable(value) + ": want true or false");
}

Status set_fail_on_incomplete(const Values& values, Policy& policy) {
  return set_flag(values.back(), policy.fail_on_incomplete);
}

Status set_allow_partial(const Values& values, Policy& policy) {
  return set_flag(values.back(), policy.allow_partial);
}

Status set_only_fixed(const Values& values, Policy& policy) {
  return set_flag(values.back(), policy.filter.only_fixed);
}

Status set_severity(const Values& values, Policy& policy) {
  for (const std::string& word : values) {
    const Severity severity = TRY(severity_in(word));
    policy.filter.severities.push_back(severity);
  }
  return {};
}

Status set_ignore_status(const Values& values, Policy& policy) {
  for (const std::string& word : values) {
    const std::string_view known = status_called(word);
    if (known.empty())
      return fail(Errc::usage,
                  printable(word) +
                      ": want affected, fixed, wont_fix (will_not_fix), deferred (fix_deferred), "
                      "end_of_life, under_investigation or not_affected");
    policy.filter.statuses.emplace_back(known);
  }
  return {};
}

Status set_ignorefile(const Values& values, Policy& policy) {
  policy.files.ignore = values;
  return {};
}

Status set_vex(const Values& values, Policy& policy) {
  policy.files.vex = values;
  return {};
}

Status set_baseline(const Values& values, Policy& policy) {
  policy.files.baseline = values.back();
  return {};
}

constexpr std::array kSettings = {
    Setting{"fail-on", "--fail-on", Kind::text, Group::gate, "CONDITION",
            "exit code 2 for a finding of at least this severity, or for which this holds",
            ": high, 'kev || (epss >= 0.1 && fixable)' (docs/policy.md)", set_fail_on},
    Setting{"fail-on-base", "--fail-on-base", Kind::text, Group::gate, "on|off",
            "off: what layers known to be the base image's have brought hits no gate", " (default: on)",
            set_fail_on_base},
    Setting{"grace", "--grace", Kind::list, Group::gate, "SEVERITY=DAYS",
            "findings of that severity hit no gate for so many days after their fix",
            ": critical=7d,high=30d", set_grace},
    Setting{"exit-code", "--exit-code", Kind::number, Group::gate, "N",
            "this instead of 2; without --fail-on or gates of a policy file: for any finding", "",
            set_exit_code},
    Setting{"exit-on-eol", "--exit-on-eol", Kind::number, Group::gate, "[N]",
            "exit code 3, or N, when the operating system is past its end of life", "", set_exit_on_eol},
    Setting{"fail-on-incomplete", "--fail-on-incomplete", Kind::flag, Group::gate, "",
            "exit code 4 when something could not be looked at or judged", "", set_fail_on_incomplete},
    Setting{"allow-partial", "--allow-partial", Kind::flag, Group::gate, "",
            "gates judge an image of which --partial has read a part only", "", set_allow_partial},
    Setting{"severity", "-s,--severity", Kind::list, Group::filter, "LIST",
            "only findings of these severities", ": high,critical", set_severity},
    Setting{"only-fixed", "--only-fixed,--ignore-unfixed", Kind::flag, Group::filter, "",
            "only findings that have a fix", "", set_only_fixed},
    Setting{"ignore-status", "--ignore-status", Kind::list, Group::filter, "LIST", "not those of this status",
            ": affected, fixed, wont_fix, deferred, end_of_life, under_investigation", set_ignore_status},
    Setting{"ignorefile", "--ignorefile", Kind::files, Group::filter, "FILE",
            "exceptions: peekr's YAML, .trivyignore, .trivyignore.yaml, .grype.yaml, osv-scanner.toml",
            "; as often as you like (default: .peekrignore.yaml and .trivyignore of this folder, unless "
            "there is a policy file; none: no file)",
            set_ignorefile},
    Setting{"vex", "--vex", Kind::files, Group::filter, "FILE",
            "VEX document (OpenVEX, CSAF, CycloneDX; JSON) that says what does not affect the image",
            "; as often as you like, the first that speaks of a finding decides; none: no file", set_vex},
    Setting{"baseline", "--baseline", Kind::file, Group::baseline, "FILE",
            "only what this report, which -f json wrote, does not have", "; none: no file", set_baseline},
};

}  // namespace

std::span<const Setting> settings() { return kSettings; }

const Setting* setting_named(std::string_view name) {
  const auto found = std::ranges::find(kSettings, name, &Setting::name);
  return found == kSettings.end() ? nullptr : &*found;
}

}  // namespace peekr
