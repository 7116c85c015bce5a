// SPDX-License-Identifier: Apache-2.0
// dpkg's database, deb-control(5) and dpkg(1):
//
//   lib/dpkg/status                         the stanzas of all packages, also of those removed but not purged
//   lib/dpkg/updates/0000                   of a dpkg that was stopped: what it had not yet brought into status
//   lib/dpkg/status.d/<name>                distroless images: one control file each; *.md5sums beside them
//   lib/dpkg/info/<name>[:<arch>].list      the paths it owns, absolute, with directories and links
//   lib/dpkg/info/<name>[:<arch>].md5sums   "<md5>  <path>": regular files, without configuration files; see
//                                           dpkg_checksums.cc
//   lib/dpkg/diversions                     files that lie under another name, see read_diversions()
//   usr/share/doc/<name>/copyright          the licences
//
// The last four speak of packages that the first three declare: they become Claims.
#include "catalog/dpkg.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/licenses.h"
#include "catalog/updates.h"

namespace peekr {
namespace {

// Why it does not count, or not as it should; empty: it does.
std::string flaw_of(const Stanza& stanza, State state) {
  if (stanza.value("Package").empty()) return "no Package";
  if (state == State::broken) return "its state is " + peekr::quoted(stanza.value("Status"));
  if (state == State::damaged) return "no known Status";
  if (stanza.value("Version").empty()) return "no Version";
  if (stanza.bad_line() != 0) return "line " + std::to_string(stanza.bad_line()) + " is no header";
  if (state == State::unfinished)
    return "its state is " + peekr::quoted(stanza.value("Status")) + ": it counts, for its files are there";
  return {};
}

Package package_of(const Stanza& stanza, const ControlFormat& format, const Path& path) {
  Package package{.type = std::string(format.type),
                  .name = std::string(stanza.value("Package")),
                  .version = std::string(stanza.value("Version")),
                  .arch = std::string(stanza.value("Architecture")),
                  .maintainer = std::string(stanza.value("Maintainer")),
                  .path = path};
  package.source = package.name;
  package.source_version = package.version;
  if (stanza.value("Status").starts_with("hold ")) package.pin = "hold";
  format.complete(stanza, package);
  return package;
}

class ControlReader {
 public:
  ControlReader(const File& file, const ControlFormat& format, Inventory& found)
      : file_(file), format_(format), found_(found), notes_(file.path, found) {}

  void run() {
    StanzaReader reader(file_.bytes, "Package");
    for (Stanza stanza; reader.next(stanza);) take(stanza);
    note_if_cut_short(file_, notes_);
    notes_.finish();
  }

 private:
  void take(const Stanza& stanza) {
    const State state = state_of(stanza, format_.unstated);
    std::string problem = problem_of(stanza, state);
    const bool counts = (state == State::installed || state == State::unfinished) &&
                        !stanza.value("Package").empty() && !stanza.value("Version").empty();
    const bool is_whole = counts && state == State::unfinished && stanza.bad_line() == 0;
    if (!problem.empty()) notes_.add(is_whole ? Why::suspicious : Why::damaged, std::move(problem));
    if (stanza.value("Package").empty()) return;
    if (counts) add(stanza);
    if (state == State::gone && is_update(file_.path)) {  // settle_updates() needs to know
      found_.add({.type = std::string(format_.type),
                  .name = std::string(stanza.value("Package")),
                  .arch = std::string(stanza.value("Architecture")),
                  .path = file_.path});
    }
  }

  // One architecture of a package is installed once: the later stanza is the newer one.
  void add(const Stanza& stanza) {
    if (found_.left_out) return;
    const std::pair key(stanza.value("Package"), stanza.value("Architecture"));
    const auto [at, is_new] = seen_.try_emplace(key, found_.packages.size());
    if (is_new) {
      found_.add(package_of(stanza, format_, file_.path));
    } else {
      found_.packages[at->second] = package_of(stanza, format_, file_.path);
    }
  }

  const File& file_;
  const ControlFormat& format_;
  Inventory& found_;
  FileNotes notes_;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> seen_;  // (name, arch): index
};

// "libc6:amd64.list" -> a claim for libc6 of amd64.
Claim claim_of(const Path& path, std::string_view type, std::string_view ending) {
  std::string_view stem = path.name();
  stem.remove_suffix(std::min(stem.size(), ending.size()));
  const Pair parts = cut(stem, ':');
  return {.type = std::string(type), .package = std::string(parts.first), .arch = std::string(parts.second)};
}

void add_claim(Claim claim, Inventory& found) {
  sort_unique(claim.files);
  std::ranges::sort(claim.checksums);
  const bool empty = claim.files.empty() && claim.licenses.empty() && claim.checksums.empty();
  if (!empty) found.claims.push_back(std::move(claim));
}

void note_bad_lines(const File& file, std::size_t count, Inventory& found) {
  if (count == 0) return;
  found.notes.push_back({file.path, Why::damaged, "lines that are no entry: " + std::to_string(count)});
}

// A directory stands in front of what is in it.
bool is_directory(std::string_view line, std::string_view next) {
  return next.size() > line.size() && next[line.size()] == '/' && next.starts_with(line);
}

// A line of "<md5>  <path>".
struct Summed {
  Path path;  // empty: it is none
  std::optional<Checksum> sum;
};

Summed md5sums_line(std::string_view line) {
  constexpr std::size_t kDigits = 32;
  if (line.size() < kDigits + 2 || line[kDigits] != ' ') return {};
  const std::string_view digits = line.substr(0, kDigits);
  const std::optional<Checksum> sum = Checksum::of_hex(Checksum::Kind::md5, digits);
  if (!sum || std::ranges::any_of(digits, [](char c) { return c >= 'A' && c <= 'F'; })) return {};
  line.remove_prefix(kDigits + 1);
  if (line.starts_with(' ') || line.starts_with('*')) line.remove_prefix(1);
  return {Path(line), sum};
}

void read_copyright(const File& file, Inventory& found) {
  Claim claim{.type = "deb",
              .package = std::string(Path(file.path.folder()).name()),
              .licenses = licenses_of_copyright(file.bytes)};
  add_claim(std::move(claim), found);
}

// "name", "name (version)"; without it the package is its own source.
void set_source(const Stanza& stanza, Package& package) {
  const Pair parts = cut(stanza.value("Source"), '(');
  const std::string_view name = trim(parts.first);
  if (name.empty()) return;
  package.source = name;
  const std::string_view version = trim(parts.second.substr(0, parts.second.find(')')));
  if (!version.empty()) package.source_version = version;
}

// Scripts and lists that a build tool may keep in status.d beside the control files.
bool has_script_ending(std::string_view name) {
  constexpr std::array<std::string_view, 11> kEndings = {".conffiles", ".config",    ".list",    ".postinst",
                                                         ".postrm",    ".preinst",   ".prerm",   ".shlibs",
                                                         ".symbols",   ".templates", ".triggers"};
  return std::ranges::any_of(kEndings, [name](std::string_view ending) { return name.ends_with(ending); });
}

// A package may be called "x.list": what is in the file decides.
bool is_control_file(const File& file) {
  if (file.bytes.starts_with("#!")) return false;
  Stanza first;
  return !has_script_ending(file.path.name()) ||
         (StanzaReader(file.bytes, "Package").next(first) && first.has("Package"));
}

}  // namespace

std::string_view dpkg_home(std::string_view folder) {
  for (const std::string_view part : {"/status.d", "/updates"}) {
    if (folder.ends_with("lib/dpkg" + std::string(part))) folder.remove_suffix(part.size());
  }
  return folder;
}

// Only the state says what is there. Packages that wait for a trigger are configured; of what was unpacked all files are there, of what
// is half-installed some.
State state_of(const Stanza& stanza, Unstated unstated) {
  const std::string_view status = stanza.value("Status");
  if (status.empty()) return unstated == Unstated::installed ? State::installed : State::damaged;
  const std::string_view last = status.substr(status.find_last_of(" \t") + 1);
  for (const std::string_view name : {"installed", "triggers-awaited", "triggers-pending"}) {
    if (last == name) return State::installed;
  }
  for (const std::string_view name : {"not-installed", "config-files"}) {
    if (last == name) return State::gone;
  }
  for (const std::string_view name : {"unpacked", "half-configured"}) {
    if (last == name) return State::unfinished;
  }
  if (last == "half-installed") return State::broken;
  return State::damaged;
}

std::string problem_of(const Stanza& stanza, State state) {
  const std::string_view name = stanza.value("Package");
  if (state == State::gone && !name.empty()) return {};
  const std::string flaw = flaw_of(stanza, state);
  if (flaw.empty()) return {};
  return "stanza at line " + std::to_string(stanza.line()) +
         (name.empty() ? "" : " (" + peekr::quoted(name) + ")") + ": " + flaw;
}

void read_control(const File& file, const ControlFormat& format, Inventory& found) {
  ControlReader(file, format, found).run();
}

void read_md5sums(const File& file, Paths paths, Inventory& found) {
  Claim claim = claim_of(file.path, "deb", ".md5sums");
  std::size_t bad = 0;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (line.empty()) continue;
    const Summed one = md5sums_line(line);
    if (one.path.empty()) {
      ++bad;
      continue;
    }
    claim.checksums.push_back({file_key(one.path.str()), *one.sum});
    if (paths == Paths::keep) claim.files.push_back(one.path.str());
  }
  add_claim(std::move(claim), found);
  note_bad_lines(file, bad, found);
}

void read_list(const File& file, std::string_view type, Inventory& found) {
  Claim claim = claim_of(file.path, type, ".list");
  std::size_t bad = 0;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (line.empty() || is_directory(line, rest)) continue;
    const Path path(line);
    if (!line.starts_with('/')) {
      ++bad;
    } else if (!path.empty()) {
      claim.files.push_back(path.str());
    }
  }
  add_claim(std::move(claim), found);
  note_bad_lines(file, bad, found);
}

namespace {

constexpr std::size_t kMostRelations = 1000;  // real packages have some hundred

// "libc6 (>= 2.34), debconf (>= 0.5) | debconf-2.0, perl:any": "libc6", "debconf|debconf-2.0", "perl".
void add_relations(std::string_view field, std::vector<std::string>& all) {
  for (const std::string_view one : split(field, ',')) {
    std::vector<std::string> names;
    for (const std::string_view choice : split(one, '|')) {
      const std::string_view name = trim(choice);
      names.emplace_back(name.substr(0, name.find_first_of(" \t\n(:[<")));
    }
    if (!names[0].empty()) all.push_back(join(names, "|"));
    if (all.size() > kMostRelations) return;
  }
}

void complete(const Stanza& stanza, Package& package) {
  set_source(stanza, package);
  add_relations(stanza.value("Pre-Depends"), package.needs);
  add_relations(stanza.value("Depends"), package.needs);
  add_relations(stanza.value("Recommends"), package.needs);
  add_relations(stanza.value("Provides"), package.provides);
  package.essential = stanza.value("Essential") == "yes" || stanza.value("Protected") == "yes" ||
                      stanza.value("Priority") == "required" || package.needs.size() > kMostRelations ||
                      package.provides.size() > kMostRelations;  // what it needs is not all known then
  sort_unique(package.needs);
  sort_unique(package.provides);
}

// dpkg-divert(1): three lines for each file that is kept under another name: the file, that name, and the package whose own file stays
// under the first (":" is the administrator).
void read_diversions(const File& file, Inventory& found) {
  constexpr std::size_t kMostDiversions = 10000;  // real images have some dozen
  std::size_t bad = 0;
  for (std::string_view rest = file.bytes; !rest.empty();) {
    if (found.claims.size() == kMostDiversions) {
      found.notes.push_back(
          {file.path, Why::too_big,
           "more than " + std::to_string(kMostDiversions) + " entries: the rest is left out"});
      break;
    }
    const std::string_view file_line = next_line(rest), to_line = next_line(rest), by = next_line(rest);
    const Path from(file_line), to(to_line);
    const bool absolute = file_line.starts_with('/') && to_line.starts_with('/');
    if (!absolute || from.empty() || to.empty() || by.empty()) {
      ++bad;
    } else {
      found.claims.push_back({.type = std::string(kDiversion),
                              .package = from.str(),
                              .arch = std::string(by),
                              .files = {to.str()}});
    }
  }
  note_bad_lines(file, bad, found);
}

constexpr ControlFormat kStatus = {"deb", Unstated::damaged, complete};
constexpr ControlFormat kControl = {"deb", Unstated::installed, complete};

void run(const File& file, Inventory& found) {
  const std::string_view name = file.path.name();
  const std::string_view folder = file.path.folder();
  if (folder.ends_with("lib/dpkg/info")) {
    if (name.ends_with(".list")) read_list(file, "deb", found);
    if (name.ends_with(".md5sums")) read_md5sums(file, Paths::keep, found);
  } else if (folder.ends_with("lib/dpkg/status.d")) {
    if (name.ends_with(".md5sums")) {
      read_md5sums(file, Paths::keep, found);
    } else if (is_control_file(file)) {
      read_control(file, kControl, found);
    }
  } else if (folder.ends_with("lib/dpkg/updates")) {
    if (to_number(name)) read_control(file, kStatus, found);  // "tmp.i" is being written
  } else if (name == "diversions") {
    read_diversions(file, found);
  } else if (name == "status") {
    read_control(file, kStatus, found);
  } else if (name == "copyright") {
    read_copyright(file, found);
  }
}

// The paths in info/*.md5sums are those of the lists: again.cc has them read where a list is gone, dpkg_checksums.cc reads the rest.
constexpr std::array<Pattern, 6> kWants = {"**/lib/dpkg/status",      "**/lib/dpkg/status.d/*",
                                           "**/lib/dpkg/updates/*",   "**/lib/dpkg/diversions",
                                           "**/lib/dpkg/info/*.list", "**/usr/share/doc/*/copyright"};

}  // namespace

namespace catalogers {
extern const Cataloger dpkg;
constexpr Cataloger dpkg = {.name = "dpkg",
                            .about =
                                "Debian packages: dpkg's status and updates, status.d (distroless), owned "
                                "files, diversions, licences",
                            .version = 8,
                            .wants = kWants,
                            .of_system = true,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr
