// SPDX-License-Identifier: Apache-2.0
#include "policy/exceptions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/date.h"
#include "base/text.h"
#include "lib/yaml.h"
#include "model/anchore.h"
#include "policy/expression.h"
#include "policy/glob.h"
#include "policy/product.h"

namespace peekr {
namespace {

using What = Demand::What;

std::string_view relative(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  return path.starts_with("./") ? path.substr(2) : path;
}

// Of a rule of Grype's: the id of the finding, or what Grype would call it.
bool is_id(std::string_view wanted, const Finding& finding, const Demand& demand,
           const Inventory& inventory) {
  const auto same = [&](const std::string& id) {
    return demand.literal ? wanted == id : glob_matches(wanted, id);
  };
  if (same(finding.id)) return true;
  if (demand.what == What::id) return std::ranges::any_of(finding.names, same);
  return same(anchore::shown_id(finding, inventory.packages[finding.package], inventory.distro));
}

bool is_path(std::string_view pattern, const Package& package, const Demand& demand) {
  const auto matches = demand.literal ? path_glob_matches : glob_matches;
  return matches(relative(pattern), package.path.str());
}

bool is_purl_of(const NamedPackage& wanted, const Package& package, const std::optional<Distro>& distro) {
  return is_meant(wanted,
                  {.type = package.type,
                   .name = package.name,
                   .version = package.version,
                   .epoch = package.epoch,
                   .arch = package.arch,
                   .source = package.name,
                   .source_version = package.version},
                  distro);
}

bool is_layer(std::string_view wanted, const ImageInfo& image, std::size_t layer) {
  if (wanted == "base") return is_of_known_base(image, layer);
  if (layer >= image.layers.size()) return false;
  return wanted == image.layers[layer].digest.str() || wanted == image.layers[layer].diff_id.str();
}

// Of Grype's matches each has one record, and those that a rule does not mean stay.
bool of_all(const std::vector<Proof>& proofs, const auto& holds) {
  return !proofs.empty() && std::ranges::all_of(proofs, holds);
}

// By a name that is spelled otherwise, too: see comparable_name().
bool is_named(std::string_view wanted, const Package& package, std::string_view name) {
  return glob_matches(comparable_name(package.type, wanted), comparable_name(package.type, name));
}

bool is_named(const NamePattern& wanted, const Package& package, std::string_view name) {
  const bool is_caseless = comparable_name(package.type, "A") == "a";
  if (!is_caseless) return wanted.as_is.matches(name);
  if (wanted.in_any_case.matches(name)) return true;
  if (package.type != "pypi") return false;
  return std::ranges::any_of(std::string_view("-_."), [&](char separator) {  // PyPI's have any of them
    std::string spelled = comparable_name(package.type, name);
    std::ranges::replace(spelled, '-', separator);
    return wanted.in_any_case.matches(spelled);
  });
}

// The ecosystem of a record, or what stands in front of its release: "Debian" and "Debian:12" are met by "Debian:12".
bool is_of_ecosystem(std::string_view wanted, std::string_view ecosystem) {
  return ecosystem.starts_with(wanted) &&
         (ecosystem.size() == wanted.size() || ecosystem[wanted.size()] == ':');
}

bool met(const Demand& demand, const Finding& finding, const Report& report) {
  const Package& package = report.inventory.packages[finding.package];
  const auto any = [&](const auto& holds) { return std::ranges::any_of(demand.values, holds); };
  switch (demand.what) {
    case What::id:
    case What::id_only:
      return any([&](const std::string& id) { return is_id(id, finding, demand, report.inventory); });
    case What::package:
      if (demand.regex)
        return is_named(*demand.regex, package, package.name) ||
               is_named(*demand.regex, package, package.source);
      return any([&](const std::string& name) {
        return is_named(name, package, package.name) || is_named(name, package, package.source);
      });
    case What::version:
      return any([&](const std::string& version) {
        return version == package.version || version == full_version(package);
      });
    case What::type: return any([&](const std::string& type) { return type == package.type; });
    case What::path: return any([&](const std::string& path) { return is_path(path, package, demand); });
    case What::layer:
      return any([&](const std::string& layer) { return is_layer(layer, report.image, package.layer); });
    case What::status: return any([&](const std::string& status) { return status == status_of(finding); });
    case What::purl:
      return std::ranges::any_of(demand.purls, [&](const NamedPackage& wanted) {
        return (demand.literal ? is_purl_of : is_meant)(wanted, package, report.inventory.distro);
      });
    case What::name: return is_named(*demand.regex, package, package.name);
    case What::upstream: return is_named(*demand.regex, package, package.source);
    case What::ecosystem:
      return std::ranges::any_of(finding.proofs, [&](const Proof& proof) {
        return is_of_ecosystem(demand.values.front(), proof.ecosystem);
      });
    case What::space:
      return of_all(finding.proofs, [&](const Proof& proof) {
        return anchore::name_space(proof, package, report.inventory.distro) == demand.values.front();
      });
    case What::match:
      return of_all(finding.proofs, [&](const Proof& proof) {
        return anchore::match_type(proof, package) == demand.values.front();
      });
  }
  return false;
}

bool may_be_id(std::string_view word) {
  return std::ranges::all_of(
      word, [](char c) { return is_alpha(c) || is_digit(c) || std::string_view("-_.:*?#").contains(c); });
}

std::string_view next_word(std::string_view& rest) {
  rest = trim(rest);
  const std::size_t end = static_cast<std::size_t>(std::ranges::find_if(rest, is_space) - rest.begin());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

// What stands behind the seconds of a time, and their fraction.
std::string_view zone_of(std::string_view time) {
  time.remove_prefix(std::min<std::size_t>(time.size(), 19));
  if (time.starts_with('.'))
    time.remove_prefix(std::min(time.find_first_not_of("0123456789", 1), time.size()));
  return time;
}

bool is_zone(std::string_view text) {
  if (text == "Z" || text == "z") return true;
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' &&
         to_number(text.substr(1, 2)) && to_number(text.substr(4, 2));
}

// One line of Trivy's: an id, then words of which only exp:2026-12-31 counts, in a comment, too. What stands in a line that is
// none is not told: the file may be another than was thought, and have secrets.
Status read_line(const std::string& where, std::string_view line, Exceptions& to) {
  const std::string_view id = next_word(line);
  if (id.empty() || id.starts_with('#')) return {};
  if (!may_be_id(id) || id.starts_with("exp:"))
    return fail(Errc::usage, where + ": want an id, and perhaps exp:2026-12-31");
  Exception rule{.where = where, .about = std::string(id)};
  while (!line.empty() && rule.expires.empty()) {
    const std::string_view word = next_word(line);
    if (!word.starts_with("exp:")) continue;
    const Result<std::string> moment = moment_in(word.substr(4));
    if (!moment) return fail(Errc::usage, where + ": exp: want a day such as 2026-12-31");
    rule.expires = *moment;
  }
  rule.demands.push_back({.what = What::id, .values = {rule.about}, .purls = {}, .regex = {}});
  make_literal(rule);
  to.rules.push_back(std::move(rule));
  return {};
}

Status read_lines(const std::string& file, std::string_view bytes, Exceptions& to) {
  for (std::size_t number = 1; !bytes.empty(); ++number)
    TRY(read_line(file + ":" + std::to_string(number), next_line(bytes), to));
  return {};
}

// The top keys of the YAML files, each with what reads the list below it.
using Read = Status (*)(const std::string& file, const Yaml& list, Exceptions& to);
constexpr std::array<std::pair<std::string_view, Read>, 3> kLists = {
    {{"exceptions", read_own_exceptions},
     {"vulnerabilities", read_trivy_exceptions},
     {"ignore", read_grype_exceptions}}};

// True: it is one of these files.
Result<bool> read_yaml(const std::string& file, std::string_view bytes, Exceptions& to) {
  const bool named = file.ends_with(".yaml") || file.ends_with(".yml");
  Result<Yaml> root = parse_one_yaml(bytes);
  if (!root && named) return fail(root.error().within(file));
  if (!root || root->kind != Yaml::Kind::map) {
    if (named && root && root->kind != Yaml::Kind::null) return fail(Errc::usage, file + ": want a map");
    return named;
  }
  bool any = false;
  const bool ours = std::ranges::find(root->fields, "exceptions", &Yaml::Field::key) != root->fields.end();
  for (const Yaml::Field& field : root->fields) {
    const auto known = std::ranges::find(kLists, field.key, &std::pair<std::string_view, Read>::first);
    // The files of other scanners say more than this in them.
    if (known == kLists.end() && ours)
      to.remarks.push_back(file + ":" + std::to_string(field.value.key_line) + ": " + printable(field.key) +
                           ": is not read");
    if (known == kLists.end()) continue;
    TRY(known->second(file, field.value, to));
    any = true;
  }
  if (named && !any)
    to.remarks.push_back(file +
                         ": has no rules: want exceptions: (or vulnerabilities: of Trivy, ignore: of Grype)");
  return any || named;
}

}  // namespace

Result<Exceptions> read_exceptions(const std::string& file, std::string_view bytes) {
  Exceptions all;
  const std::string shown = printable(file);
  bytes = without_mark(bytes);
  if (file.ends_with(".toml")) {
    TRY(read_osv_exceptions(shown, bytes, all));
    return all;
  }
  const bool yaml = TRY(read_yaml(shown, bytes, all));
  if (!yaml) TRY(read_lines(shown, bytes, all));
  return all;
}

bool asks_for_nothing(const Exception& rule) {
  return std::ranges::all_of(rule.demands, [](const Demand& demand) {
    const bool pattern = demand.what == What::id || demand.what == What::package || demand.what == What::path;
    const std::string_view all = demand.regex ? ".*+^$" : "*/";
    return (pattern || demand.regex) && std::ranges::any_of(demand.values, [&](const std::string& value) {
             return (demand.regex || !value.empty()) && value.find_first_not_of(all) == std::string::npos;
           });
  });
}

void make_literal(Exception& rule) {
  for (Demand& demand : rule.demands) demand.literal = true;
}

bool has_expired(std::string_view moment, std::string_view now) {
  return !moment.empty() && instant_of(moment) <= instant_of(now);
}

Taken exception_for(const Finding& finding, const Report& report, const std::vector<Exception>& rules,
                    std::string_view now) {
  Taken taken;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto holds = [&](const Demand& demand) { return met(demand, finding, report); };
    if (!std::ranges::all_of(rules[i].demands, holds)) continue;
    const bool expired = has_expired(rules[i].expires, now);
    if (expired && !taken.expired) taken.expired = i;
    if (expired) continue;
    taken.by = i;
    break;
  }
  return taken;
}

std::string words(const Exception& rule) {
  std::string text = "exception " + rule.where;
  if (!rule.reason.empty()) text += ": " + rule.reason;
  if (!rule.owner.empty()) text += " (owner: " + rule.owner + ")";
  if (!rule.expires.empty()) text += ", until " + rule.expires;
  return text;
}

std::optional<Demand> pattern_demand(What what, std::string_view pattern) {
  std::optional<Regex> as_is = Regex::compile(pattern);
  std::optional<Regex> in_any_case = Regex::compile("(?i)" + std::string(pattern));
  if (!as_is || !in_any_case) return std::nullopt;
  return Demand{.what = what,
                .values = {std::string(pattern)},
                .purls = {},
                .regex = std::make_shared<const NamePattern>(
                    NamePattern{.as_is = *std::move(as_is), .in_any_case = *std::move(in_any_case)})};
}

Result<Demand> purl_demand(const std::vector<std::string>& texts) {
  Demand demand{.what = What::purl, .values = texts, .purls = {}, .regex = {}};
  for (const std::string& text : texts) {
    NamedPackage wanted = TRY(package_of_purl(text));
    demand.purls.push_back(std::move(wanted));
  }
  return demand;
}

Result<std::string> moment_in(std::string_view text) {
  std::string moment(text);
  if (moment.size() > 10 && moment[10] == ' ') moment[10] = 'T';  // as TOML may have it
  const std::string_view day = text.substr(0, 10), zone = zone_of(moment);
  const bool is_time = seconds_between(moment, moment) && (zone.empty() || is_zone(zone));
  if (!days_between(day, day) || (text.size() > 10 && !is_time))
    return fail(Errc::usage,
                printable(text) + ": want a day such as 2026-12-31, or a time such as 2026-12-31T12:00:00Z");
  return text.size() > 10 && zone.empty() ? moment + "Z" : moment;
}

}  // namespace peekr
