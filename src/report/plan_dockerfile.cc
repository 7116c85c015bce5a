// SPDX-License-Identifier: Apache-2.0
// RUN lines for a Dockerfile (docs.docker.com/reference/dockerfile): the system's packages right behind the FROM of the last stage, as
// root; a project's behind the last line that adds files or runs something, where its folder is there.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "report/plan.h"

namespace peekr {
namespace {

constexpr std::size_t kContext = 3;

// One instruction, from its first line to behind its last.
struct Instruction {
  std::string word;  // in lower case
  std::size_t first = 0, end = 0;
};

bool goes_on(std::string_view line) { return trim(line).ends_with('\\'); }

// "<<EOF", "<<-'EOF'": the words that end here-documents of the line.
std::vector<std::string> here_documents(std::string_view line) {
  std::vector<std::string> ends;
  for (std::size_t at = line.find("<<"); at != std::string_view::npos; at = line.find("<<", at + 2)) {
    std::string_view rest = line.substr(at + 2);
    if (rest.starts_with('-')) rest.remove_prefix(1);
    if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
    const auto end =
        std::ranges::find_if(rest, [](char c) { return !is_alpha(c) && !is_digit(c) && c != '_'; });
    if (end != rest.begin()) ends.emplace_back(rest.begin(), end);
  }
  return ends;
}

std::vector<Instruction> instructions(const std::vector<std::string_view>& lines) {
  std::vector<Instruction> all;
  for (std::size_t at = 0; at < lines.size();) {
    const std::string_view text = trim(lines[at]);
    if (text.empty() || text.starts_with('#')) {
      ++at;
      continue;
    }
    Instruction one{.word = lower(text.substr(0, text.find_first_of(" \t"))), .first = at};
    std::vector<std::string> open = here_documents(text);
    // A comment in between is none of the instruction, and ends it no more than an empty line does.
    while (at + 1 < lines.size() &&
           (goes_on(lines[at]) || (at > one.first && trim(lines[at]).starts_with('#'))))
      ++at;
    ++at;
    for (const std::string& end : open) {
      while (at < lines.size() && trim(lines[at]) != end) ++at;
      if (at < lines.size()) ++at;
    }
    one.end = at;
    all.push_back(std::move(one));
  }
  return all;
}

struct Insertion {
  std::size_t at = 0;  // before this line
  std::vector<std::string> lines;
};

std::string hunk(const std::vector<std::string_view>& lines, const Insertion& one, std::size_t shift,
                 bool ended) {
  const std::size_t from = one.at > kContext ? one.at - kContext : 0;
  const std::size_t to = std::min(lines.size(), one.at + kContext);
  std::string out = fmt::format("@@ -{},{} +{},{} @@\n", from + 1, to - from, from + 1 + shift,
                                to - from + one.lines.size());
  const auto add = [&](char sign, std::string_view line, bool last) {
    out += fmt::format("{}{}\n", sign, line);
    if (last && !ended) out += "\\ No newline at end of file\n";
  };
  for (std::size_t i = from; i < one.at; ++i) {
    // Lines behind a last one that has no end give it one.
    const bool gets_end = i + 1 == lines.size() && !ended;
    add(gets_end ? '-' : ' ', lines[i], gets_end);
    if (gets_end) add('+', lines[i], false);
  }
  for (const std::string& line : one.lines) add('+', line, false);
  for (std::size_t i = one.at; i < to; ++i) add(' ', lines[i], i + 1 == lines.size());
  return out;
}

bool is_safe_folder(std::string_view path) {
  return std::ranges::all_of(path, [](char c) {
    return is_alpha(c) || is_digit(c) || std::string_view("/._-@").find(c) != std::string_view::npos;
  });
}

// What a RUN line can do: not what is built elsewhere, nor single archives.
bool is_for_run(const Remediation::Action& action) {
  constexpr std::string_view kTypes[] = {"npm", "pypi", "gem", "composer"};
  return !action.command.empty() &&
         (action.where.empty() ||
          (std::ranges::find(kTypes, action.type) != std::end(kTypes) && is_safe_folder(action.where)));
}

std::string run_line(const Remediation::Action& action) {
  if (action.where.empty() || action.type == "pypi" || action.type == "gem") return "RUN " + action.command;
  return "RUN cd " + action.where + " && " + action.command;
}

}  // namespace

Result<DockerfilePatch> dockerfile_patch(const Remediation& plan, const std::string& name,
                                         std::string_view dockerfile) {
  std::vector<std::string_view> lines = split(dockerfile, '\n');
  const bool ended = lines.back().empty();
  if (ended) lines.pop_back();
  const std::vector<Instruction> all = instructions(lines);
  auto from = all.end();
  for (auto one = all.begin(); one != all.end(); ++one) {
    if (one->word == "from") from = one;
  }
  if (from == all.end()) return fail(Errc::usage, printable(name) + ": no FROM in it");
  Insertion system{.at = from->end, .lines = {}}, projects{.at = from->end, .lines = {}};
  for (auto one = from; one != all.end(); ++one) {
    if (one->word == "run" || one->word == "copy" || one->word == "add") projects.at = one->end;
  }
  DockerfilePatch patch;
  for (const Remediation::Action& action : plan.actions) {
    if (!is_for_run(action)) {
      patch.outside.push_back(action.type + (action.where.empty() ? "" : " " + action.where) + ": " +
                              (action.command.empty() ? action.words : action.command));
    } else {
      (action.where.empty() ? system : projects).lines.push_back(run_line(action));
    }
  }
  const std::string shown = name.substr(name.rfind('/') + 1);
  if (system.at + kContext >= projects.at && !system.lines.empty() && !projects.lines.empty()) {
    // Too near for two hunks: all of it goes to the later place.
    projects.lines.insert(projects.lines.begin(), system.lines.begin(), system.lines.end());
    system.lines.clear();
  }
  std::string hunks;
  if (!system.lines.empty()) hunks += hunk(lines, system, 0, ended);
  if (!projects.lines.empty()) hunks += hunk(lines, projects, system.lines.size(), ended);
  if (!hunks.empty()) patch.diff = fmt::format("--- a/{}\n+++ b/{}\n", shown, shown) + hunks;
  return patch;
}

}  // namespace peekr
