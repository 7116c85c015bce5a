// SPDX-License-Identifier: Apache-2.0
// A patch of a Dockerfile (docs.docker.com/reference/dockerfile): the FROM of the base image, and RUN lines: the system's packages right
// behind the FROM of the image's stage; a project's behind the last line that adds files or runs something, where its folder is there. By root.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "report/dockerfile.h"
#include "report/dockerfile_diff.h"
#include "report/plan.h"

namespace peekr {
namespace {

bool is_safe_folder(std::string_view path) {
  return std::ranges::all_of(path, [](char c) {
    return is_alpha(c) || is_digit(c) || std::string_view("/._-@:").find(c) != std::string_view::npos;
  });
}

// What a RUN line can do: not what is built elsewhere, nor single archives, nor lock files, of which nothing is installed.
bool is_for_run(const Remediation::Action& action) {
  constexpr std::string_view kTypes[] = {"npm", "pypi", "gem", "composer"};
  const std::string_view where = action.where;
  if (where.ends_with(".lock") || where.ends_with(".locked")) return false;
  return !action.command.empty() && action.missing.empty() &&
         (action.where.empty() ||
          (std::ranges::find(kTypes, action.type) != std::end(kTypes) && is_safe_folder(action.where)));
}

std::string run_line(const Remediation::Action& action) {
  if (action.where.empty() || action.type == "pypi" || action.type == "gem") return "RUN " + action.command;
  return "RUN cd " + action.where + " && " + action.command;
}

// "debian:12" of "docker.io/library/debian:12", "debian:latest" of "debian".
std::string full_name(std::string_view image) {
  image = image.substr(0, image.find('@'));
  for (const std::string_view front : {"docker.io/library/", "docker.io/"}) {
    if (!image.starts_with(front)) continue;
    image.remove_prefix(front.size());
    break;
  }
  const std::size_t colon = image.rfind(':');
  const bool tagged = colon != std::string_view::npos && image.find('/', colon) == std::string_view::npos;
  return std::string(image) + (tagged ? "" : ":latest");
}

// Nothing: the FROM is of another image, has a digest or a variable, which may be anything, or goes over several lines.
std::optional<Edit> new_base(const Dockerfile& file, const Instruction& from,
                             const Remediation::Action& action) {
  constexpr std::string_view kFrom = "FROM ";
  const std::string line(file.lines[from.first]);
  const auto [image, stage, at] = from_of(line);
  if (!action.command.starts_with(kFrom) || from.end != from.first + 1) return std::nullopt;
  if (image.find_first_of("@$") != std::string_view::npos) return std::nullopt;
  if (full_name(image) != full_name(action.where)) return std::nullopt;
  std::string changed = line;
  changed.replace(at, image.size(), action.command.substr(kFrom.size()));
  return Edit{.at = from.first, .removes = 1, .lines = {std::move(changed)}};
}

// "COPY --from=build / /" in a stage: the FROM of "build"; null: it begins with no other one.
const Instruction* copied_whole(const Dockerfile& file, const Instruction* from) {
  constexpr std::string_view kOption = " --from=";
  const Instruction* const end = end_of_stage(file, from);
  for (const Instruction* one = from + 1; one != end; ++one) {
    const std::vector<std::string_view> names = arguments_of(one->text);
    if (one->word != "copy" || names.size() != 2 || (names[0] != "/" && names[0] != "/.") || names[1] != "/")
      continue;
    const std::size_t at = one->text.find(kOption);
    if (at == std::string::npos) continue;
    const std::string_view rest = std::string_view(one->text).substr(at + kOption.size());
    return stage_named(file, rest.substr(0, rest.find_first_of(" \t")), from);
  }
  return nullptr;
}

// The first RUN of a stage that is for its shell; null: none is.
const Instruction* first_run(const Dockerfile& file, const Instruction* from) {
  const Instruction* const end = end_of_stage(file, from);
  const Instruction* const found = std::find_if(from + 1, end, [](const Instruction& one) {
    const std::vector<std::string_view> words = arguments_of(one.text);
    return one.word == "run" && !words.empty() && !words.front().starts_with('[');
  });
  return found == end ? nullptr : found;
}

// What the last such instruction of a stage in front of `until` says, or of those that it is built on; empty: there is none.
std::string said_before(const Dockerfile& file, std::string_view word, const Instruction* stage,
                        const Instruction* until) {
  for (;; until = end_of_stage(file, stage)) {
    std::string said;
    for (const Instruction* one = stage + 1; one != until; ++one) {
      if (one->word == word) said = trim(std::string_view(one->text).substr(word.size()));
    }
    stage = stage_named(file, from_of(stage->text).image, stage);
    if (!said.empty() || stage == nullptr) return said;
  }
}

// Where packages are upgraded.
struct Place {
  const Instruction* stage = nullptr;  // null: nowhere, since nothing says that there is a shell
  std::size_t at = 0;
  std::string user = {};   // who runs things there; empty: root
  std::string shell = {};  // and by what: as SHELL has it; empty: /bin/sh
};

// In that stage, in front of `until`.
Place place_at(const Dockerfile& file, const Instruction* stage, std::size_t at, const Instruction* until) {
  return {.stage = stage,
          .at = at,
          .user = said_before(file, "user", stage, until),
          .shell = said_before(file, "shell", stage, until)};
}

// Behind the FROM of that stage. What begins with nothing ("scratch") is upgraded in the stage that it is a copy of, or where it has
// a shell.
Place place_of_system(const Dockerfile& file, const Instruction* stage) {
  for (;;) {
    const Instruction* base = base_line(file, stage);
    const bool empty = from_of(base->text).image == "scratch";
    const Instruction* run = first_run(file, base);
    if (!empty || (run != nullptr && base != stage)) return place_at(file, stage, stage->end, stage + 1);
    const Instruction* whole = copied_whole(file, base);
    if (whole == nullptr && run == nullptr) return {};
    if (whole == nullptr) return place_at(file, stage, run->first, run);
    stage = whole;
  }
}

// Behind the last line of that stage that adds files or runs something.
Place place_of_projects(const Dockerfile& file, const Instruction* from) {
  const Instruction* last = from;
  for (const Instruction* one = from; one != end_of_stage(file, from); ++one) {
    if (one->word == "run" || one->word == "copy" || one->word == "add") last = one;
  }
  return place_at(file, from, last->end, last + 1);
}

struct Places {
  const Report& report;
  Place system, projects;

  // dnf and its kin fail where nothing of what they are told is installed: so what not the base image alone has brought goes up where all
  // is. What is not of the report is of another base image.
  [[nodiscard]] const Place& of(const Remediation::Action& action) const {
    const std::vector<Package>& packages = report.inventory.packages;
    const auto is_there = [&](std::size_t i) {
      return i >= packages.size() || is_of_known_base(report.image, packages[i].layer);
    };
    const bool early = action.where.empty() && !is_removal(action) &&
                       (action.type != "rpm" || std::ranges::all_of(action.steps, [&](const auto& step) {
                          return std::ranges::all_of(step.packages, is_there);
                        }));
    return early ? system : projects;
  }
};

// As that of the base image is the image's own, where no USER is in between.
bool is_of_base(const Dockerfile& file, const Instruction& from) {
  return said_before(file, "user", &from, end_of_stage(file, &from)).empty() &&
         from_of(base_line(file, &from)->text).image != "scratch";
}

bool is_root(std::string_view user) {
  user = user.substr(0, user.find(':'));
  return user.empty() || user == "root" || user == "0";
}

// Whether it reads a line as /bin/sh does: ["/bin/bash", "-o", "pipefail", "-c"], ["conda", "run", "bash", "-c"].
bool is_usual_shell(std::string_view shell) {
  constexpr std::string_view kShells[] = {"ash", "bash", "dash", "ksh", "sh", "zsh"};
  const std::vector<std::string_view> parts = split(shell, '"');
  return shell.empty() || std::ranges::any_of(parts, [&](std::string_view one) {
           return std::ranges::find(kShells, one.substr(one.rfind('/') + 1)) != std::end(kShells);
         });
}

// To remove packages is root's, and behind a USER nobody knows who is left; that of a stage below the last one holds in it, too.
bool has_user(const Dockerfile& file, const Place& place) {
  return !is_root(place.user) ||
         std::ranges::any_of(file.all, [](const Instruction& one) { return one.word == "user"; });
}

// Why it cannot be done in the Dockerfile, though in an image; empty: it can.
std::string obstacle(const Dockerfile& file, const Places& places, const Remediation::Action& action) {
  if (places.system.stage == nullptr) return "nothing says that there is a shell on FROM scratch: ";
  if (is_removal(action) && has_user(file, places.system)) return "there is a USER: ";
  const Place& place = places.of(action);
  if (!is_usual_shell(place.shell)) return "its SHELL there reads no such line: ";
  return is_safe_folder(place.user) ? "" : "who runs things there has no plain name: ";
}

std::string outside(const Remediation::Action& action, const std::string& why) {
  return action.type + (action.where.empty() ? "" : " " + action.where) + ": " +
         (action.missing.empty() ? why : "the image has no " + action.missing + ": ") +
         (action.command.empty() ? action.words : action.command);
}

// These lines, by root.
Edit edit_at(const Place& place, std::vector<std::string> lines) {
  if (!lines.empty() && !is_root(place.user)) {
    lines.insert(lines.begin(), "USER root");
    lines.push_back("USER " + place.user);
  }
  return {.at = place.at, .lines = std::move(lines)};
}

// What it does, in the order of the lines, and what cannot be done in it.
std::vector<Edit> edits_of(const Dockerfile& file, const Places& places, const Remediation& plan,
                           DockerfilePatch& patch) {
  std::vector<std::string> system, projects;
  std::vector<Edit> edits;
  for (const Remediation::Action& action : plan.actions) {
    std::optional<Edit> base;
    if (action.type == kBaseImage && places.system.stage != nullptr)
      base = new_base(file, *base_line(file, places.system.stage), action);
    const std::string why = is_for_run(action) ? obstacle(file, places, action) : "";
    if (base) {
      edits.push_back(*std::move(base));
    } else if (is_for_run(action) && why.empty()) {
      (&places.of(action) == &places.system ? system : projects).push_back(run_line(action));
    } else {
      patch.keeps_base |= action.type == kBaseImage;
      patch.outside.push_back(outside(action, why));
    }
  }
  for (Edit one :
       {edit_at(places.system, std::move(system)), edit_at(places.projects, std::move(projects))}) {
    for (std::string& line : one.lines) line += file.line_end;
    if (!one.lines.empty()) edits.push_back(std::move(one));
  }
  std::ranges::stable_sort(edits, {}, &Edit::at);
  return edits;
}

// The FROM of the stage that the image is; which of several that is goes into `patch` where nobody has said it.
Result<const Instruction*> stage_of(const Dockerfile& file, const PatchedFile& of, DockerfilePatch& patch) {
  const Instruction* const last = last_from(file);
  if (last == nullptr) return fail(Errc::usage, printable(of.name) + ": no FROM in it");
  if (of.target.empty()) {
    const std::string line = fmt::format("line {}", last->first + 1);
    const std::string name(from_of(last->text).stage);
    const bool one = std::ranges::count(file.all, "from", &Instruction::word) == 1;
    if (!one) patch.stage = name.empty() ? line : name + " (" + line + ")";
    return last;
  }
  const Instruction* const found = stage_named(file, of.target, file.all.data() + file.all.size());
  if (found == nullptr) return fail(Errc::usage, printable(of.name) + ": no stage " + printable(of.target));
  return found;
}

}  // namespace

Result<DockerfilePatch> dockerfile_patch(const Report& report, const Remediation& plan,
                                         const PatchedFile& of) {
  const Dockerfile file = read_dockerfile(of.text);
  DockerfilePatch patch;
  const Instruction* const from = TRY(stage_of(file, of, patch));
  Places places{
      .report = report, .system = place_of_system(file, from), .projects = place_of_projects(file, from)};
  if (is_of_base(file, *from)) places.system.user = places.projects.user = report.image.entry.user;
  const std::vector<Edit> edits = edits_of(file, places, plan, patch);
  const Instruction& last = file.all.back();
  if (last.open && std::ranges::any_of(edits, [&](const Edit& one) { return one.at >= last.end; }))
    return fail(Errc::usage,
                printable(of.name) + ": its last instruction has no end: what is added would be of it");
  patch.diff = unified_diff(file, of.name, edits);
  return patch;
}

}  // namespace peekr
