// SPDX-License-Identifier: Apache-2.0
// Rules in YAML. peekr's own, every field but one of the first eight optional, all that are there must hold:
//
//   exceptions:
//     - {id, package, version, type, path, purl, layer, status, expires: 2026-12-31, reason, owner}
//
// Trivy's (trivy.dev, "filtering": vulnerabilities: {id, paths, purls, expired_at, statement}) and Grype's (`ignore:` of its
// configuration). A field that is not known here makes a rule of ours an error, one of theirs a rule that is not used: without
// the field it would take out more than was meant.
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/text.h"
#include "lib/yaml.h"
#include "model/anchore.h"
#include "policy/exceptions.h"

namespace peekr {
namespace {

using What = Demand::What;
using Pairs = std::pair<std::string_view, What>;

// Of ours: what must hold, then what is said of the rule.
constexpr std::array kOwn = {
    ExceptionKey{"id", "a name of the vulnerability; * and ? as wildcards", What::id},
    ExceptionKey{"package", "name of the package, or of its source; * and ? as wildcards", What::package},
    ExceptionKey{"version", "of the package", What::version},
    ExceptionKey{"type", "of the package: deb, npm, ...", What::type},
    ExceptionKey{"path", "the file that the package was read from; * and ? as wildcards", What::path},
    ExceptionKey{"purl", "package URL; what it does not say is anything", What::purl},
    ExceptionKey{"layer", "a digest or diff ID; or base: any layer that is known to be the base image's",
                 What::layer},
    ExceptionKey{"status", "fixed, affected, wont_fix, deferred, end_of_life or under_investigation",
                 What::status},
    ExceptionKey{"expires", "from that day or time on it does not hold: 2026-12-31, 2026-12-31T12:00:00Z",
                 std::nullopt},
    ExceptionKey{"reason", "why the finding can be lived with", std::nullopt},
    ExceptionKey{"owner", "who has decided so", std::nullopt},
};

std::string at(const std::string& file, const Yaml& node) { return file + ":" + std::to_string(node.line); }

// The rule's reason, owner or expiry where the key is one of those; else false.
Result<bool> take_note(const std::string& where, const Yaml::Field& field, Exception& rule) {
  constexpr std::array kReasons = {"reason", "statement"}, kDays = {"expires", "expired_at"};
  const bool reason = std::ranges::find(kReasons, field.key) != kReasons.end();
  const bool day = std::ranges::find(kDays, field.key) != kDays.end();
  if (!reason && !day && field.key != "owner") return false;
  if (field.value.kind != Yaml::Kind::text)
    return fail(Errc::usage, where + ": " + field.key + ": want a text");
  if (day) {
    rule.expires = TRY(within(where + ": " + field.key, moment_in(field.value.text)));
  } else {
    (reason ? rule.reason : rule.owner) = field.value.text;
  }
  return true;
}

Status add_demand(const std::string& where, What what, const Yaml& value, Exception& rule) {
  std::vector<std::string> texts = TRY(within(where, texts_of(value)));
  if (rule.about.empty()) rule.about = join(texts, ", ");
  if (what == What::purl) {
    Demand demand = TRY(within(where, purl_demand(texts)));
    rule.demands.push_back(std::move(demand));
  } else {
    rule.demands.push_back({.what = what, .values = std::move(texts), .purls = {}, .regex = {}});
  }
  return {};
}

// What our rules and Trivy's may say.
Result<std::vector<Exception>> read_rules(const std::string& file, const Yaml& list,
                                          std::span<const Pairs> fields) {
  if (list.kind != Yaml::Kind::list && list.kind != Yaml::Kind::null)
    return fail(Errc::usage, at(file, list) + ": want a list of rules");
  std::vector<Exception> rules;
  for (const Yaml& item : list.items) {
    if (item.kind != Yaml::Kind::map)
      return fail(Errc::usage, at(file, item) + ": want a rule, such as id: CVE-2023-5363");
    Exception rule{.where = at(file, item)};
    for (const Yaml::Field& field : item.fields) {
      const std::string where = at(file, field.value);
      const bool note = TRY(take_note(where, field, rule));
      if (note) continue;
      const auto known = std::ranges::find(fields, field.key, &Pairs::first);
      if (known == fields.end()) {
        std::string names;
        for (const auto& [name, what] : fields) names.append(name).append(", ");
        return fail(Errc::usage, where + ": there is no " + printable(field.key) + ": want " + names +
                                     "an expiry, a reason or an owner");
      }
      TRY(add_demand(where + ": " + field.key, known->second, field.value, rule));
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

// Grype's names of what peekr calls by the type of the package URL.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kTypes = {{
    {"deb", "deb"},      {"rpm", "rpm"},          {"apk", "apk"},
    {"npm", "npm"},      {"python", "pypi"},      {"java-archive", "maven"},
    {"java", "maven"},   {"go-module", "golang"}, {"go", "golang"},
    {"gem", "gem"},      {"ruby", "gem"},         {"rust-crate", "cargo"},
    {"rust", "cargo"},   {"dotnet", "nuget"},     {"php-composer", "composer"},
    {"php", "composer"}, {"binary", "generic"},   {"javascript", "npm"},
    {"conda", "conda"},  {"alpm", "alpm"},
}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kStates = {
    {{"fixed", "fixed"},
     {"not-fixed", "affected"},
     {"wont-fix", "wont_fix"},
     {"unknown", "under_investigation"}}};

// Empty: it can be asked; else what cannot.
std::string add_grype_pattern(What what, const std::string& pattern, Exception& rule) {
  std::optional<Demand> demand = pattern_demand(what, pattern);
  if (!demand) return "the pattern " + printable(pattern) + " cannot be read";
  rule.demands.push_back(*std::move(demand));
  return {};
}

std::string add_grype_word(What what, const std::string& word, std::string_view key, Exception& rule) {
  const std::span<const std::pair<std::string_view, std::string_view>> known =
      what == What::type ? std::span<const std::pair<std::string_view, std::string_view>>(kTypes) : kStates;
  const auto found = std::ranges::find(known, word, &std::pair<std::string_view, std::string_view>::first);
  if (found == known.end()) return std::string(key) + " " + printable(word) + " means nothing to peekr";
  rule.demands.push_back({.what = what, .values = {std::string(found->second)}, .purls = {}, .regex = {}});
  // Grype has one word for what publishers have several for.
  if (word == "not-fixed")
    rule.demands.back().values.insert(rule.demands.back().values.end(),
                                      {"deferred", "end_of_life", "under_investigation"});
  return {};
}

std::string add_grype_field(std::string_view key, const std::string& value, Exception& rule) {
  if (value.empty() || key == "include-aliases") return {};
  if (rule.about.empty()) rule.about = value;
  if (key == "reason") rule.reason = value;
  if (key == "reason") return {};
  if (key == "name") return add_grype_pattern(What::name, value, rule);
  if (key == "upstream-name") return add_grype_pattern(What::upstream, value, rule);
  if (key == "type" || key == "language") return add_grype_word(What::type, value, key, rule);
  if (key == "fix-state") return add_grype_word(What::status, value, key, rule);
  const bool says_match = std::ranges::find(anchore::kMatchTypes, value) != anchore::kMatchTypes.end();
  if (key == "match-type" && !says_match) return "match-type " + printable(value) + " means nothing to peekr";
  constexpr std::array<Pairs, 5> kPlain = {{{"vulnerability", What::id_only},
                                            {"version", What::version},
                                            {"location", What::path},
                                            {"namespace", What::space},
                                            {"match-type", What::match}}};
  const auto plain = std::ranges::find(kPlain, key, &Pairs::first);
  if (plain == kPlain.end()) return "peekr cannot ask for " + printable(key);
  rule.demands.push_back({.what = plain->second, .values = {value}, .purls = {}, .regex = {}});
  return {};
}

// What of it cannot be asked; empty: all can.
std::string read_grype_rule(const Yaml& item, Exception& rule) {
  for (const Yaml::Field& field : item.fields) {
    const bool package = field.key == "package" && field.value.kind == Yaml::Kind::map;
    const std::vector<Yaml::Field> alone = {field};
    for (const auto& [key, value] : package ? field.value.fields : alone) {
      if (value.kind == Yaml::Kind::list || value.kind == Yaml::Kind::map) return key + " is no text";
      if (std::string why = add_grype_field(key, value.text, rule); !why.empty()) return why;
    }
  }
  const auto aliases = std::ranges::find(item.fields, "include-aliases", &Yaml::Field::key);
  if (aliases != item.fields.end() && aliases->value.text == "true") {
    for (Demand& demand : rule.demands) {
      if (demand.what == What::id_only) demand.what = What::id;
    }
  }
  make_literal(rule);
  return asks_for_nothing(rule) ? "it would take out everything" : "";
}

}  // namespace

Status read_own_exceptions(const std::string& file, const Yaml& list, Exceptions& to) {
  std::vector<Pairs> fields;
  for (const ExceptionKey& key : kOwn) {
    if (key.what) fields.emplace_back(key.name, *key.what);
  }
  std::vector<Exception> rules = TRY(read_rules(file, list, fields));
  for (Exception& rule : rules) {
    if (asks_for_nothing(rule)) return fail(Errc::usage, rule.where + ": the rule would take out everything");
    to.rules.push_back(std::move(rule));
  }
  return {};
}

std::span<const ExceptionKey> exception_keys() { return kOwn; }

Status read_trivy_exceptions(const std::string& file, const Yaml& list, Exceptions& to) {
  constexpr std::array<Pairs, 3> kFields = {{{"id", What::id}, {"paths", What::path}, {"purls", What::purl}}};
  std::vector<Exception> rules = TRY(read_rules(file, list, kFields));
  for (Exception& rule : rules) {
    if (std::ranges::find(rule.demands, What::id, &Demand::what) == rule.demands.end()) {
      to.remarks.push_back(rule.where + ": the rule is not used: it has no id: to Trivy it is about nothing");
      continue;
    }
    make_literal(rule);
    to.rules.push_back(std::move(rule));
  }
  return {};
}

Status read_grype_exceptions(const std::string& file, const Yaml& list, Exceptions& to) {
  for (const Yaml& item : list.items) {
    Exception rule{.where = at(file, item)};
    if (const std::string why = read_grype_rule(item, rule); !why.empty()) {
      to.remarks.push_back(rule.where + ": the rule is not used: " + why);
    } else {
      to.rules.push_back(std::move(rule));
    }
  }
  return {};
}

}  // namespace peekr
