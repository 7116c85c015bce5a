// SPDX-License-Identifier: Apache-2.0
// What is wrong with a command line: which word, what was meant, and which help to read. CLI11 would name the words that are left
// over in the order in which it met them, and no more.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/raw.h"
#include "cli/words.h"
#include "report/columns.h"

namespace peekr {
namespace {

std::vector<const CLI::App*> commands_below(const CLI::App& at) {
  return at.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> names_below(const CLI::App& at) {
  std::vector<std::string> names;
  for (const CLI::App* one : commands_below(at)) names.push_back(one->get_name());
  return names;
}

const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return *at;
}

std::string words_of(const CLI::App& command) {
  const CLI::App* above = command.get_parent();
  return above == nullptr ? command.get_name() : words_of(*above) + " " + command.get_name();
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// The commands that have what this one has not.
void add_takers(const CLI::App& at, const std::string& option, std::vector<std::string>& to) {
  const std::vector<const CLI::App*> below = commands_below(at);
  if (below.empty() && at.get_option_no_throw(option) != nullptr) to.push_back(words_of(at));
  for (const CLI::App* one : below) add_takers(*one, option, to);
}

std::string no_such_option(const CLI::App& app, std::string_view word) {
  const CLI::App& command = innermost(app);
  const std::string option(cut(word, '=').first);
  const std::string none = printable(option) + ": there is no such option of " + words_of(command);
  std::vector<std::string> takers;
  add_takers(app, option, takers);
  if (!takers.empty())
    return none + "; " + join(takers, ", ") + (takers.size() == 1 ? " has it" : " have it");
  return none + (option.starts_with("--") ? meant(option, options_of(command), "--") : "");
}

// Of what nothing took: an option that there is not, else an argument too many; empty: neither.
std::string left_over(const CLI::App& app) {
  const std::vector<std::string> left = app.remaining(true);
  const auto option = std::ranges::find_if(
      left, [](const std::string& word) { return word.size() > 1 && word.starts_with('-'); });
  if (option != left.end()) return no_such_option(app, *option);
  return left.empty()
             ? ""
             : printable(left.front()) + ": is one argument too many for " + words_of(innermost(app));
}

// "--format: 1 required FORMAT missing", "--username: At Most 1 required but received 2"
std::string mismatch(const CLI::App& command, const std::string& said) {
  const std::string name(cut(said, ':').first);
  const CLI::Option* const option = command.get_option_no_throw(name);
  if (option == nullptr) return printable(said);
  if (said.contains("At Most")) return name + ": stands more than once";
  return name + ": want " + option->get_type_name() + " behind it";
}

// What other scanners call scan, by what is scanned.
constexpr std::array<std::string_view, 8> kElsewhere = {"image", "fs", "filesystem", "rootfs",
                                                        "repo",  "vm", "packages",   "sbom"};

}  // namespace

std::string command_words(const CLI::App& app) { return words_of(innermost(app)); }

std::string unknown_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* at = &app;
  for (const std::string& argument : arguments) {
    const bool option = argument.starts_with('-');
    const std::string help = "\nwhat there is: " + words_of(*at) + " --help";
    if (option && at == &app && app.get_option_no_throw(argument) == nullptr)
      return no_such_option(app, argument) + help;
    const std::vector<const CLI::App*> below = commands_below(*at);
    if (option || below.empty()) return {};
    const auto found =
        std::ranges::find(below, argument, [](const CLI::App* one) { return one->get_name(); });
    if (found == below.end()) {
      const bool image = at == &app && argument.find_first_of("./:") != std::string::npos;
      const bool elsewhere = at == &app && std::ranges::find(kElsewhere, argument) != kElsewhere.end();
      return printable(argument) + ": there is no such command" +
             (image       ? "; to scan an image: peekr scan " + shell_word(argument)
              : elsewhere ? "; an image, a root file system, dir:FOLDER or an SBOM: peekr scan TARGET"
                          : meant(argument, names_below(*at))) +
             help;
    }
    at = *found;
  }
  return {};
}

std::string wrong_line(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = innermost(app);
  const std::string said = error.what(), kind = error.get_name();
  std::string text = left_over(app);
  if (text.empty() && kind == "ArgumentMismatch") text = mismatch(command, said);
  if (text.empty() && kind == "RequiredError" && !commands_below(command).empty())
    text = words_of(command) + ": want one of " + join(names_below(command), ", ");
  if (text.empty()) text = printable(said);
  return text + "\nwhat it can do: " + words_of(command) + " --help";
}

}  // namespace peekr
