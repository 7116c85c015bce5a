// SPDX-License-Identifier: Apache-2.0
// By what goes to another version that lies in a program, and is there again when that is built: modules of Go, crates.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "policy/plan.h"

namespace peekr {
namespace {

// Which versions cargo takes for one another (doc.rust-lang.org/cargo, "SemVer Compatibility"): "1" of "1.2.3", "0.2" of "0.2.3",
// "0.0.3" of "0.0.3".
std::string_view line_of(std::string_view version) {
  version = version.substr(0, version.find_first_of("-+"));
  std::size_t end = 0;
  do end = std::min(version.find('.', end + 1), version.size());
  while (end < version.size() && version.substr(0, end).find_first_not_of("0.") == std::string_view::npos);
  return version.substr(0, end);
}

// The Cargo.toml beside that Cargo.lock; of a program it is not known where it lies.
std::string cargo_toml(std::string_view where) {
  constexpr std::string_view kLock = "/Cargo.lock";
  const bool known = where.ends_with(kLock);
  return known ? std::string(where.substr(0, where.size() - kLock.size())) + "/Cargo.toml" : "its Cargo.toml";
}

// Whether the path names its major version itself: "example.com/a/v2", "gopkg.in/yaml.v2".
bool names_major(std::string_view module) {
  const std::size_t at = module.find_last_of("/.");
  std::string_view last = at == std::string_view::npos ? "" : module.substr(at + 1);
  if (!last.starts_with('v') || (module[at] == '.' && !module.starts_with("gopkg.in/"))) return false;
  last.remove_prefix(1);
  return !last.empty() && std::ranges::all_of(last, is_digit);
}

// As go.mod has to have it: "v1.2.3", and from 2 on "+incompatible" where the path does not say so (go.dev/ref/mod).
std::string go_version(const Remediation::Step& step) {
  const std::string version = step.to.starts_with('v') ? step.to : "v" + step.to;
  const auto major = to_number(cut(std::string_view(version).substr(1), '.').first).value_or(0);
  const bool needs_mark = major >= 2 && !names_major(step.name) && version.find('+') == std::string::npos;
  return needs_mark ? version + "+incompatible" : version;
}

void add_words(const std::string& words, Remediation::Action& action) {
  action.words.append(action.words.empty() ? "" : "; ").append(words);
}

}  // namespace

// "cargo update -p a@1.0.0 --precise 1.0.1 && ...": of a name several versions may be there. To another line of versions it goes by
// Cargo.toml alone, and so does what that asks for in one version alone, which the lock file does not tell.
void add_cargo_command(Remediation::Action& action) {
  std::vector<std::string> parts, others, lines;
  for (const Remediation::Step& step : action.steps) {
    if (!may_stand_in_command(step) || !is_safe(step.from)) continue;
    if (line_of(step.from) == line_of(step.to)) {
      parts.push_back("cargo update -p " + step.name + "@" + step.from + " --precise " + step.to);
      lines.push_back(step.name + " = \"=" + step.from + "\"");
    } else {
      others.push_back(step.name + " " + step.from + " -> " + step.to);
    }
  }
  action.command = join(parts, " && ");
  if (!others.empty())
    add_words(
        "not by cargo update, which stays in a line of versions: Cargo.toml, or that of what needs them, "
        "has to ask for " +
            join(others, ", "),
        action);
  if (!lines.empty())
    add_words("where cargo refuses, " + cargo_toml(action.where) +
                  ", or that of a crate which needs it, asks for "
                  "that version alone (" +
                  lines.front() + "): that line has to allow the other one first",
              action);
  add_words("then build it again", action);
}

// go get takes no version that another one of them is beyond ("requires golang.org/x/text@v0.7.0, not v0.3.8"), and one by one it would
// take others down: what go.mod has is the least, and go takes the highest that anybody asks for.
void add_go_command(Remediation::Action& action) {
  std::string wanted;
  for (const Remediation::Step& step : action.steps) {
    if (step.name == "stdlib") {
      add_words("build it with Go " + step.to + " or later", action);
    } else if (may_stand_in_command(step)) {
      wanted += " -require=" + step.name + "@" + go_version(step);
    }
  }
  if (!wanted.empty()) {
    action.command = "go mod edit" + wanted + " && go mod tidy";
    add_words("what go.mod replaces stays as it is; where there is a vendor folder: go mod vendor", action);
  }
  if (!wanted.empty() || action.words.empty()) add_words("then build it again", action);
}

}  // namespace peekr
