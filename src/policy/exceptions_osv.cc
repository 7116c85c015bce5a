// SPDX-License-Identifier: Apache-2.0
// osv-scanner.toml (google.github.io/osv-scanner/configuration): [[IgnoredVulns]] id, ignoreUntil, reason; [[PackageOverrides]]
// name, version, ecosystem, ignore, vulnerability.ignore, effectiveUntil, reason. Overrides of licences are none of ours.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "lib/toml.h"
#include "policy/exceptions.h"
#include "policy/json.h"

namespace peekr {
namespace {

using What = Demand::What;
using simdjson::dom::element;

// OSV's ecosystems as types of package URLs; of Debian and such it is what stands before the colon.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kEcosystems = {
    {{"npm", "npm"},
     {"PyPI", "pypi"},
     {"Go", "golang"},
     {"Maven", "maven"},
     {"crates.io", "cargo"},
     {"RubyGems", "gem"},
     {"NuGet", "nuget"},
     {"Packagist", "composer"},
     {"Debian", "deb"},
     {"Ubuntu", "deb"},
     {"Alpine", "apk"},
     {"Wolfi", "apk"},
     {"Rocky Linux", "rpm"},
     {"Red Hat", "rpm"}}};

bool flag(const element& from, std::string_view key) {
  bool value = false;
  return from[key].get(value) == simdjson::SUCCESS && value;
}

void demand(What what, std::string value, Exception& rule) {
  if (value.empty()) return;
  if (rule.about.empty()) rule.about = value;
  rule.demands.push_back({.what = what, .values = {std::move(value)}, .purls = {}, .regex = {}});
}

Status set_day(const element& item, std::string_view key, Exception& rule) {
  const std::string day(json_text(item, key));
  if (!day.empty()) rule.expires = TRY(within(rule.where + ": " + std::string(key), day_in(day)));
  return {};
}

Status read_vulnerability(const element& item, Exception rule, Exceptions& to) {
  demand(What::id, std::string(json_text(item, "id")), rule);
  if (rule.demands.empty()) return fail(Errc::usage, rule.where + ": no id");
  TRY(set_day(item, "ignoreUntil", rule));
  to.rules.push_back(std::move(rule));
  return {};
}

bool takes_out_vulnerabilities(const element& item) {
  element vulnerability;
  return flag(item, "ignore") ||
         (item["vulnerability"].get(vulnerability) == simdjson::SUCCESS && flag(vulnerability, "ignore"));
}

Status read_override(const element& item, Exception rule, Exceptions& to) {
  if (!takes_out_vulnerabilities(item)) return {};
  const std::string ecosystem(json_text(item, "ecosystem"));
  const auto known = std::ranges::find(kEcosystems, cut(ecosystem, ':').first,
                                       &std::pair<std::string_view, std::string_view>::first);
  std::string why;
  if (!ecosystem.empty() && known == kEcosystems.end())
    why = "ecosystem " + printable(ecosystem) + " means nothing to peekr";
  if (!json_text(item, "group").empty()) why = "peekr cannot ask for group";
  if (flag(item, "nameIsRegex")) why = "peekr cannot ask for nameIsRegex";
  if (!why.empty()) {
    to.remarks.push_back(rule.where + ": the rule is not used: " + why);
    return {};
  }
  demand(What::package, std::string(json_text(item, "name")), rule);
  demand(What::version, std::string(json_text(item, "version")), rule);
  if (!ecosystem.empty()) demand(What::type, std::string(known->second), rule);
  if (rule.demands.empty()) return fail(Errc::usage, rule.where + ": the rule would take out everything");
  TRY(set_day(item, "effectiveUntil", rule));
  to.rules.push_back(std::move(rule));
  return {};
}

}  // namespace

Status read_osv_exceptions(const std::string& file, std::string_view toml, Exceptions& to) {
  const std::string json = TRY(within(file, toml_to_json(toml)));
  simdjson::dom::parser parser;
  element root;
  if (const auto error = parser.parse(simdjson::padded_string(json)).get(root); error != simdjson::SUCCESS)
    return fail(Errc::damaged, file + ": " + simdjson::error_message(error));
  for (const std::string_view key : {"IgnoredVulns", "PackageOverrides"}) {
    simdjson::dom::array items;
    if (root[key].get(items) != simdjson::SUCCESS) continue;
    std::size_t number = 0;
    for (const element item : items) {
      Exception rule{.where = file + ": " + std::string(key) + "[" + std::to_string(number++) + "]"};
      rule.reason = std::string(json_text(item, "reason"));
      TRY(key == "IgnoredVulns" ? read_vulnerability(item, std::move(rule), to)
                                : read_override(item, std::move(rule), to));
    }
  }
  return {};
}

}  // namespace peekr
