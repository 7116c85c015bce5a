// SPDX-License-Identifier: Apache-2.0
// apk's database of installed packages (wiki.alpinelinux.org/wiki/Apk_spec): blank-line separated records of
// "K:value" lines, whose one-letter keys are case-sensitive:
//
//   s tag of the repository it was taken from ("edge" of "@edge https://.." in etc/apk/repositories)
//   P name, V version, o origin (the source package), A arch, m maintainer, L licences (kept as written:
//   an SPDX expression, or the lists from before it); D needs, p provides, i comes of itself where each of these is; T t c C S I U r q k
//   are not needed here
//   F:usr/bin     a folder, relative to the root
//   R:busybox     a file in the last F; M, a and Z lines after F and R tell owner, mode and checksum (Z:Q1<base64>)
//
// Lines may be megabytes long: p: of a package that provides thousands of names.
#include "catalog/apk.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/base64.h"
#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

// A long F before many short R would make far more text than the file has. Real databases stay below twice
// their size.
constexpr std::size_t kMaxExpansion = 16;
constexpr std::size_t kMaxExpansionFrom = 65536;

class InstalledReader {
 public:
  InstalledReader(const File& file, Inventory& found)
      : file_(file),
        found_(found),
        notes_(file.path, found),
        files_budget_(kMaxExpansionFrom + file.bytes.size() * kMaxExpansion),
        names_budget_(files_budget_) {}

  void run() {
    std::size_t number = 0;
    for (std::string_view rest = file_.bytes; !rest.empty();) {
      const std::string_view line = next_line(rest);
      ++number;
      if (line.empty()) {
        end_record();
        continue;
      }
      // The empty line in front of it was lost.
      if (line.starts_with("P:") && !package_.name.empty()) end_record();
      if (first_line_ == 0) first_line_ = number;
      take(line, number);
    }
    end_record();
    if (files_left_out_ > 0) {
      notes_.add(Why::too_big,
                 "owned files: more than " + std::to_string(kMaxExpansion) +
                     " times the size of the database, left out: " + std::to_string(files_left_out_));
    }
    if (names_left_out_ > 0) {
      notes_.add(Why::too_big,
                 "what packages need and provide: more than " + std::to_string(kMaxExpansion) +
                     " times the size of the database, left out: " + std::to_string(names_left_out_));
    }
    note_if_cut_short(file_, notes_);
    notes_.finish();
  }

 private:
  void take(std::string_view line, std::size_t number) {
    if (line.size() < 2 || line[1] != ':') {
      if (bad_line_ == 0) bad_line_ = number;
      return;
    }
    const std::string_view value = line.substr(2);
    switch (line[0]) {
      case 'P': package_.name = trim(value); break;
      case 'V': package_.version = trim(value); break;
      case 'o': package_.source = trim(value); break;
      case 'A': package_.arch = trim(value); break;
      case 'L': package_.licenses.assign(trim(value).empty() ? 0 : 1, std::string(trim(value))); break;
      case 'm': package_.maintainer = trim(value); break;
      case 's': package_.repository = trim(value); break;
      case 'D': add_names(value, package_.needs); break;
      case 'p': add_names(value, package_.provides); break;
      case 'i': add_names(value, package_.comes_with); break;
      case 'F': folder_ = value; break;
      case 'R': add_file(value); break;
      case 'Z': add_checksum(value); break;
      default: break;
    }
  }

  void add_names(std::string_view value, std::vector<std::string>& all) {
    add_apk_names(value, [&](std::string_view name, std::string_view) {
      const std::size_t size = name.size() + sizeof(std::string);
      if (size > names_budget_) {
        ++names_left_out_;
        return;
      }
      names_budget_ -= size;
      all.emplace_back(name);
    });
  }

  void add_file(std::string_view name) {
    const std::size_t size = folder_.size() + name.size() + sizeof(std::string);
    file_name_.clear();
    if (size > files_budget_) {
      ++files_left_out_;
      return;
    }
    files_budget_ -= size;
    std::string raw;
    raw.reserve(folder_.size() + name.size() + 1);
    raw.append(folder_).append("/").append(name);
    const Path path(std::string_view(raw).substr(folder_.empty() ? 1 : 0));
    if (!path.empty()) package_.files.push_back(path.str());
    file_name_ = path.str();
  }

  // Z of the file in front of it: "Q1" and base64 of SHA-1, "Q2" and base64 of SHA-256; of a link it is that of its target.
  void add_checksum(std::string_view value) {
    const auto kind = value.starts_with("Q2") ? Checksum::Kind::sha256 : Checksum::Kind::sha1;
    const std::optional<std::string> digest =
        base64_decoded(value.substr(std::min<std::size_t>(2, value.size())));
    if (digest && digest->size() == (kind == Checksum::Kind::sha1 ? 20 : 32) && !file_name_.empty())
      package_.checksums.push_back({file_key(file_name_), Checksum::of(kind, *digest)});
  }

  void end_record() {
    if (first_line_ != 0) add_package();
    package_ = {};
    folder_ = {};
    file_name_.clear();
    first_line_ = bad_line_ = 0;
  }

  void add_package() {
    // ".build-deps" of "apk add --virtual": a name for a group of packages, nothing of its own.
    if (package_.name.starts_with('.') && package_.files.empty()) return;
    const std::string problem = problem_of();
    if (!problem.empty()) {
      notes_.add(Why::damaged, "record at line " + std::to_string(first_line_) +
                                   (package_.name.empty() ? "" : " (" + peekr::quoted(package_.name) + ")") +
                                   ": " + problem);
    }
    if (package_.name.empty() || package_.version.empty() || found_.left_out) return;
    // apk installs a name once. A second record is a leftover: apk itself reads the first.
    if (!seen_.insert(package_.name).second) return;
    sort_unique(package_.files);
    std::ranges::sort(package_.checksums);
    for (std::vector<std::string>* names : {&package_.needs, &package_.provides, &package_.comes_with})
      sort_unique(*names);
    package_.type = "apk";
    package_.path = file_.path;
    if (package_.source.empty()) package_.source = package_.name;
    package_.source_version = package_.version;  // one APKBUILD gives all its packages one version
    found_.add(std::move(package_));
  }

  [[nodiscard]] std::string problem_of() const {
    if (package_.name.empty()) return "no P: (name)";
    if (package_.version.empty()) return "no V: (version)";
    if (bad_line_ != 0) return "line " + std::to_string(bad_line_) + " has no key";
    return {};
  }

  const File& file_;
  Inventory& found_;
  FileNotes notes_;
  std::set<std::string> seen_;
  std::size_t files_budget_, names_budget_, files_left_out_ = 0, names_left_out_ = 0;
  // The record being read.
  Package package_;
  std::string_view folder_;
  std::string file_name_;  // the last R
  std::size_t first_line_ = 0, bad_line_ = 0;
};

void run(const File& file, Inventory& found) { InstalledReader(file, found).run(); }

constexpr std::array<Pattern, 1> kWants = {"**/lib/apk/db/installed"};

}  // namespace

void add_apk_names(std::string_view line,
                   const std::function<void(std::string_view name, std::string_view rest)>& add) {
  constexpr std::string_view kBlanks = " \t\r\n";
  for (std::size_t at = 0; (at = line.find_first_not_of(kBlanks, at)) != std::string_view::npos;) {
    const std::string_view word = line.substr(at, line.find_first_of(kBlanks, at) - at);
    at += word.size();
    const std::string_view name = word.substr(0, word.find_first_of("=<>~@"));
    if (!name.empty() && !name.starts_with('!')) add(name, word.substr(name.size()));
  }
}

namespace catalogers {
extern const Cataloger apk;
constexpr Cataloger apk = {.name = "apk",
                           .about = "Alpine and Wolfi packages: apk's database of installed packages",
                           .version = 3,
                           .wants = kWants,
                           .of_system = true,
                           .run = run};
}  // namespace catalogers

}  // namespace peekr
