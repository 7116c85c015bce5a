// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <utility>

#include "base/text.h"
#include "lib/yaml.h"

namespace peekr {
namespace {

using Kind = Setting::Kind;

std::string at(const std::string& file, std::size_t line) {
  return printable(file) + ":" + std::to_string(line);
}

Status set_text(const std::string& text, std::string& to) {
  if (trim(text).empty()) return fail(Errc::usage, "want a text");
  to = printable(text);
  return {};
}

constexpr std::array kGateFields = {
    GateField{"name", "what the report calls it", true,
              [](const std::string& text, Gate& gate) { return set_text(text, gate.name); }},
    GateField{"when", "it is hit by a finding for which this holds: a condition, as of fail-on", true,
              [](const std::string& text, Gate& gate) -> Status {
                gate.when = TRY(within(printable(text), Expression::parse(text)));
                return {};
              }},
    GateField{"reason", "why, for those who are stopped by it", true,
              [](const std::string& text, Gate& gate) { return set_text(text, gate.reason); }},
    GateField{"until", "from that day or time on it stops nobody: 2026-12-31, 2026-12-31T12:00:00Z", false,
              [](const std::string& text, Gate& gate) -> Status {
                gate.until = TRY(moment_in(text));
                return {};
              }},
};

std::string names_of_fields() {
  std::vector<std::string> names;
  for (const GateField& row : kGateFields) names.emplace_back(row.name);
  return join(names, ", ");
}

Status read_field(const std::string& file, const Yaml::Field& field, Gate& gate) {
  const std::string where = at(file, field.value.key_line) + ": ";
  const auto row = std::ranges::find(kGateFields, field.key, &GateField::name);
  if (row == kGateFields.end())
    return fail(Errc::usage,
                where + "there is no " + printable(field.key) + " of a gate: want " + names_of_fields());
  if (field.value.kind != Yaml::Kind::text) return fail(Errc::usage, where + field.key + ": want a text");
  return within(where + field.key, row->set(field.value.text, gate));
}

Result<Gate> read_gate(const std::string& file, const Yaml& item) {
  if (item.kind != Yaml::Kind::map)
    return fail(Errc::usage, at(file, item.line) + ": gates: want a gate, with " + names_of_fields());
  Gate gate{.where = at(file, item.line)};
  std::set<std::string> seen;
  for (const Yaml::Field& field : item.fields) {
    seen.insert(field.key);
    TRY(read_field(file, field, gate));
  }
  for (const GateField& row : kGateFields) {
    if (row.required && !seen.contains(std::string(row.name)))
      return fail(Errc::usage, gate.where + ": gates: a gate without " + std::string(row.name));
  }
  return gate;
}

Status read_gates(const Yaml& list, PolicyFile& to) {
  if (list.kind != Yaml::Kind::list)
    return fail(Errc::usage, at(to.file, list.line) + ": gates: want a list of gates");
  for (const Yaml& item : list.items) {
    Gate gate = TRY(read_gate(to.file, item));
    if (std::ranges::find(to.gates, gate.name, &Gate::name) != to.gates.end())
      return fail(Errc::usage, gate.where + ": name: there is another gate " + gate.name);
    to.gates.push_back(std::move(gate));
  }
  return {};
}

// On the command line a list has commas between, or one of its options is there more than once.
Result<std::vector<std::string>> values_of(const Setting& row, const Yaml& value) {
  const bool many = row.kind == Kind::list || row.kind == Kind::files;
  if (!many && value.kind != Yaml::Kind::text) return fail(Errc::usage, "want one value");
  if (value.kind != Yaml::Kind::text || row.kind != Kind::list) return texts_of(value);
  std::vector<std::string> values;
  for (const std::string_view one : split(value.text, ',')) values.emplace_back(trim(one));
  return values;
}

Result<PolicyFile::Given> read_setting(const PolicyFile& to, const Setting& row, const Yaml::Field& field) {
  PolicyFile::Given given{
      .row = &row, .where = at(to.file, field.value.key_line), .values = TRY(values_of(row, field.value))};
  Policy scratch;
  TRY(row.set(given.values, scratch));
  if (row.kind != Kind::file && row.kind != Kind::files) return given;
  for (std::string& file : given.values) {
    if (file != "none") file = (std::filesystem::path(to.file).parent_path() / file).string();
  }
  return given;
}

Status read_key(const Yaml::Field& field, PolicyFile& to) {
  const std::string& key = field.key;
  if (key == "gates") return read_gates(field.value, to);
  if (key == "exceptions") return read_own_exceptions(printable(to.file), field.value, to.exceptions);
  const Setting* row = setting_named(key);
  const std::string where = at(to.file, field.value.key_line) + ": ";
  if (row == nullptr) {
    std::string names;
    for (const Setting& one : settings()) names.append(one.name).append(", ");
    return fail(Errc::usage,
                where + "there is no " + printable(key) + ": want " + names + "gates or exceptions");
  }
  PolicyFile::Given given = TRY(within(where + key, read_setting(to, *row, field)));
  to.given.push_back(std::move(given));
  return {};
}

}  // namespace

Result<PolicyFile> read_policy(const std::string& file, std::string_view yaml) {
  PolicyFile policy{.file = file};
  const Yaml root = TRY(within(printable(file), parse_one_yaml(yaml)));
  if (root.kind != Yaml::Kind::map) return fail(Errc::usage, printable(file) + ": want a map: fail-on: high");
  for (const Yaml::Field& field : root.fields) TRY(read_key(field, policy));
  return policy;
}

void add_rules(const PolicyFile& file, Policy& policy) {
  policy.gates.insert(policy.gates.end(), file.gates.begin(), file.gates.end());
  Exceptions& all = policy.exceptions;
  all.rules.insert(all.rules.end(), file.exceptions.rules.begin(), file.exceptions.rules.end());
}

std::span<const GateField> gate_fields() { return kGateFields; }

}  // namespace peekr
