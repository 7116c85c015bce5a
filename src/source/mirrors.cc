// SPDX-License-Identifier: Apache-2.0
#include "source/mirrors.h"

#include <algorithm>
#include <filesystem>

#include "base/environment.h"
#include "base/file.h"
#include "base/text.h"
#include "base/toml.h"
#include "lib/http_stream.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFileBytes = 4 << 20;

// What TOML could write otherwise, and nobody does.
Status check_form(const TomlTable& table) {
  if (table.name.empty() && !table.raw("registry").empty())
    return fail(Errc::unsupported, "registry: only tables of their own are read: [[registry]]");
  if (table.name == "registries" && !(table.raw("block").empty() && table.raw("insecure").empty()))
    return fail(Errc::unsupported,
                "registries: only tables of their own are read: [registries.block], [registries.insecure]");
  if (table.name == "registry" && !table.raw("mirror").empty())
    return fail(Errc::unsupported, "mirror: only tables of their own are read: [[registry.mirror]]");
  return {};
}

// "host/path", without the slashes at its end.
Result<std::string> place_in(const TomlTable& table, std::string_view key) {
  std::string place = table.text(key);
  if (place.find("://") != std::string::npos)
    return fail(Errc::damaged, std::string(key) + " " + shown_url(place) +
                                   ": URI schemes are not supported: want HOST[:PORT][/PATH]");
  while (place.ends_with('/')) place.pop_back();
  return place;
}

Result<MirrorRule> rule_of(const TomlTable& table) {
  MirrorRule rule;
  rule.prefix = TRY(within("registry", place_in(table, "prefix")));
  rule.location = TRY(within("registry", place_in(table, "location")));
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
  mirror.location = TRY(within("mirror", place_in(table, "location")));
  mirror.insecure = TRY(within("mirror", table.flag("insecure")));
  if (const std::string what = table.text("pull-from-mirror"); !what.empty()) mirror.what = what;
  if (mirror.what != "all" && mirror.what != "digest-only" && mirror.what != "tag-only")
    return fail(Errc::damaged, "mirror: pull-from-mirror: want all, digest-only or tag-only");
  if (mirror.location.empty()) return fail(Errc::damaged, "mirror: no location");
  return mirror;
}

// The tables of version 1: [registries.block] and [registries.insecure], each with a list of hosts.
void add_version_1(const TomlTable& table, std::vector<MirrorRule>& rules) {
  for (std::string host : table.texts("registries")) {
    while (host.ends_with('/')) host.pop_back();
    auto rule = std::ranges::find(rules, host, &MirrorRule::prefix);
    if (rule == rules.end()) rule = rules.insert(rule, {.prefix = host, .location = host});
    (table.name == "registries.block" ? rule->blocked : rule->insecure) = true;
  }
}

// How much of "host:port/repository" a prefix covers, which ends before a ":", a "/" or nothing; 0: it is about something else.
std::size_t covers(std::string_view prefix, std::string_view whole) {
  std::size_t end = prefix.size();
  if (prefix.starts_with("*.")) {  // of hosts only
    const std::string_view domain = prefix.substr(1), host = whole.substr(0, whole.find_first_of(":/"));
    if (!host.ends_with(domain) || host.size() == domain.size()) return 0;
    end = host.size();
  } else if (!whole.starts_with(prefix)) {
    return 0;
  }
  return end == whole.size() || whole[end] == ':' || whole[end] == '/' ? end : 0;
}

// "host/path" with what follows the prefix.
Result<Place> place_at(std::string_view location, std::string_view rest, bool insecure) {
  const std::string whole = std::string(location) + std::string(rest);
  const auto [host, repository] = cut(whole, '/');
  if (repository.find(':') != std::string_view::npos)  // a port, behind a path
    return fail(Errc::usage, "registries.conf: " + printable(whole) + " names no repository");
  return Place{std::string(host), std::string(repository), insecure};
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
  std::vector<MirrorRule> rules, old;
  TomlReader reader(toml);
  TomlTable table;
  while (reader.next(table)) {
    TRY(check_form(table));
    if (table.name == "registries.block" || table.name == "registries.insecure") {
      add_version_1(table, old);
    } else if (table.name == "registry") {
      rules.push_back(TRY(rule_of(table)));
    } else if (table.name == "registry.mirror") {
      if (rules.empty()) return fail(Errc::damaged, "mirror: of no registry");
      MirrorRule& rule = rules.back();
      rule.mirrors.push_back(TRY(within("registry " + printable(rule.prefix), mirror_of(table))));
    }
  }
  if (reader.bad_lines() > 0)
    return fail(Errc::damaged, "line " + std::to_string(reader.first_bad_line()) + ": not TOML");
  if (!old.empty() && !rules.empty())
    return fail(Errc::damaged,
                "registries.block or registries.insecure (version 1) beside registry (version 2)");
  return old.empty() ? rules : old;
}

Result<std::vector<Place>> places_of(const std::vector<MirrorRule>& rules, std::string_view host,
                                     std::string_view repository, By by) {
  const std::string whole = std::string(host) + "/" + std::string(repository);
  const MirrorRule* best = nullptr;
  for (const MirrorRule& rule : rules) {
    if (covers(rule.prefix, whole) == 0) continue;
    if (best == nullptr || rule.prefix.size() >= best->prefix.size()) best = &rule;
  }
  if (best == nullptr) return std::vector<Place>{{std::string(host), std::string(repository)}};
  const std::string prefix = printable(best->prefix);
  if (best->blocked) return fail(Errc::usage, prefix + " is blocked by registries.conf");
  const std::size_t end = covers(best->prefix, whole);
  const std::string rest = whole.substr(end);
  std::vector<Place> all;
  for (const MirrorRule::Mirror& mirror : best->mirrors) {
    const bool digest_only = best->digest_only || mirror.what == "digest-only";
    if ((digest_only && by == By::tag) || (mirror.what == "tag-only" && by == By::digest)) continue;
    all.push_back(TRY(place_at(mirror.location, rest, mirror.insecure)));
  }
  const std::string own = best->location.empty() ? whole.substr(0, end) : best->location;
  all.push_back(TRY(place_at(own, rest, best->insecure)));
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
  if (!has_own) TRY(add_folder(system + ".d", rules));
  if (!user.empty()) TRY(add_folder(own + ".d", rules));
  return rules;
}

}  // namespace peekr
