// SPDX-License-Identifier: Apache-2.0
// What a lock file or a list of requirements names goes up in that file, by the tool that writes it: Poetry ("poetry update"), uv ("uv lock
// --upgrade-package"), Pipenv ("pipenv upgrade"), Bundler ("bundle update").
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "policy/plan.h"

namespace peekr {
namespace {

struct Tool {
  std::string_view file, front, each, words;
  bool by_name = false;  // to the newest that is allowed
};
constexpr Tool kTools[] = {
    {"poetry.lock", "poetry update --lock", " ",
     "poetry goes no further than pyproject.toml allows, and what else it asks for: where one stays below "
     "its "
     "fix, ask for that there first",
     true},
    {"uv.lock", "uv lock", " --upgrade-package ",
     "where uv finds no solution, pyproject.toml, or what else it asks for, has to allow it first"},
    {"Pipfile.lock", "pipenv upgrade", " ", "pipenv writes them into the Pipfile, too"},
    {"Gemfile.lock", "bundle update --conservative", " ",
     "it goes no further than the Gemfile allows: where one stays below its fix, change it there first",
     true},
    {"gems.locked", "bundle update --conservative", " ",
     "it goes no further than gems.rb allows: where one stays below its fix, change it there first", true},
};

}  // namespace

void add_lock_command(Remediation::Action& action) {
  const std::string_view where = action.where;
  const std::string_view file = where.substr(where.rfind('/') + 1);
  const bool python = action.type == "pypi", listed = python && file.ends_with(".txt");
  std::set<std::string> names, wanted, fixed;
  for (const auto& [name, to] : highest_versions(action)) {
    names.insert(name);
    wanted.insert(pip_wants(name, to));
    fixed.insert(name + (listed ? "==" : ">=") + to);
  }
  if (names.empty()) return;
  for (const Tool& tool : kTools) {
    if (tool.file != file) continue;
    action.command = tool.front;
    for (const std::string& one : tool.by_name ? names : wanted) action.command.append(tool.each).append(one);
    action.words = tool.words;
    return;
  }
  if (!python) return;
  action.words = "ask for " + join({fixed.begin(), fixed.end()}, ", ") + " in " +
                 (listed ? action.where : "what it was installed from");
}

}  // namespace peekr
