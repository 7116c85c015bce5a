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
#include "model/root.h"
#include "policy/entry.h"
#include "policy/needs.h"

namespace peekr {
namespace {

constexpr std::string_view kUsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// What manages packages, what it needs by itself, and what stands for many programs, or is what scripts expect of any system: rpm
// does not tell what is essential.
constexpr std::array<std::string_view, 20> kKept = {
    "apt", "dpkg",   "apk-tools", "busybox", "rpm",       "dnf",  "dnf5", "microdnf",  "tdnf", "yum",
    "tar", "zypper", "toybox",    "bash",    "coreutils", "grep", "sed",  "findutils", "gawk", "gzip"};

// More of either is no command of an image's.
constexpr std::size_t kMostWords = 1000, kMostFolders = 64;

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

// What is there for people only.
bool is_for_reading(std::string_view file) {
  constexpr std::array<std::string_view, 14> kFolders = {"usr/share/doc/",
                                                         "usr/share/doc-base/",
                                                         "usr/share/licenses/",
                                                         "usr/share/man/",
                                                         "usr/share/info/",
                                                         "usr/share/locale/",
                                                         "usr/share/lintian/",
                                                         "usr/share/bug/",
                                                         "usr/share/bash-completion/",
                                                         "usr/share/zsh/vendor-completions/",
                                                         "usr/share/zsh/site-functions/",
                                                         "usr/share/fish/vendor_completions.d/",
                                                         "etc/bash_completion.d/",
                                                         "usr/lib/.build-id/"};  // rpm's, for debuggers
  return std::ranges::any_of(kFolders, [file](std::string_view folder) { return file.starts_with(folder); });
}

// "etc/wgetrc", "etc/nano.conf", "etc/vim/...", "etc/default/nano" of a package of that name.
bool is_configuration(std::string_view file, std::string_view name) {
  for (const std::string_view folder : {"etc/default/", "etc/"}) {
    if (!file.starts_with(folder) || !file.substr(folder.size()).starts_with(name)) continue;
    const std::string_view rest = file.substr(folder.size() + name.size());
    if (rest.empty() || rest.starts_with('/') || rest == "rc" || rest == ".conf") return true;
  }
  return false;
}

// The list of a package has folders, too.
bool is_folder(const std::vector<std::string_view>& files, std::string_view file) {
  const std::string inside = std::string(file) + "/";
  const auto at = std::ranges::lower_bound(files, inside);
  return at != files.end() && at->starts_with(inside);
}

// Whether all of it is programs and what belongs to them: neither libraries nor data, which is used without being named.
bool has_programs_only(const Package& package) {
  const std::vector<std::string_view> files(package.files.begin(), package.files.end());
  return std::ranges::any_of(files, is_program) && std::ranges::all_of(files, [&](std::string_view file) {
           return is_program(file) || is_for_reading(file) || is_configuration(file, package.name) ||
                  is_folder(files, file);
         });
}

bool is_of(const Package& package, std::string_view type) {
  return package.type == type && is_of_system(package);
}

// That of the system's packages, where one manager has them all and nothing of what it says of them was left unread; else empty.
std::string type_of_system(const Report& report) {
  std::string type;
  std::set<std::string_view> databases;
  for (const Package& package : report.inventory.packages) {
    if (!is_of_system(package)) continue;
    if (!root_of(package).empty() || (!type.empty() && type != package.type)) return {};
    type = package.type;
    databases.insert(package.path.str());
  }
  const auto is_gap = [&databases](const Note& note) {
    return incomplete(note.why) && databases.contains(note.path.str());
  };
  // status.d of dpkg has a file for each.
  const bool several = type != "deb" && databases.size() > 1;
  return several || std::ranges::any_of(report.inventory.notes, is_gap) ? "" : type;
}

// By the path of a program the packages that have it.
class Programs {
 public:
  Programs(const std::vector<Package>& packages, std::string_view type, std::string_view path)
      : folders_(split(path.empty() ? kUsualPath : path, ':')) {
    for (std::size_t i = 0; i < packages.size(); ++i) {
      if (!is_of(packages[i], type)) continue;
      for (const std::string_view file : packages[i].files) {
        if (!is_program(file)) continue;
        by_path_[std::string(without_usr(file))].push_back(i);
        names_.insert(file.substr(file.rfind('/') + 1));
      }
    }
  }
  [[nodiscard]] bool is_bounded() const { return folders_.size() <= kMostFolders; }
  // Of a word of a command, wherever PATH has it.
  [[nodiscard]] const std::vector<std::size_t>& of(std::string_view word) const {
    if (word.starts_with('/')) return at(word);
    if (word.empty() || word.find('/') != std::string_view::npos) return none_;
    for (const std::string_view folder : folders_) {
      const std::vector<std::size_t>& found = at(std::string(folder) + "/" + std::string(word));
      if (!found.empty()) return found;
    }
    return none_;
  }
  // Whether a word that is no program's may be a link to one, "nc" to "nc.openbsd", or is a program of yours.
  [[nodiscard]] bool may_mean_another(std::string_view word) const {
    const std::string_view name = word.substr(word.rfind('/') + 1);
    if (word.find("bin/") != std::string_view::npos || is_alternative(name)) return true;
    for (const char mark : {'.', '-'}) {
      const std::string front = std::string(name) + mark;
      const auto next = names_.lower_bound(front);
      if (!name.empty() && next != names_.end() && next->starts_with(front)) return true;
    }
    return false;
  }

 private:
  [[nodiscard]] const std::vector<std::size_t>& at(std::string_view path) const {
    const auto found = by_path_.find(without_usr(path));
    return found == by_path_.end() ? none_ : found->second;
  }

  std::vector<std::string_view> folders_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_path_;
  std::set<std::string_view> names_;
  std::vector<std::size_t> none_;
};

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

std::set<std::size_t> tools(const std::vector<Package>& packages, std::string_view type) {
  const std::set<std::size_t> modules = with_modules(packages);
  std::map<std::string_view, std::size_t> named;  // rpm takes out none of two that have the same name
  for (const Package& package : packages) named[package.name] += is_of(package, type) ? 1 : 0;
  std::set<std::size_t> all;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const Package& package = packages[i];
    const bool kept = package.essential || std::ranges::find(kKept, package.name) != kKept.end() ||
                      (type == "rpm" && named[package.name] > 1);
    if (is_of(package, type) && !package.remnant && !kept && !modules.contains(i) &&
        has_programs_only(package))
      all.insert(i);
  }
  return all;
}

// Takes out what something needs that stays; one of several that would do is as good as needed.
void keep_needed(const std::vector<Package>& packages, std::string_view type, std::set<std::size_t>& spare) {
  std::vector<std::size_t> staying;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    if (packages[i].type == type && !spare.contains(i)) staying.push_back(i);
  }
  for (const std::size_t i :
       with_needs(packages, by_answer(packages, type), std::move(staying), OfSeveral::all))
    spare.erase(i);
}

// Takes out what is named; false: something is that may be anything.
bool keep_named(const EntryPoint& entry, const Programs& programs, std::set<std::size_t>& spare) {
  const std::vector<std::string> words = words_of(entry);
  const std::optional<std::vector<std::string>> checked = programs_of_check(entry.check);
  if (!checked || words.size() > kMostWords || !programs.is_bounded()) return false;
  for (const std::string& word : *checked) {
    if (programs.of(word).empty() || is_runner(word)) return false;
  }
  for (const std::string& word : words) {
    const std::vector<std::size_t>& used = programs.of(word);
    if (used.empty() ? programs.may_mean_another(word) : word.starts_with('/') && is_runner(word))
      return false;
    for (const std::size_t i : used) spare.erase(i);
  }
  return true;
}

}  // namespace

Spare spare_packages(const Report& report) {
  const std::vector<Package>& packages = report.inventory.packages;
  const EntryPoint& entry = report.image.entry;
  const std::string type = type_of_system(report);
  if (type.empty() || entry.command.empty() || is_runner(entry.command[0])) return {};
  const Programs programs(packages, type, entry.path);
  const std::vector<std::size_t>& owners = programs.of(entry.command[0]);
  std::set<std::size_t> spare = tools(packages, type);
  if (owners.empty() || !keep_named(entry, programs, spare)) return {};
  for (const std::size_t i : owners) spare.erase(i);
  for (const std::size_t i : programs.of("/bin/sh")) spare.erase(i);  // of scripts and health checks
  keep_needed(packages, type, spare);
  return {.entry = packages[owners[0]].name, .type = type, .packages = {spare.begin(), spare.end()}};
}

}  // namespace peekr
