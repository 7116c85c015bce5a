// SPDX-License-Identifier: Apache-2.0
// peekr doctor: what peekr would find if it were asked to work here, and what is in its way. It fetches nothing and changes nothing.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/date.h"
#include "base/environment.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/access.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/variables.h"
#include "lib/curl.h"
#include "report/columns.h"
#include "service/supply.h"
#include "source/credentials.h"
#include "source/engine.h"
#include "source/mirrors.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

// bad: something that is there does not work. none: not there, and peekr can do without.
enum class State { ok, none, bad };

struct Line {
  State state;
  std::string what, text;
};

Line bad(std::string what, const Error& error) { return {State::bad, std::move(what), error.message}; }

Line database_line(const Options& options) {
  const std::string what = "database", at = database_directory(options);
  const Result<Db> db = Db::open(at);
  if (!db && db.error().code == Errc::not_found)
    return {State::none, what,
            at + ": none yet: peekr scan fetches what an image needs, peekr db update what there is"};
  if (!db) return bad(what, db.error());
  const Result<DbInfo> info = db->info();
  if (!info) return bad(what, info.error());
  std::string newest;
  for (const DbSource& one : info->sources) newest = std::max(newest, one.fetched);
  const auto seconds = seconds_between(newest, now());
  return {State::ok, what,
          fmt::format("{}: {} advisories of {}{}", at, grouped_digits(info->advisories),
                      counted(info->sources.size(), "source"),
                      seconds ? ", the newest " + age_text(*seconds) + " old" : "")};
}

Line cache_line() {
  const std::string what = "cache", at = cache_directory();
  const Result<std::uint64_t> limit = cache_limit();
  if (!limit) return bad(what, limit.error());
  fs::path there = at;
  std::error_code error;
  while (!fs::exists(there, error) && there.has_relative_path()) there = there.parent_path();
  if (::access(there.c_str(), W_OK | X_OK) != 0)
    return {State::bad, what, at + ": cannot be written: every scan reads all layers again"};
  return {State::ok, what, at + ", " + grouped_digits(*limit) + " bytes at most"};
}

Line library_line() {
  if (!has_curl())
    return {State::bad, "network",
            "libcurl.so.4 is not installed (package libcurl4): nothing can be fetched"};
  std::string proxies;
  for (const char* name :
       {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
    if (std::getenv(name) != nullptr) proxies += (proxies.empty() ? ", with " : ", ") + std::string(name);
  }
  return {State::ok, "network", "libcurl is there" + proxies};
}

Line certificates_line() {
  const std::string said = environment("SSL_CERT_FILE");
  const bool named = !said.empty();
  const std::string file = named ? said : "/etc/ssl/certs/ca-certificates.crt";
  if (::access(file.c_str(), R_OK) == 0) return {State::ok, "certificates", file};
  return {named ? State::bad : State::none, "certificates",
          file +
              ": cannot be read; without certificates to trust no https server is (package ca-certificates, "
              "or --cacert)"};
}

Line mirrors_line() {
  const Result<std::vector<MirrorRule>> rules = read_registries_conf();
  if (!rules) return bad("registries.conf", rules.error());
  if (rules->empty()) return {State::none, "registries.conf", "no rules: registries are asked themselves"};
  return {State::ok, "registries.conf", counted(rules->size(), "rule")};
}

std::vector<Line> credential_lines() {
  std::vector<Line> lines;
  for (const std::string& file : credential_files()) {
    if (::access(file.c_str(), F_OK) != 0) continue;
    const Result<std::string> json = read_file(file, 4 << 20);
    const Result<std::optional<CredentialEntry>> entry =
        json ? within(file, find_entry(*json, "docker.io", "library/debian")) : std::unexpected(json.error());
    lines.push_back(entry ? Line{State::ok, "credentials", file} : bad("credentials", entry.error()));
  }
  if (lines.empty())
    lines.push_back({State::none, "credentials",
                     "no file of docker login or podman login: registries are asked as anybody"});
  return lines;
}

Line engine_line(const EngineKind& kind) {
  const std::string what(kind.name);
  const Result<std::vector<std::string>> sockets = sockets_of(kind);
  if (!sockets) return bad(what, sockets.error());
  for (const std::string& socket : *sockets) {
    if (::access(socket.c_str(), F_OK) != 0) continue;
    const Result<std::string> answer = Engine(socket).document("/_ping", 4096, 5);
    return answer ? Line{State::ok, what, socket + " answers"} : bad(what, answer.error());
  }
  return {State::none, what, "no engine listens at " + join(*sockets, ", ")};
}

Line containerd_line() {
  const std::string path = environment("PATH");
  for (const std::string_view folder : split(path, ':')) {
    const std::string ctr = std::string(folder) + "/ctr";
    if (::access(ctr.c_str(), X_OK) == 0) return {State::ok, "containerd", ctr};
  }
  return {State::none, "containerd", "no ctr in $PATH"};
}

// A variable of a wrong name, or what is no number where one is wanted, does nothing, and nobody says so.
Line variable_line(const Options& options, const std::string& name, std::string_view value) {
  const std::string what = "environment";
  if (name == "PEEKR_DB" || name == "PEEKR_REGISTRY")
    return {State::ok, what, name + "=" + std::string(value)};
  if (name == "PEEKR_CONFIG" || std::ranges::find(options.variables, name) != options.variables.end())
    return {State::ok, what, name + ": what it sets: peekr config"};
  if (name == "PEEKR_REGISTRY_TOKEN") return {State::ok, what, name + "=(set)"};
  constexpr std::array<std::string_view, 4> kNumbers = {"PEEKR_DB_WAIT", "PEEKR_FETCH_TRIES",
                                                        "PEEKR_FETCH_PATIENCE", "PEEKR_FETCH_BACKOFF_MS"};
  if (std::ranges::find(kNumbers, name) == kNumbers.end())
    return {State::bad, what, name + ": no variable of peekr's" + meant_variable(name, options.variables)};
  const std::string set = name + "=" + std::string(value);
  if (value.empty() || number_from_environment(name.c_str())) return {State::ok, what, set};
  return {State::bad, what, set + ": want a number below 1,000,000"};
}

std::vector<Line> variable_lines(const Options& options) {
  std::vector<Line> lines;
  for (const Variable& one : own_variables()) {
    if (one.name != "PEEKR_CACHE_SIZE")  // the cache's line has that
      lines.push_back(variable_line(options, one.name, one.value));
  }
  return lines;
}

}  // namespace

Result<int> doctor_command(const Options& options) {
  std::vector<Line> lines = {database_line(options), cache_line(), library_line(), certificates_line(),
                             mirrors_line()};
  std::ranges::move(credential_lines(), std::back_inserter(lines));
  for (const EngineKind* kind : {&docker_engine, &podman_engine}) lines.push_back(engine_line(*kind));
  lines.push_back(containerd_line());
  if (!options.bad_config.empty()) lines.push_back({State::bad, "config", options.bad_config});
  std::ranges::move(variable_lines(options), std::back_inserter(lines));
  const Style style = style_of(options);
  std::string out;
  for (const Line& line : lines) {
    const std::string_view mark = line.state == State::ok ? "ok" : line.state == State::none ? "-" : "bad";
    const std::string head = filled(std::string(mark), 5) + filled(line.what, 17);
    out += wrapped(printable(line.text), {.width = style.width, .indent = 22, .head = head});
  }
  TRY(write_output(options, out));
  return std::ranges::find(lines, State::bad, &Line::state) == lines.end() ? 0 : 1;
}

}  // namespace peekr
