// SPDX-License-Identifier: Apache-2.0
// By what a package of a language goes to another version. Names and versions that a shell could read something into stand in no
// command.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "policy/plan.h"

namespace peekr {
namespace {

// One command for all packages: "npm install a@1 b@2"; or one for each: "cargo update -p a --precise 1 && ...".
struct Tool {
  std::string_view type, front, between, behind;
  bool each = false;
};
constexpr Tool kTools[] = {
    {"cargo", "cargo update -p ", " --precise ", "", true},
    {"composer", "composer require ", ":", ""},
    {"gem", "gem install ", ":", ""},
    {"golang", "go get ", "@", ""},
    {"npm", "npm install ", "@", ""},
    {"nuget", "dotnet add package ", " --version ", "", true},
    {"pub", "dart pub upgrade ", "", "", true},
    {"pypi", "pip install ", "==", ""},
};

bool is_safe(std::string_view text) {
  const auto safe = [](char c) {
    return is_alpha(c) || is_digit(c) || std::string_view("@/.+_-:").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.front() != '-' && std::ranges::all_of(text, safe);
}

std::string version_for(const Remediation::Action& action, const Remediation::Step& step) {
  return action.type == "golang" && !step.to.starts_with('v') ? "v" + step.to : step.to;
}

// Steps that the command names; others are told in words.
bool is_direct(const Remediation::Action& action, const Remediation::Step& step) {
  return step.through.empty() && is_safe(step.name) && is_safe(step.to) &&
         !(action.type == "golang" && step.name == "stdlib");
}

std::string words_for(const Remediation::Action& action, const Remediation::Step& step) {
  if (action.type == "golang" && step.name == "stdlib") return "build it with Go " + step.to + " or later";
  if (!step.through.empty())
    return step.name + " lies within " + step.through + ": upgrade that, or override it to " + step.to;
  if (action.type == "gem" && is_safe(step.name) && is_safe(step.from))
    return "gem keeps what was there: gem uninstall " + step.name + " -v " + step.from +
           ", or bundle update " + step.name + " where a Gemfile.lock asks for it";
  return {};
}

// Who depends on what the command names is not known.
std::string ending(std::string_view type) {
  if (type == "npm")
    return "npm may keep an older copy within packages that ask for it (npm ls NAME): override that in "
           "package.json";
  if (type == "golang" || type == "cargo") return "then build it again";
  if (type == "maven") return "in the build file, then build it again; a jar by itself is replaced";
  return {};
}

}  // namespace

void add_command(Remediation::Action& action) {
  std::vector<std::string> words, parts;
  const auto tool = std::ranges::find(kTools, action.type, &Tool::type);
  for (const Remediation::Step& step : action.steps) {
    if (std::string text = words_for(action, step); !text.empty()) words.push_back(std::move(text));
    if (tool == std::end(kTools) || !is_direct(action, step)) continue;
    const std::string version = tool->between.empty() ? "" : version_for(action, step);
    parts.push_back((tool->each ? std::string(tool->front) : "") + step.name + std::string(tool->between) +
                    version);
  }
  if (!parts.empty())
    action.command = tool->each ? join(parts, " && ") : std::string(tool->front) + join(parts, " ");
  if (std::string end = ending(action.type); !end.empty()) words.push_back(std::move(end));
  if (action.command.empty() && words.empty()) words.emplace_back("in what it was installed from");
  sort_unique(words);
  action.words = join(words, "; ");
}

}  // namespace peekr
