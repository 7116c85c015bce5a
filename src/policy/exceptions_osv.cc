// SPDX-License-Identifier: Apache-2.0
// osv-scanner.toml (google.github.io/osv-scanner/configuration): [[IgnoredVulns]] id, ignoreUntil, reason; [[PackageOverrides]]
// name, nameIsRegex, version, ecosystem, ignore, vulnerability.ignore, effectiveUntil, reason. Overrides of licences are none of ours.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/toml.h"
#include "policy/exceptions.h"

namespace peekr {
namespace {

using What = Demand::What;

void demand(What what, std::string value, Exception& rule) {
  if (value.empty()) return;
  if (rule.about.empty()) rule.about = value;
  rule.demands.push_back({.what = what, .values = {std::move(value)}, .purls = {}, .regex = {}});
}

Status set_moment(const TomlTable& item, std::string_view key, Exception& rule) {
  const std::string text = item.text(key);
  if (!text.empty()) rule.expires = TRY(within(rule.where + ": " + std::string(key), moment_in(text)));
  return {};
}

Status read_vulnerability(const TomlTable& item, Exception rule, Exceptions& to) {
  demand(What::id, item.text("id"), rule);
  if (rule.demands.empty()) return fail(Errc::usage, rule.where + ": no id");
  make_literal(rule);
  TRY(set_moment(item, "ignoreUntil", rule));
  to.rules.push_back(std::move(rule));
  return {};
}

Status read_override(const TomlTable& item, Exception rule, Exceptions& to) {
  const bool all = TRY(within(rule.where, item.flag("ignore"))),
             known_ones = TRY(within(rule.where, item.flag("vulnerability.ignore"))),
             is_pattern = TRY(within(rule.where, item.flag("nameIsRegex")));
  if (!all && !known_ones) return {};
  std::string why;
  if (!item.text("group").empty())
    why = "peekr cannot ask for group: what is in an image is in no group of a lock file";
  const std::string name = item.text("name");
  std::optional<Demand> pattern = is_pattern ? pattern_demand(What::package, name) : std::nullopt;
  if (is_pattern && !pattern) why = "the pattern " + printable(name) + " cannot be read";
  if (!why.empty()) {
    to.remarks.push_back(rule.where + ": the rule is not used: " + why);
    return {};
  }
  if (pattern && !name.empty()) {
    rule.about = name;
    rule.demands.push_back(*std::move(pattern));
  } else {
    demand(What::package, name, rule);
  }
  demand(What::version, item.text("version"), rule);
  demand(What::ecosystem, item.text("ecosystem"), rule);
  if (asks_for_nothing(rule)) return fail(Errc::usage, rule.where + ": the rule would take out everything");
  TRY(set_moment(item, "effectiveUntil", rule));
  to.rules.push_back(std::move(rule));
  return {};
}

// The tables of rules; a table that is nothing to osv-scanner is told.
Result<std::vector<TomlTable>> read_tables(const std::string& file, TomlReader& reader, Exceptions& to) {
  std::vector<TomlTable> tables;
  for (TomlTable table; reader.next(table);) {
    if (table.name == "PackageOverrides.vulnerability") {  // of the last [[PackageOverrides]] above
      const auto last =
          std::ranges::find(tables.rbegin(), tables.rend(), "PackageOverrides", &TomlTable::name);
      if (last == tables.rend())
        return fail(Errc::damaged,
                    file + ": [PackageOverrides.vulnerability]: no [[PackageOverrides]] above");
      if (!table.raw("ignore").empty())
        last->fields.emplace_back("vulnerability.ignore", table.raw("ignore"));
    } else if (table.name == "IgnoredVulns" || table.name == "PackageOverrides") {
      tables.push_back(std::move(table));
    } else if (table.name.empty() &&
               !(table.raw("IgnoredVulns").empty() && table.raw("PackageOverrides").empty())) {
      return fail(Errc::unsupported, file + ": only tables of their own are read: [[IgnoredVulns]]");
    } else if (!table.name.empty() && table.name != "PackageOverrides.license") {
      to.remarks.push_back(file + ": [" + printable(table.name) + "]: no table of osv-scanner: not used");
    }
  }
  return tables;
}

}  // namespace

Status read_osv_exceptions(const std::string& file, std::string_view toml, Exceptions& to) {
  TomlReader reader(toml);
  const std::vector<TomlTable> tables = TRY(read_tables(file, reader, to));
  if (reader.bad_lines() > 0)
    return fail(Errc::damaged, file + ": line " + std::to_string(reader.first_bad_line()) + ": not TOML");
  for (const std::string_view key : {"IgnoredVulns", "PackageOverrides"}) {
    std::size_t number = 0;
    for (const TomlTable& item : tables) {
      if (item.name != key) continue;
      Exception rule{.where = file + ": " + std::string(key) + "[" + std::to_string(number++) + "]"};
      rule.reason = item.text("reason");
      if (!item.raw("vulnerability").empty())
        return fail(Errc::unsupported, rule.where + ": vulnerability: only vulnerability.ignore is read");
      TRY(key == "IgnoredVulns" ? read_vulnerability(item, std::move(rule), to)
                                : read_override(item, std::move(rule), to));
    }
  }
  return {};
}

}  // namespace peekr
