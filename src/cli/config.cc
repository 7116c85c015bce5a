// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

#include <utility>

#include "base/environment.h"
#include "base/file.h"
#include "base/text.h"
#include "lib/yaml.h"

namespace peekr {
namespace {

constexpr std::uint64_t kMostBytes = 1 << 20;

// The usual place; empty where nobody is at home. A relative one would be of the folder that peekr runs in.
std::string usual_file() {
  std::string folder = environment("XDG_CONFIG_HOME");
  if (!folder.starts_with('/')) {
    folder = environment("HOME");
    if (!folder.starts_with('/')) return {};
    folder += "/.config";
  }
  return folder + "/peekr/config.yaml";
}

// Maps are commands. parse_one_yaml() has seen to it that they are not nested deeply.
Status read_map(const std::string& command, const Yaml& map, Config& to) {
  for (const auto& [key, value] : map.fields) {
    const std::string where = printable(to.file) + ":" + std::to_string(value.key_line);
    if (value.kind == Yaml::Kind::map) {
      TRY(read_map(command.empty() ? key : command + " " + key, value, to));
    } else {
      std::vector<std::string> values = TRY(within(where + ": " + printable(key), texts_of(value)));
      to.entries.push_back({.command = command, .key = key, .where = where, .values = std::move(values)});
    }
  }
  return {};
}

}  // namespace

std::string config_file() {
  const std::string named = environment("PEEKR_CONFIG");
  if (named == "none") return {};
  return named.empty() ? usual_file() : named;
}

Result<Config> read_config() {
  const std::string named = environment("PEEKR_CONFIG");
  Config config{.file = config_file()};
  if (config.file.empty()) return Config{};
  const Result<std::string> yaml = read_file(config.file, kMostBytes);
  if (!yaml && named.empty() && yaml.error().code == Errc::not_found) return Config{};
  if (!yaml) return fail(yaml.error().within(named.empty() ? "config file" : "PEEKR_CONFIG"));
  const Yaml root = TRY(within(printable(config.file), parse_one_yaml(*yaml)));
  if (root.kind != Yaml::Kind::map && root.kind != Yaml::Kind::null)
    return fail(Errc::usage, printable(config.file) + ": want a map: severity: high");
  TRY(read_map("", root, config));
  return config;
}

}  // namespace peekr
