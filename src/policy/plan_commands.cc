// SPDX-License-Identifier: Apache-2.0
// By what a package of a language goes to another version. Names and versions that a shell could read something into stand in no
// command.
#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/root.h"
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
    {"golang", "go get ", "@", ""},
    {"nuget", "dotnet add package ", " --version ", "", true},
    {"pub", "dart pub upgrade ", "", "", true},
};

// What the command of a language is in: a package of the language itself, or one of the system. Of others it is not asked.
struct Program {
  std::string_view type, name;
  std::array<std::string_view, 2> packages;  // of the system
};
constexpr Program kPrograms[] = {{"composer", "composer", {"composer", "php-composer"}},
                                 {"npm", "npm", {"npm", "nodejs-npm"}},
                                 {"pypi", "pip", {"python3-pip", "py3-pip"}}};

std::string version_for(const Remediation::Action& action, const Remediation::Step& step) {
  return action.type == "golang" && !step.to.starts_with('v') ? "v" + step.to : step.to;
}

// Steps that the command names; others are told in words.
bool is_in_command(const Remediation::Action& action, const Remediation::Step& step) {
  return is_safe(step.name) && is_safe(step.to) && !(action.type == "golang" && step.name == "stdlib");
}

std::string words_for(const Remediation::Action& action, const Remediation::Step& step) {
  if (action.type == "golang" && step.name == "stdlib") return "build it with Go " + step.to + " or later";
  return {};
}

std::string ending(const Remediation::Action& action) {
  const std::string_view type = action.type;
  if (type == "gem") return "where a Gemfile.lock, or a gem, asks for the old version: bundle update instead";
  if (type == "composer" && !action.command.empty())
    return "composer.json has to be there: without one composer makes its own, and takes out the rest";
  if (type == "golang" || type == "cargo") return "then build it again";
  if (type == "maven") return "in the build file, then build it again; a jar by itself is replaced";
  return {};
}

// gem puts a version beside the one that is there, and that is taken out: with it go its programs, where no other version has them.
// Of a Gemfile.lock, and of what Bundler took from git, there is no such home.
void add_gem_command(const std::vector<Package>& packages, Remediation::Action& action) {
  const auto is_at_home = [&](std::size_t i) {
    return packages[i].path.str().find("/specifications/") != std::string::npos;
  };
  for (const Remediation::Step& step : action.steps) {
    if (!std::ranges::all_of(step.packages, is_at_home)) return;
  }
  if (!is_safe(action.where)) return;
  std::set<std::string> fresh, old;
  for (const Remediation::Step& step : action.steps) {
    if (!is_safe(step.name) || !is_safe(step.to) || !is_safe(step.from)) continue;
    fresh.insert(step.name + ":" + step.to);
    old.insert(step.name + " -v " + step.from);
  }
  if (fresh.empty()) return;
  action.command =
      "export GEM_HOME=" + action.where + " && gem install " + join({fresh.begin(), fresh.end()}, " ");
  for (const std::string& one : old) action.command += " && gem uninstall -I -x " + one;
}

// The Python that packages in that folder are for: "/opt/venv/bin/python3.11 -m pip install " for /opt/venv/lib/python3.11/site-packages;
// Debian's looks below /usr/local, too. Empty: it is no folder of Python's. A system's pip refuses to change it (PEP 668) unless it is told to.
std::string pip_of(std::string_view where) {
  constexpr std::string_view kForSystem = "PIP_BREAK_SYSTEM_PACKAGES=1 ", kInstall = " -m pip install ";
  const std::size_t last = where.rfind('/'), name = where.rfind('/', last - 1),
                    lib = where.rfind('/', name - 1);
  if (last == 0 || name == std::string_view::npos || name == 0 || lib == std::string_view::npos) return {};
  const std::string_view prefix = where.substr(0, lib), python = where.substr(name, last - name);
  if (!where.substr(lib, name - lib).starts_with("/lib") || !is_safe(where)) return {};
  const bool of_debian = where.ends_with("/dist-packages");
  if (!of_debian && !where.ends_with("/site-packages")) return {};
  const bool of_system = of_debian || prefix == "/usr";
  return std::string(of_system ? kForSystem : "") + std::string(of_debian ? "/usr" : prefix) + "/bin" +
         std::string(python) + std::string(kInstall);
}

void add_pip_command(Remediation::Action& action) {
  std::vector<std::string> parts;
  for (const Remediation::Step& step : action.steps) {
    if (is_safe(step.name) && is_safe(step.to)) parts.push_back(step.name + "==" + step.to);
  }
  const std::string pip = pip_of(action.where);
  if (!pip.empty() && !parts.empty()) action.command = pip + join(parts, " ");
}

// Whether something lies in that very file, in which nothing can be run.
bool is_file(const std::vector<Package>& packages, const Remediation::Action& action) {
  return std::ranges::any_of(action.steps, [&](const Remediation::Step& step) {
    return std::ranges::any_of(step.packages,
                               [&](std::size_t i) { return action.where == "/" + packages[i].path.str(); });
  });
}

void add_tool_command(Remediation::Action& action) {
  const auto tool = std::ranges::find(kTools, action.type, &Tool::type);
  if (tool == std::end(kTools)) return;
  std::vector<std::string> parts;
  for (const Remediation::Step& step : action.steps) {
    if (!is_in_command(action, step)) continue;
    const std::string version = tool->between.empty() ? "" : version_for(action, step);
    parts.push_back((tool->each ? std::string(tool->front) : "") + step.name + std::string(tool->between) +
                    version);
  }
  if (!parts.empty())
    action.command = tool->each ? join(parts, " && ") : std::string(tool->front) + join(parts, " ");
}

}  // namespace

Means::Means(const std::vector<Package>& all) : packages(all), modules(all) {
  for (const Program& program : kPrograms) {
    const bool there = std::ranges::any_of(packages, [&](const Package& package) {
      return !package.declared &&
             (is_of_system(package) && root_of(package).empty()
                  ? std::ranges::find(program.packages, package.name) != program.packages.end()
                  : (package.type == program.type || package.by_content) && package.name == program.name);
    });
    if (!there) missing.emplace(program.type, program.name);
  }
  for (const Package& one : packages) {
    if (!is_bundled(one) && !root_of(one).empty()) roots.insert("/" + std::string(root_of(one)));
  }
}

std::string_view Means::root_around(std::string_view where) const {
  while (!where.empty() && !roots.contains(where)) where = where.substr(0, where.rfind('/'));
  return where;
}

bool is_safe(std::string_view text) {
  const auto safe = [](char c) {
    return is_alpha(c) || is_digit(c) || std::string_view("@/.+_-:").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.front() != '-' && std::ranges::all_of(text, safe);
}

void add_command(Means& means, Remediation::Action& action) {
  std::vector<std::string> words;
  const auto missing = means.missing.find(action.type);
  action.missing = missing == means.missing.end() ? std::string() : missing->second;
  if (action.type == "npm") {
    add_npm_command(means, action);
  } else if (action.type == "gem") {
    add_gem_command(means.packages, action);
  } else if (action.type == "pypi") {
    add_pip_command(action);
  } else if (action.type != "composer" || !is_file(means.packages, action)) {
    add_tool_command(action);
  }
  if (!action.words.empty()) words.push_back(std::move(action.words));
  for (const Remediation::Step& step : action.steps) {
    if (std::string text = words_for(action, step); !text.empty()) words.push_back(std::move(text));
  }
  if (std::string end = ending(action); !end.empty()) words.push_back(std::move(end));
  if (action.command.empty()) action.missing.clear();
  if (!action.missing.empty())
    words.push_back("the image has no " + action.missing +
                    ": run it where the image's files are made, and build the image again");
  if (action.command.empty() && words.empty()) words.emplace_back("in what it was installed from");
  sort_unique(words);
  action.words = join(words, "; ");
}

}  // namespace peekr
