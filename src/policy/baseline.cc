// SPDX-License-Identifier: Apache-2.0
#include "policy/baseline.h"

#include <simdjson.h>

#include <algorithm>

#include "policy/json.h"

namespace peekr {
namespace {

using simdjson::dom::element;

// False: it is no finding.
bool add(const element& finding, Baseline& to) {
  element package;
  if (finding["package"].get(package) != simdjson::SUCCESS) return false;
  const std::string_view type = json_text(package, "type"), name = json_text(package, "name"),
                         id = json_text(finding, "id");
  if (type.empty() || name.empty() || id.empty()) return false;
  to.known.insert(baseline_key(type, name, id));
  simdjson::dom::array names;
  if (finding["names"].get(names) != simdjson::SUCCESS) return true;
  for (const element other : names) to.known.insert(baseline_key(type, name, json_text(other, "id")));
  return true;
}

}  // namespace

std::string baseline_key(std::string_view type, std::string_view package, std::string_view id) {
  return std::string(type).append("\n").append(package).append("\n").append(id);
}

bool is_known(const Baseline& baseline, const Finding& finding, const Package& package) {
  const auto known = [&](std::string_view id) {
    return baseline.known.contains(baseline_key(package.type, package.name, id));
  };
  return known(finding.id) || std::ranges::any_of(finding.names, known);
}

// What an earlier baseline had taken out of that report is as old; what other rules took out is not known to be wanted.
Result<Baseline> read_baseline(std::string_view json) {
  simdjson::dom::parser parser;
  element root;
  if (const auto error = parser.parse(simdjson::padded_string(json)).get(root); error != simdjson::SUCCESS)
    return fail(Errc::damaged, std::string("not JSON: ") + simdjson::error_message(error));
  simdjson::dom::array findings;
  if (root["platforms"].error() == simdjson::SUCCESS)
    return fail(Errc::usage,
                "is of several platforms (peekr convert --platform OS/ARCH -f json takes one out of it)");
  if (root["schema_version"].error() != simdjson::SUCCESS ||
      root["findings"].get(findings) != simdjson::SUCCESS)
    return fail(Errc::damaged, "not a report that peekr scan -f json wrote");
  Baseline baseline{.file = {}, .created = std::string(json_text(root, "created")), .known = {}};
  for (const std::string_view key : {"findings", "malware", "suppressed"}) {
    if (root[key].get(findings) != simdjson::SUCCESS) continue;
    for (const element one : findings) {
      if (key == "suppressed" && json_text(one, "rule") != name(Suppressed::Rule::baseline)) continue;
      if (!add(one, baseline))
        return fail(Errc::damaged, std::string(key) + ": a finding without id or package");
    }
  }
  return baseline;
}

}  // namespace peekr
