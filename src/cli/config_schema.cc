// SPDX-License-Identifier: Apache-2.0
// The JSON schema of the config file, out of the options themselves: docs/schema/config.schema.json is what it makes.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <string_view>

#include "cli/raw.h"
#include "report/json_writer.h"

namespace peekr {
namespace {

// By its key, of whichever command comes first; all that have the name mean the same.
using Keys = std::map<std::string, const CLI::Option*>;

void add_keys(CLI::App& command, Keys& to) {
  for (const CLI::Option* option : command.get_options()) {
    if (name_of(*option).empty()) continue;
    for (const std::string& name : option->get_lnames()) to.emplace(name, option);
  }
}

class Schema {
 public:
  explicit Schema(std::string& out) : json_(out) {}

  void write(CLI::App& app) {
    json_.document([&] {
      json_.text("$schema", "https://json-schema.org/draft/2020-12/schema");
      json_.text("$id", "urn:peekr:schema:config:1");
      json_.text("title", "config file of peekr, in YAML");
      json_.text("description",
                 "Options by their long names, for all commands that have them, or below the name of one "
                 "(docs/config.md). Made from the options.");
      Keys all;
      for (const auto& [path, command] : commands_of(app)) add_keys(*command, all);
      map(all, app);
    });
  }

 private:
  static std::vector<CLI::App*> below(CLI::App& command) {
    return command.get_subcommands([](CLI::App*) { return true; });
  }

  // What may stand in a map: these keys, and a map for each command.
  void map(const Keys& keys, CLI::App& app) {
    json_.text("type", "object");
    json_.flag("additionalProperties", false);
    json_.record("properties", [&] {
      for (const auto& [key, option] : keys) {
        const auto is_it = [&key](const CLI::App* command) { return command->get_name() == key; };
        if (std::ranges::none_of(below(app), is_it)) json_.record(key, [&] { value(*option); });
      }
      for (CLI::App* command : below(app)) either(keys, *command);
    });
  }

  // A name that is both an option's and a command's.
  void either(const Keys& keys, CLI::App& command) {
    const auto option = keys.find(command.get_name());
    const auto commands = [&] {
      Keys own;
      if (below(command).empty()) add_keys(command, own);
      map(own, command);
    };
    json_.record(command.get_name(), [&] {
      if (option == keys.end()) return commands();
      json_.items("anyOf", [&] {
        json_.item([&] { value(*option->second); });
        json_.item(commands);
      });
    });
  }

  void value(const CLI::Option& option) {
    std::string about = option.get_description();
    std::ranges::replace(about, '\n', ' ');
    if (option.get_items_expected_max() == 0) {
      json_.text("type", "boolean");
    } else if (option.get_items_expected_max() > 1) {
      json_.strings("type", {"string", "number", "array"});
      json_.record("items", [&] { json_.strings("type", {"string", "number"}); });
      json_.number("minItems", 1);
    } else {
      json_.strings("type", {"string", "number", "boolean"});  // on and off are booleans in YAML 1.1
    }
    json_.text("description", about);
  }

  JsonWriter json_;
};

}  // namespace

std::string config_schema(CLI::App& app) {
  std::string out;
  Schema(out).write(app);
  return out;
}

}  // namespace peekr
