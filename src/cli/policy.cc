// SPDX-License-Identifier: Apache-2.0
#include "cli/policy.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "cli/output.h"

namespace peekr {
namespace {

constexpr std::uint64_t kMostBytes = 1ULL << 30, kMostIgnoreBytes = 16ULL << 20, kMostVexBytes = 256ULL << 20;

// Trivy's names beside ours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kStatuses = {{
    {"affected", "affected"},
    {"fixed", "fixed"},
    {"wont_fix", "wont_fix"},
    {"will_not_fix", "wont_fix"},
    {"deferred", "deferred"},
    {"fix_deferred", "deferred"},
    {"end_of_life", "end_of_life"},
    {"under_investigation", "under_investigation"},
    {"not_affected", "not_affected"},
}};

Result<Severity> severity_in(std::string_view option, const std::string& word) {
  const std::optional<Severity> severity = severity_called(lower(word));
  if (severity) return *severity;
  return fail(Errc::usage, std::string(option) + " " + printable(word) +
                               ": want unknown, negligible, low, medium, high or critical");
}

Status add_grace(const std::string& text, Policy& policy) {
  const auto [word, time] = cut(text, '=');
  const Severity severity = TRY(severity_in("--grace", std::string(word)));
  const bool days = time.ends_with('d');
  const std::optional<std::uint64_t> number = to_number(days ? time.substr(0, time.size() - 1) : time);
  if (!days || !number || *number > 36'500)
    return fail(Errc::usage, "--grace " + printable(text) + ": want SEVERITY=DAYS, such as critical=7d");
  policy.grace[static_cast<std::size_t>(at_gate(severity))] = static_cast<std::int64_t>(*number);
  return {};
}

Status set_filter(const PolicyTexts& texts, Filter& filter) {
  for (const std::string& word : texts.severities) {
    const Severity severity = TRY(severity_in("--severity", word));
    filter.severities.push_back(severity);
  }
  for (const std::string& word : texts.statuses) {
    const auto known = std::ranges::find(kStatuses, lower(word), &decltype(kStatuses)::value_type::first);
    if (known == kStatuses.end())
      return fail(Errc::usage,
                  "--ignore-status " + printable(word) +
                      ": want affected, fixed, wont_fix (will_not_fix), deferred (fix_deferred), "
                      "end_of_life, under_investigation or not_affected");
    filter.statuses.emplace_back(known->second);
  }
  return {};
}

// Those of the folder that peekr runs in, where no others are asked for.
constexpr std::array kIgnoreFiles = {".peekrignore.yaml", ".trivyignore"};

Status add_exceptions(const std::string& file, Policy& policy) {
  const std::string bytes = TRY(within("--ignorefile", read_file(file, kMostIgnoreBytes)));
  Exceptions more = TRY(read_exceptions(file, bytes));
  Exceptions& all = policy.exceptions;
  std::ranges::move(more.rules, std::back_inserter(all.rules));
  std::ranges::move(more.remarks, std::back_inserter(all.remarks));
  return {};
}

Status load_exceptions(const Options& options, Policy& policy) {
  for (const std::string& file : options.ignore_files) {
    if (file != "none") TRY(add_exceptions(file, policy));
  }
  if (!options.ignore_files.empty()) return {};
  for (const char* file : kIgnoreFiles) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) continue;
    TRY(add_exceptions(file, policy));
    tell(options, std::string(file) + ": its exceptions count (--ignorefile none: they do not)");
  }
  return {};
}

}  // namespace

Status set_policy(const PolicyTexts& texts, Policy& policy) {
  if (!texts.fail_on.empty()) {
    Expression condition =
        TRY(within("--fail-on " + printable(texts.fail_on), Expression::parse(texts.fail_on)));
    policy.fail_on = std::move(condition);
  }
  if (texts.fail_on_base != "on" && texts.fail_on_base != "off")
    return fail(Errc::usage, "--fail-on-base " + printable(texts.fail_on_base) + ": want on or off");
  policy.fail_on_base = texts.fail_on_base == "on";
  for (const std::string& grace : texts.grace) TRY(add_grace(grace, policy));
  return set_filter(texts, policy.filter);
}

Status load_policy(const Options& options, Policy& policy) {
  if (!options.baseline.empty()) {
    const std::string json = TRY(within("--baseline", read_file(options.baseline, kMostBytes)));
    policy.baseline = TRY(within("--baseline " + printable(options.baseline), read_baseline(json)));
    policy.baseline->file = options.baseline;
  }
  for (const std::string& file : options.vex) {
    const std::string bytes = TRY(within("--vex", read_file(file, kMostVexBytes)));
    Vex document = TRY(within("--vex", read_vex(file, bytes)));
    policy.vex.push_back(std::move(document));
  }
  policy.today = (options.as_of.empty() ? now() : options.as_of).substr(0, 10);
  return load_exceptions(options, policy);
}

}  // namespace peekr
