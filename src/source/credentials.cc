// SPDX-License-Identifier: Apache-2.0
// Who the user is to a registry: config.json of Docker, auth.json of podman, and the helpers that these name.
//
//   {"auths": {"HOST[/PATH]": {"auth": base64("user:password"), "identitytoken": .., "registrytoken": ..}},
//    "credHelpers": {"HOST": "NAME"}, "credsStore": "NAME"}
// A key may be a URL ("https://index.docker.io/v1/" is Docker Hub); podman's may have a path: the longest that leads to
// the repository counts. docker-credential-NAME get: the server's name on standard input, then
// {"ServerURL": .., "Username": .., "Secret": ..}; the user "<token>" has an identity token for a secret.
#include "source/credentials.h"

#include <simdjson.h>
#include <unistd.h>

#include <algorithm>

#include "base/base64.h"
#include "base/environment.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "base/timer.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::uint64_t kFileBytes = 4 << 20, kHelperBytes = 1 << 20;
constexpr std::chrono::seconds kHelperTime{30};
constexpr std::string_view kHub = "https://index.docker.io/v1/";

std::string text(const object& fields, std::string_view key) {
  std::string_view found;
  return fields[key].get(found) == simdjson::SUCCESS ? std::string(found) : "";
}

// "https://host/v1/users/" and "host/v2/" -> "host"; "host/path/" -> "host/path"
std::string_view place_of(std::string_view key) {
  // What docker login keeps beside a login to Docker Hub, for itself.
  if (key.ends_with("/access-token") || key.ends_with("/refresh-token")) return {};
  const std::size_t scheme = key.find("://");
  if (scheme != std::string_view::npos) return cut(key.substr(scheme + 3), '/').first;
  while (key.ends_with('/')) key.remove_suffix(1);
  const auto [host, path] = cut(key, '/');
  return path == "v1" || path == "v2" ? host : key;
}

// How much of "host/repository" a key covers; 0: it is about something else.
std::size_t covers(std::string_view key, std::string_view host, std::string_view repository) {
  std::string_view place = place_of(key);
  const bool hub = host == "docker.io";
  if (hub && (place == "index.docker.io" || place == "registry-1.docker.io")) place = host;
  const std::string whole = std::string(host) + "/" + std::string(repository);
  const bool leads = whole.starts_with(place) && whole.substr(place.size()).starts_with('/');
  return place.size() >= host.size() && (leads || whole == place) ? place.size() : 0;
}

Result<Credentials> credentials_of(const object& fields) {
  Credentials found;
  found.identity_token = text(fields, "identitytoken");
  found.registry_token = text(fields, "registrytoken");
  std::string packed = text(fields, "auth");
  std::erase_if(packed, [](char c) { return c == '\n' || c == '\r'; });  // base64(1) breaks lines
  if (packed.empty()) {
    found.username = text(fields, "username");
    found.password = text(fields, "password");
    return found;
  }
  const std::optional<std::string> plain = base64_decoded(packed);
  if (!plain || plain->find(':') == std::string::npos)
    return fail(Errc::damaged, "auth: not base64 of user:password");
  const auto [user, password] = cut(*plain, ':');
  found.username = user;
  found.password = password.substr(0, password.find('\0'));
  return found;
}

// The longest of the keys that lead to the repository.
std::optional<std::pair<std::string, element>> best(const object& map, std::string_view host,
                                                    std::string_view repository) {
  std::optional<std::pair<std::string, element>> found;
  std::size_t longest = 0;
  for (const auto& field : map) {
    const std::size_t length = covers(field.key, host, repository);
    if (length <= longest) continue;
    longest = length;
    found.emplace(field.key, field.value);
  }
  return found;
}

Result<Credentials> ask_helper(const CredentialEntry& entry) {
  const Timer timer("source/credential helper");
  const std::string program = "docker-credential-" + entry.helper;
  if (entry.helper.find('/') != std::string::npos)
    return fail(Errc::usage, printable(program) + ": not a name");
  const Ran ran = TRY(run({{program, "get"}, entry.server + "\n", kHelperTime, kHelperBytes}));
  if (ran.status != 0) {
    if (ran.output.find("credentials not found") != std::string::npos) return Credentials();
    // Its own words may be secrets.
    return fail(Errc::io, program + ": exit status " + std::to_string(ran.status) + " (echo " +
                              printable(entry.server) + " | " + program + " get says why)");
  }
  simdjson::dom::parser parser;
  object fields;
  if (parser.parse(ran.output).get(fields) != simdjson::SUCCESS)
    return fail(Errc::damaged, program + ": its answer is no JSON object");
  Credentials found{.username = text(fields, "Username"), .password = text(fields, "Secret")};
  if (found.username == "<token>") found = {.identity_token = std::move(found.password)};
  return found;
}

// What the file has counts where the helper knows nothing, or is not there.
Result<Credentials> credentials_of(const CredentialEntry& entry) {
  if (entry.helper.empty()) return entry.credentials;
  Result<Credentials> asked = ask_helper(entry);
  const bool knows = asked && !asked->empty();
  return knows || entry.credentials.empty() ? std::move(asked) : entry.credentials;
}

}  // namespace

Result<std::optional<CredentialEntry>> find_entry(std::string_view json, std::string_view host,
                                                  std::string_view repository) {
  simdjson::dom::parser parser;
  object fields, map;
  if (parser.parse(json.data(), json.size()).get(fields) != simdjson::SUCCESS)
    return fail(Errc::damaged, "not a JSON object");
  const std::string server(host == "docker.io" ? kHub : host);
  bool own_helper = false;
  if (fields["credHelpers"].get(map) == simdjson::SUCCESS) {
    std::string_view helper;
    const auto at = best(map, host, repository);
    own_helper = at && at->second.get(helper) == simdjson::SUCCESS;
    if (!helper.empty()) return CredentialEntry{.helper = std::string(helper), .server = server};
  }
  CredentialEntry found;
  if (fields["auths"].get(map) == simdjson::SUCCESS) {
    object inside;
    if (const auto at = best(map, host, repository); at && at->second.get(inside) == simdjson::SUCCESS)
      found.credentials = TRY(within("auths " + printable(at->first), credentials_of(inside)));
  }
  // A helper without a name says: none for this one, not even the one of all. To Docker, an `auth` beside a store is a leftover.
  if (!own_helper) found.helper = text(fields, "credsStore");
  if (!found.helper.empty()) found.server = server;
  if (found.credentials.empty() && found.helper.empty()) return std::optional<CredentialEntry>();
  return found;
}

std::vector<std::string> credential_files() {
  if (const std::string file = environment("REGISTRY_AUTH_FILE"); !file.empty()) return {file};
  const std::string home = environment("HOME"), run = environment("XDG_RUNTIME_DIR");
  const std::string config = user_config(), docker = environment("DOCKER_CONFIG");
  std::vector<std::string> files;
  files.push_back((run.empty() ? "/run/containers/" + std::to_string(::getuid()) : run + "/containers") +
                  "/auth.json");
  if (!config.empty()) files.push_back(config + "/containers/auth.json");
  if (!docker.empty() || !home.empty())
    files.push_back((docker.empty() ? home + "/.docker" : docker) + "/config.json");
  return files;
}

Result<Credentials> find_credentials(std::string_view host, std::string_view repository) {
  constexpr const char* kVariable =
      "DOCKER_AUTH_CONFIG";  // the text of such a file: GitLab's, and Docker's since 28
  const std::string given = environment("REGISTRY_AUTH_FILE").empty() ? environment(kVariable) : "";
  if (!given.empty()) {
    const std::optional<CredentialEntry> entry =
        TRY(within("$" + std::string(kVariable), find_entry(given, host, repository)));
    if (entry) {
      Credentials found = TRY(within("$" + std::string(kVariable), credentials_of(*entry)));
      if (!found.empty()) return found;
    }
  }
  for (const std::string& path : credential_files()) {
    const Result<std::string> json = read_file(path, kFileBytes);
    if (!json && json.error().code == Errc::not_found) continue;
    if (!json) return fail(json.error());
    const std::optional<CredentialEntry> entry = TRY(within(path, find_entry(*json, host, repository)));
    if (!entry) continue;
    const Credentials found = TRY(within(path, credentials_of(*entry)));
    if (!found.empty()) return found;
  }
  return Credentials();
}

}  // namespace peekr
