// SPDX-License-Identifier: Apache-2.0
#include "policy/spare.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::string_view kUsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// What runs other programs, by whatever its arguments or a script say.
constexpr std::array<std::string_view, 15> kRunners = {"sh",   "bash",      "dash",      "zsh",  "ksh",
                                                       "ash",  "busybox",   "env",       "tini", "dumb-init",
                                                       "gosu", "catatonit", "s6-svscan", "su",   "sudo"};

// The folders in front of /usr may be links to those in it: dpkg lists what a package says.
std::string_view without_usr(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.starts_with("usr/")) path.remove_prefix(4);
  return path;
}

bool is_program(std::string_view file) {
  const std::string_view path = without_usr(file);
  return path.starts_with("bin/") || path.starts_with("sbin/");
}

bool is_library(std::string_view file) {
  const std::size_t at = file.rfind(".so");
  return at != std::string_view::npos && file.find('/', at) == std::string_view::npos &&
         (at + 3 == file.size() || file[at + 3] == '.');
}

bool is_deb(const Package& package) { return package.type == "deb" && is_of_system(package); }

// By the name of a program the packages that have it.
class Programs {
 public:
  explicit Programs(const std::vector<Package>& packages) {
    for (std::size_t i = 0; i < packages.size(); ++i) {
      if (!is_deb(packages[i])) continue;
      for (const std::string& file : packages[i].files) {
        if (is_program(file)) by_path_[std::string(without_usr(file))].push_back(i);
      }
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& at(std::string_view path) const {
    const auto found = by_path_.find(without_usr(path));
    return found == by_path_.end() ? none_ : found->second;
  }
  // Of a word of a command, wherever PATH has it.
  [[nodiscard]] std::optional<std::size_t> of(std::string_view word, std::string_view path) const {
    if (word.starts_with('/')) return at(word).empty() ? std::nullopt : std::optional(at(word)[0]);
    if (word.empty() || word.find('/') != std::string_view::npos) return std::nullopt;
    for (const std::string_view folder : split(path.empty() ? kUsualPath : path, ':')) {
      const std::vector<std::size_t>& found = at(std::string(folder) + "/" + std::string(word));
      if (!found.empty()) return found[0];
    }
    return std::nullopt;
  }

 private:
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_path_;
  std::vector<std::size_t> none_;
};

// Every word of it, those within a shell's command, too: what is named there is used.
std::vector<std::string> words_of(const EntryPoint& entry) {
  std::vector<std::string> words;
  for (const std::vector<std::string>* all : {&entry.command, &entry.check}) {
    for (const std::string& text : *all) {
      std::string word;
      for (const char c : text + " ") {
        const bool part =
            is_alpha(c) || is_digit(c) || std::string_view("/._+-").find(c) != std::string_view::npos;
        if (part) {
          word += c;
        } else if (!word.empty()) {
          words.push_back(std::exchange(word, {}));
        }
      }
    }
  }
  return words;
}

// By name, also by what they provide.
std::map<std::string, std::vector<std::size_t>, std::less<>> by_name(const std::vector<Package>& packages) {
  std::map<std::string, std::vector<std::size_t>, std::less<>> all;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (!is_deb(packages[i])) continue;
    all[packages[i].name].push_back(i);
    for (const std::string& name : packages[i].provides) all[name].push_back(i);
  }
  return all;
}

// Whose modules are used by what imports them, which no package says. What is linked into a program is none.
std::set<std::size_t> with_modules(const std::vector<Package>& packages) {
  constexpr std::array<std::string_view, 4> kWithin = {"cargo", "cpan", "generic", "golang"};
  std::set<std::size_t> all;
  for (const Package& package : packages) {
    const bool within = std::ranges::find(kWithin, package.type) != kWithin.end();
    if (package.owner && !within) all.insert(*package.owner);
  }
  return all;
}

std::set<std::size_t> tools(const std::vector<Package>& packages) {
  const std::set<std::size_t> modules = with_modules(packages);
  std::set<std::size_t> all;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const Package& package = packages[i];
    const bool manager = package.name == "apt" || package.name == "dpkg";
    if (is_deb(package) && !package.essential && !package.remnant && !manager && !modules.contains(i) &&
        std::ranges::any_of(package.files, is_program) && std::ranges::none_of(package.files, is_library))
      all.insert(i);
  }
  return all;
}

// Takes out what something needs that stays; one of several that would do is as good as needed.
void keep_needed(const std::vector<Package>& packages, std::set<std::size_t>& spare) {
  const auto names = by_name(packages);
  std::vector<std::size_t> staying;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (!spare.contains(i)) staying.push_back(i);
  }
  while (!staying.empty()) {
    const Package& package = packages[staying.back()];
    staying.pop_back();
    for (const std::string& need : package.needs) {
      for (const std::string_view name : split(need, '|')) {
        const auto found = names.find(name);
        if (found == names.end()) continue;
        for (const std::size_t i : found->second) {
          if (spare.erase(i) > 0) staying.push_back(i);
        }
      }
    }
  }
}

}  // namespace

Spare spare_packages(const Report& report) {
  const std::vector<Package>& packages = report.inventory.packages;
  const EntryPoint& entry = report.image.entry;
  if (entry.command.empty()) return {};
  const std::string_view program = entry.command[0];
  const Programs programs(packages);
  const std::optional<std::size_t> owner = programs.of(program, entry.path);
  const std::string_view base = program.substr(program.rfind('/') + 1);
  if (!owner || std::ranges::find(kRunners, base) != kRunners.end()) return {};
  std::set<std::size_t> spare = tools(packages);
  spare.erase(*owner);
  for (const std::string& word : words_of(entry)) {
    if (const auto used = programs.of(word, entry.path)) spare.erase(*used);
  }
  keep_needed(packages, spare);
  return {.entry = packages[*owner].name, .packages = {spare.begin(), spare.end()}};
}

}  // namespace peekr
