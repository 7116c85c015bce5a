// SPDX-License-Identifier: Apache-2.0
#include "source/mirrors.h"

#include <algorithm>
#include <filesystem>

#include "base/environment.h"
#include "base/file.h"
#include "base/text.h"
#include "base/toml.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFileBytes = 4 << 20;

// What TOML could write otherwise, and nobody does.
Status check_form(const TomlTable& table) {
  if (table.name.empty() && !table.raw("registry").empty())
    return fail(Errc::unsupported, "registry: only tables of their own are read: [[registry]]");
  if (table.name == "registry" && !table.raw("mirror").empty())
    return fail(Errc::unsupported, "mirror: only tables of their own are read: [[registry.mirror]]");
  return {};
}

Result<MirrorRule> rule_of(const TomlTable& table) {
  MirrorRule rule{.prefix = table.text("prefix"), .location = table.text("location")};
  if (rule.prefix.empty()) rule.prefix = rule.location;
  if (rule.prefix.empty()) return fail(Errc::damaged, "registry: neither prefix nor location");
  const std::string where = "registry " + printable(rule.prefix);
  rule.insecure = TRY(within(where, table.flag("insecure")));
  rule.blocked = TRY(within(where, table.flag("blocked")));
  rule.digest_only = TRY(within(where, table.flag("mirror-by-digest-only")));
  return rule;
}

Result<MirrorRule::Mirror> mirror_of(const TomlTable& table) {
  MirrorRule::Mirror mirror;
  mirror.location = table.text("location");
  mirror.insecure = TRY(within("mirror", table.flag("insecure")));
  if (const std::string what = table.text("pull-from-mirror"); !what.empty()) mirror.what = what;
  if (mirror.what != "all" && mirror.what != "digest-only" && mirror.what != "tag-only")
    return fail(Errc::damaged, "mirror: pull-from-mirror: want all, digest-only or tag-only");
  if (mirror.location.empty()) return fail(Errc::damaged, "mirror: no location");
  return mirror;
}

// How much of "host/repository" a prefix covers; 0: it is about something else.
std::size_t covers(std::string_view prefix, std::string_view host, std::string_view repository) {
  if (prefix.starts_with("*."))  // of hosts only
    return host.ends_with(prefix.substr(1)) && host.size() >= prefix.size() ? prefix.size() : 0;
  const std::string whole = std::string(host) + "/" + std::string(repository);
  if (whole == prefix || (whole.starts_with(prefix) && whole[prefix.size()] == '/')) return prefix.size();
  return 0;
}

// "host/path" with what follows the prefix.
Place place_at(std::string_view location, std::string_view rest, bool insecure) {
  const std::string whole = std::string(location) + std::string(rest);
  const auto [host, repository] = cut(whole, '/');
  return {std::string(host), std::string(repository), insecure};
}

Status add_file(const std::string& path, std::vector<MirrorRule>& rules) {
  const std::string toml = TRY(read_file(path, kFileBytes));
  std::vector<MirrorRule> more = TRY(within(path, parse_registries_conf(toml)));
  std::ranges::move(more, std::back_inserter(rules));
  return {};
}

Status add_folder(const std::string& folder, std::vector<MirrorRule>& rules) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".conf") files.push_back(at->path());
  }
  // Also a folder on the way to it may be none: HOME=/dev/null.
  std::error_code unseen;
  if (error && fs::status(folder, unseen).type() != fs::file_type::not_found)
    return fail(Errc::io, folder + ": " + error.message());
  std::ranges::sort(files);
  for (const std::string& file : files) TRY(add_file(file, rules));
  return {};
}

}  // namespace

Result<std::vector<MirrorRule>> parse_registries_conf(std::string_view toml) {
  std::vector<MirrorRule> rules;
  TomlReader reader(toml);
  TomlTable table;
  while (reader.next(table)) {
    TRY(check_form(table));
    if (table.name == "registry") {
      rules.push_back(TRY(rule_of(table)));
    } else if (table.name == "registry.mirror") {
      if (rules.empty()) return fail(Errc::damaged, "mirror: of no registry");
      MirrorRule& rule = rules.back();
      rule.mirrors.push_back(TRY(within("registry " + printable(rule.prefix), mirror_of(table))));
    }
  }
  if (reader.bad_lines() > 0)
    return fail(Errc::damaged, "line " + std::to_string(reader.first_bad_line()) + ": not TOML");
  return rules;
}

Result<std::vector<Place>> places_of(const std::vector<MirrorRule>& rules, std::string_view host,
                                     std::string_view repository, By by) {
  const MirrorRule* best = nullptr;
  std::size_t longest = 0;
  for (const MirrorRule& rule : rules) {
    const std::size_t length = covers(rule.prefix, host, repository);
    if (length == 0 || length < longest) continue;
    best = &rule;
    longest = length;
  }
  if (best == nullptr) return std::vector<Place>{{std::string(host), std::string(repository)}};
  const std::string prefix = printable(best->prefix);
  if (best->blocked) return fail(Errc::usage, prefix + " is blocked by registries.conf");
  const std::string whole = std::string(host) + "/" + std::string(repository);
  const bool wildcard = best->prefix.starts_with("*.");
  const std::string rest = whole.substr(wildcard ? host.size() : best->prefix.size());
  std::vector<Place> all;
  for (const MirrorRule::Mirror& mirror : best->mirrors) {
    const bool digest_only = best->digest_only || mirror.what == "digest-only";
    if ((digest_only && by == By::tag) || (mirror.what == "tag-only" && by == By::digest)) continue;
    all.push_back(place_at(mirror.location, rest, mirror.insecure));
  }
  const std::string own =
      best->location.empty() ? std::string(wildcard ? host : best->prefix) : best->location;
  all.push_back(place_at(own, rest, best->insecure));
  return all;
}

Result<std::vector<MirrorRule>> read_registries_conf() {
  std::vector<MirrorRule> rules;
  if (const std::string file = environment("CONTAINERS_REGISTRIES_CONF"); !file.empty()) {
    TRY(add_file(file, rules));
    return rules;
  }
  const std::string user = user_config();
  const std::string system = "/etc/containers/registries.conf", own = user + "/containers/registries.conf";
  std::error_code error;
  const bool has_own = !user.empty() && fs::exists(own, error);
  if (error) return fail(Errc::io, own + ": " + error.message());
  if (has_own || fs::exists(system, error)) TRY(add_file(has_own ? own : system, rules));
  TRY(add_folder(system + ".d", rules));
  if (!user.empty()) TRY(add_folder(own + ".d", rules));
  return rules;
}

}  // namespace peekr
