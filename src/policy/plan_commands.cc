// SPDX-License-Identifier: Apache-2.0
// By what a package of a language goes to another version. Names and versions that a shell could read something into stand in no
// command.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/root.h"
#include "policy/plan.h"
#include "version/scheme.h"

namespace peekr {
namespace {

// One command for all packages: "npm install a@1 b@2"; or one for each: "dotnet add package a --version 1 && ...".
struct Tool {
  std::string_view type, front, between, behind;
  bool each = false;
};
constexpr Tool kTools[] = {
    {"composer", "composer require -W ", ":", ""},
    {"nuget", "dotnet add package ", " --version ", "", true},
    {"pub", "dart pub upgrade ", "", "", true},
};

// What the command of a language is in: a package of the language itself, or one of the system. Of others it is not asked.
struct Program {
  std::string_view type, name;
  std::array<std::string_view, 2> packages;  // of the system
};
constexpr Program kPrograms[] = {{"composer", "composer", {"composer", "php-composer"}},
                                 {"npm", "npm", {"npm", "nodejs-npm"}}};

// What a Gemfile.lock names and is not there, nothing starts without.
std::string by_bundler(const Remediation::Action& action) {
  std::set<std::string> names;
  for (const Remediation::Step& step : action.steps) {
    if (may_stand_in_command(step)) names.insert(step.name);
  }
  if (names.empty()) return {};
  const std::string command = "in the folder of the Gemfile bundle update --conservative " +
                              join({names.begin(), names.end()}, " ") + " && bundle clean --force";
  if (action.command.empty()) return command;
  return "where a Gemfile.lock, or a gem, asks for the old version: " + command + " instead";
}

std::string ending(const Remediation::Action& action) {
  const std::string_view type = action.type;
  if (type == "gem" && action.words.empty()) return by_bundler(action);
  if (type == "composer" && !action.command.empty())
    return "composer.json has to be there: without one composer makes its own, and takes out the rest; "
           "what is for development alone is to be named in a command of its own, with --dev";
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
    if (!may_stand_in_command(step) || !is_safe(step.from)) continue;
    fresh.insert(step.name + ":" + step.to);
    old.insert(step.name + " -v " + step.from);
  }
  if (fresh.empty()) return;
  action.command =
      "export GEM_HOME=" + action.where + " && gem install " + join({fresh.begin(), fresh.end()}, " ");
  for (const std::string& one : old) action.command += " && gem uninstall -I -x " + one;
}

// Whose packages a folder has: "/opt/venv" and "python3.11" of "/opt/venv/lib/python3.11/site-packages"; dist-packages are those of
// Debian's, which looks below /usr/local, too.
struct Python {
  std::string prefix, name;
  [[nodiscard]] std::string program() const { return prefix + "/bin/" + name; }
};

bool is_python(std::string_view name) {
  for (const std::string_view front : {"python", "pypy"}) {
    if (!name.starts_with(front)) continue;
    name.remove_prefix(front.size());
    return !name.empty() && std::ranges::all_of(name, [](char c) { return is_digit(c) || c == '.'; });
  }
  return false;
}

// Nothing: it is no such folder.
std::optional<Python> python_of(std::string_view where) {
  const bool of_debian = where.ends_with("/dist-packages");
  if (!is_safe(where) || (!of_debian && !where.ends_with("/site-packages"))) return std::nullopt;
  const std::string_view folder = where.substr(0, where.rfind('/'));
  const std::size_t slash = folder.rfind('/');
  if (slash == std::string_view::npos || !is_python(folder.substr(slash + 1))) return std::nullopt;
  std::string_view prefix = folder.substr(0, slash);
  for (const std::string_view lib : {"/lib", "/lib64"}) {
    if (!prefix.ends_with(lib)) continue;
    prefix.remove_suffix(lib.size());
    return Python{std::string(of_debian ? "/usr" : prefix), std::string(folder.substr(slash + 1))};
  }
  return std::nullopt;
}

// Those that have pip. A folder has it only where a Python is; but for that of "pip install --user", which another one looks into.
std::set<std::string, std::less<>> pythons_with_pip(const std::vector<Package>& packages) {
  constexpr std::string_view kEnd = "-packages/", kDefault = "/usr/bin/python3";
  std::set<std::string, std::less<>> all;
  for (const Package& one : packages) {
    const std::string_view path = one.path.str();
    const std::size_t at = path.find(kEnd);
    if (one.type != "pypi" || one.name != "pip" || one.declared || at == std::string_view::npos) continue;
    if (!path.substr(at + kEnd.size()).starts_with("pip-") || path.ends_with(".whl")) continue;
    const std::optional<Python> python = python_of("/" + std::string(path.substr(0, at + kEnd.size() - 1)));
    if (python && !python->prefix.ends_with("/.local")) all.insert(python->program());
  }
  if (!all.contains(kDefault)) return all;
  for (const Package& one : packages) {  // Debian's pip is for each of its Pythons
    std::string_view name = one.name;
    if (name.ends_with("-minimal")) name.remove_suffix(std::string_view("-minimal").size());
    if (one.type == "deb" && name.starts_with("python3.") && is_python(name) && root_of(one).empty())
      all.insert("/usr/bin/" + std::string(name));
  }
  return all;
}

// "/opt/venv/bin/python3.11 -m pip install "; empty: it is not certain whose pip would do it. A system's own refuses to change anything
// (PEP 668) unless it is told to.
std::string pip_of(const Means& means, std::string_view where) {
  constexpr std::string_view kForSystem = "PIP_BREAK_SYSTEM_PACKAGES=1 ", kUsers = "/.local";
  const std::optional<Python> python = python_of(where);
  if (!python) return {};
  std::string_view home = python->prefix;
  const bool of_user = home.ends_with(kUsers);
  std::vector<std::string> programs = {python->program()};
  if (of_user) {
    home.remove_suffix(kUsers.size());
    programs = {"/usr/bin/" + python->name, "/usr/local/bin/" + python->name};
  }
  std::erase_if(programs, [&](const std::string& one) { return !means.pythons.contains(one); });
  if (programs.size() != 1) return {};
  const std::string front = of_user ? "HOME=" + std::string(home.empty() ? "/" : home) + " " : "";
  return front + std::string(programs[0].starts_with("/usr/bin/") ? kForSystem : "") + programs[0] +
         " -m pip install " + (of_user ? "--user " : "");
}

constexpr std::string_view kPipTakes =
    "pip takes the newest within these bounds, and what else is there did not choose them: run pip check, "
    "and "
    "test it; where pip refuses it changes nothing: name what its message says needs an old version, too, or "
    "leave out the upper bound";

void add_pip_command(const Means& means, Remediation::Action& action) {
  std::vector<std::string> parts;
  for (const auto& [name, to] : highest_versions(action)) parts.push_back(pip_wants(name, to));
  const std::string pip = pip_of(means, action.where);
  if (!action.where.ends_with("-packages")) return add_lock_command(action);
  if (!pip.empty() && !parts.empty()) {
    action.command = pip + join(parts, " ");
    action.words = kPipTakes;
  }
  if (pip.empty())
    action.words =
        "no Python of the image is known to have pip for that folder: upgrade them by what put them there "
        "(uv, "
        "pip install --target), where the image's files are made, and build the image again";
}

// Whether something lies in that very file, in which nothing can be run.
bool is_file(const std::vector<Package>& packages, const Remediation::Action& action) {
  return std::ranges::any_of(action.steps, [&](const Remediation::Step& step) {
    return std::ranges::any_of(step.packages,
                               [&](std::size_t i) { return action.where == "/" + packages[i].path.str(); });
  });
}

// Whether the command is for a lock file, which is nobody's installation.
bool is_by_lock(const std::vector<Package>& packages, const Remediation::Action& action) {
  return (action.type == "pypi" || action.type == "gem") && !action.command.empty() &&
         is_file(packages, action);
}

void add_tool_command(Remediation::Action& action) {
  const auto tool = std::ranges::find(kTools, action.type, &Tool::type);
  if (tool == std::end(kTools)) return;
  std::vector<std::string> parts;
  for (const Remediation::Step& step : action.steps) {
    if (!may_stand_in_command(step)) continue;
    const std::string version = tool->between.empty() ? "" : step.to;
    parts.push_back((tool->each ? std::string(tool->front) : "") + step.name + std::string(tool->between) +
                    version);
  }
  if (!parts.empty())
    action.command = tool->each ? join(parts, " && ") : std::string(tool->front) + join(parts, " ");
}

}  // namespace

Means::Means(const std::vector<Package>& all, std::string_view kind)
    : packages(all),
      modules(all),
      vendored(all),
      pythons(pythons_with_pip(all)),
      of_image(kind != "dir" && kind != "purl") {
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

std::string pip_wants(const std::string& name, const std::string& to) {
  const std::size_t end = to.find_first_not_of("0123456789");
  const std::optional<std::uint64_t> major = to_number(std::string_view(to).substr(0, end));
  if (!major || to.find('+') != std::string::npos) return name + "==" + to;
  return fmt::format("'{}>={},<{}'", name, to, *major + 1);
}

std::map<std::string, std::string> highest_versions(const Remediation::Action& action) {
  std::map<std::string, std::string> versions;
  for (const Remediation::Step& step : action.steps) {
    if (!may_stand_in_command(step)) continue;
    std::string& to = versions[step.name];
    if (to.empty() || find_scheme("pep440")->compare(to, step.to) == std::strong_ordering::less) to = step.to;
  }
  return versions;
}

bool may_stand_in_command(const Remediation::Step& step) { return is_safe(step.name) && is_safe(step.to); }

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
    is_file(means.packages, action) ? add_lock_command(action) : add_gem_command(means.packages, action);
  } else if (action.type == "pypi") {
    add_pip_command(means, action);
  } else if (action.type == "cargo") {
    add_cargo_command(action);
  } else if (action.type == "golang") {
    add_go_command(action);
  } else if (action.type != "composer" || !is_file(means.packages, action)) {
    add_tool_command(action);
  }
  std::string end = ending(action);
  if (!action.words.empty()) words.push_back(std::move(action.words));
  if (!end.empty()) words.push_back(std::move(end));
  if (action.command.empty()) action.missing.clear();
  if (means.of_image && (!action.missing.empty() || is_by_lock(means.packages, action)))
    words.push_back((action.missing.empty() ? "" : "the image has no " + action.missing + ": ") +
                    "run it where the image's files are made, and build the image again");
  if (action.command.empty() && words.empty()) words.emplace_back("in what it was installed from");
  sort_unique(words);
  action.words = join(words, "; ");
}

}  // namespace peekr
