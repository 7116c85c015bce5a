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

namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = 1ULL << 30, kMostIgnoreBytes = 16ULL << 20, kMostVexBytes = 256ULL << 20;

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
  for (const std::string& file : policy.files.ignore) {
    if (file != "none") TRY(add_exceptions(file, policy));
  }
  if (!policy.files.ignore.empty()) return {};
  for (const char* file : kIgnoreFiles) {
    std::error_code error;
    const fs::file_type type = fs::symlink_status(file, error).type();
    if (type == fs::file_type::not_found) continue;
    if (type != fs::file_type::regular) {  // a link leads anywhere, and a pipe may never end
      tell(options, std::string(file) + ": is no regular file: it is not read (--ignorefile names it)");
      continue;
    }
    TRY(add_exceptions(file, policy));
    tell(options, std::string(file) + ": its exceptions count (--ignorefile none: they do not)");
  }
  return {};
}

}  // namespace

Status set_policy(const SettingTexts& texts, Policy& policy) {
  for (const Setting& row : settings()) {
    const auto said = texts.find(row.name);
    if (said == texts.end() || said->second.empty()) continue;
    if (const Status set = row.set(said->second, policy); !set)
      return fail(set.error().code, "--" + std::string(row.name) + " " + set.error().message);
  }
  return {};
}

Result<PolicyFile> read_policy_file(const std::string& file) {
  const std::string yaml = TRY(within("--policy", read_file(file, kMostIgnoreBytes)));
  return read_policy(file, yaml);
}

Status load_policy(const Options& options, Policy& policy) {
  if (const std::string& file = policy.files.baseline; !file.empty() && file != "none") {
    const std::string json = TRY(within("--baseline", read_file(file, kMostBytes)));
    policy.baseline = TRY(within("--baseline " + printable(file), read_baseline(json)));
    policy.baseline->file = file;
  }
  for (const std::string& file : policy.files.vex) {
    if (file == "none") continue;
    const std::string bytes = TRY(within("--vex", read_file(file, kMostVexBytes)));
    Vex document = TRY(within("--vex", read_vex(file, bytes)));
    policy.vex.push_back(std::move(document));
  }
  policy.today = options.as_of.empty() ? now() : options.as_of;
  return load_exceptions(options, policy);
}

void tell_remarks(const Options& options) {
  for (const std::string& remark : options.request.policy.remarks) tell(options, printable(remark));
}

}  // namespace peekr
