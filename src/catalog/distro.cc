// SPDX-License-Identifier: Apache-2.0
// The operating system: os-release(5), and what distributions had before it.
//
//   os-release        ID=debian, VERSION_ID="12": assignments as in a shell
//   lsb-release       DISTRIB_ID=Ubuntu, DISTRIB_RELEASE=22.04
//   *-release         "CentOS Linux release 7.9.2009 (Core)": one line for people
//   SuSE-release      such a line, then VERSION = 11 and PATCHLEVEL = 4
//   alpine-release    "3.18.4", debian_version "12.4" or "trixie/sid": only the version
//   arch-release      empty: it is there
//   apk/repositories  addresses; the part before the repository is Alpine's branch: ".../v3.18/main"; files of repositories.d, too, and
//                     as apk 3 writes them, "v3 .../v3.23 main community" (apk-repositories(5))
//
// version_id is written as the distribution's os-release would: "12", not "12.4", for Debian, "7" for
// CentOS 7.9.2009.
#include "catalog/distro.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "model/root.h"

namespace peekr {
namespace {

enum class Said { nothing, part, all };  // part: the rest of the file is damaged
using Parse = Said (*)(std::string_view text, Distro& distro);
struct ReleaseFile {
  std::string_view name;  // base name
  Parse parse;
};

// What follows the name of the distribution in a line for people tells the version; this is what its
// os-release calls it.
struct Named {
  std::string_view begins, id;
  std::size_t parts = 0;  // of the version; 0: all
};
constexpr std::array kNamed = {
    Named{"AlmaLinux", "almalinux"},
    Named{"Amazon Linux", "amzn"},
    Named{"Anolis OS", "anolis"},
    Named{"Arch", "arch"},
    Named{"CBL-Mariner", "mariner", 2},
    Named{"CentOS", "centos", 1},
    Named{"CloudLinux", "cloudlinux"},
    Named{"Debian", "debian", 1},
    Named{"Enterprise Linux Enterprise Linux", "ol"},
    Named{"EulerOS", "euleros"},
    Named{"Fedora", "fedora"},
    Named{"Gentoo", "gentoo"},
    Named{"LinuxMint", "linuxmint"},
    Named{"Mageia", "mageia"},
    Named{"Microsoft Azure Linux", "azurelinux", 2},
    Named{"Oracle Linux", "ol"},
    Named{"Oracle VM", "ovm"},
    Named{"Red Hat Enterprise", "rhel"},
    Named{"Red Hat Linux", "redhat"},  // 1995-2003: older than os-release, and no RHEL
    Named{"Rocky Linux", "rocky"},
    Named{"SUSE Linux Enterprise Desktop", "sled"},
    Named{"SUSE Linux Enterprise", "sles"},
    Named{"Scientific Linux", "scientific"},
    Named{"Slackware", "slackware"},
    Named{"Ubuntu", "ubuntu"},
    Named{"VMware Photon", "photon", 2},
    Named{"openEuler", "openeuler"},
    Named{"openSUSE", "opensuse"},
};

std::string first_parts(std::string_view version, std::size_t parts) {
  std::size_t end = 0;
  for (; parts > 0 && end != std::string_view::npos; --parts) end = version.find('.', end == 0 ? 0 : end + 1);
  return std::string(version.substr(0, end == 0 ? std::string_view::npos : end));
}

struct Value {
  std::string text;
  bool closed = true;  // the last quote
};

// A value as a shell reads it: quotes and backslashes, also several quoted pieces in a row.
Value unquote(std::string_view raw) {
  std::string value;
  char quote = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    const char next = i + 1 < raw.size() ? raw[i + 1] : '\0';
    const bool escapes = quote == 0 || (quote == '"' && std::string_view("\"$`\\").contains(next));
    if (c == '\\' && next != '\0' && quote != '\'' && escapes) {
      value += next;
      ++i;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else {
      value += c;
    }
  }
  return {std::move(value), quote == 0};
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  for (const std::string_view word : split(text, ' ')) {
    if (!trim(word).empty()) all.emplace_back(trim(word));
  }
  return all;
}

std::string first_line(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = trim(next_line(text));
    if (!line.empty()) return std::string(line);
  }
  return {};
}

// Calls use(key, value) for every assignment; other lines are to be ignored. False: a quote is not closed.
template <class Use>
bool assignments(std::string_view text, const Use& use) {
  bool closed = true;
  text = without_mark(text);
  while (!text.empty()) {
    const std::string_view line = trim(next_line(text));
    const std::size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos) continue;
    Value value = unquote(trim(line.substr(equals + 1)));
    closed = closed && value.closed;
    use(trim(line.substr(0, equals)), std::move(value.text));
  }
  return closed;
}

Said all_if(bool said) { return said ? Said::all : Said::nothing; }

// "8 (jessie)": the name, where it is written as a codename is.
std::string codename_of_version(std::string_view version) {
  const std::string_view inside = cut(cut(version, '(').second, ')').first;
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; };
  return std::ranges::all_of(inside, fits) ? std::string(inside) : std::string();
}

Said parse_os_release(std::string_view text, Distro& distro) {
  std::string name, version;
  const bool closed = assignments(text, [&](std::string_view key, std::string value) {
    if (key == "ID") distro.id = lower(value);
    if (key == "ID_LIKE") distro.id_like = words(lower(value));
    if (key == "VERSION_ID")
      distro.version_id = std::move(value);
    else if (key == "VERSION_CODENAME")
      distro.codename = std::move(value);
    else if (key == "VARIANT_ID")
      distro.variant_id = std::move(value);
    else if (key == "PRETTY_NAME")
      distro.name = std::move(value);
    else if (key == "NAME")
      name = std::move(value);
    else if (key == "VERSION")
      version = std::move(value);
  });
  // CentOS Stream differs from CentOS Linux in nothing but its name, a service pack of openEuler from another in what is behind the number.
  const bool is_better = name == "CentOS Stream" || (distro.id == "openeuler" && !version.empty());
  if (distro.name.empty() || is_better) {
    distro.name = trim(name + " " + version);
  }
  if (distro.codename.empty()) distro.codename = codename_of_version(version);
  // Debian testing and unstable: VERSION_CODENAME is that of the next release, which they are not yet.
  const std::string_view last = std::string_view(distro.name).substr(distro.name.rfind(' ') + 1);
  if (distro.id == "debian" && distro.version_id.empty() && last.ends_with("/sid")) distro.codename = last;
  if (distro.id.empty() && distro.name.empty()) return Said::nothing;
  return closed ? Said::all : Said::part;
}

Said parse_lsb_release(std::string_view text, Distro& distro) {
  std::string id;
  assignments(text, [&](std::string_view key, std::string value) {
    if (key == "DISTRIB_ID")
      id = std::move(value);
    else if (key == "DISTRIB_RELEASE")
      distro.version_id = std::move(value);
    else if (key == "DISTRIB_CODENAME")
      distro.codename = std::move(value);
    else if (key == "DISTRIB_DESCRIPTION")
      distro.name = std::move(value);
  });
  const auto* named =
      std::ranges::find_if(kNamed, [&](const Named& one) { return id.starts_with(one.begins); });
  distro.id = named == kNamed.end() ? lower(id) : std::string(named->id);
  return all_if(!distro.id.empty());
}

// "<name> [release] <version> [(<codename>)]"
Said parse_line(std::string_view text, Distro& distro) {
  distro.name = first_line(text);
  const std::vector<std::string> parts = words(distro.name);
  if (parts.empty()) return Said::nothing;
  const auto is_version = [](const std::string& word) { return is_digit(word.front()); };
  const auto version = std::ranges::find_if(parts, is_version);
  const auto fits = [&](const Named& one) { return distro.name.starts_with(one.begins); };
  const auto* named = std::ranges::find_if(kNamed, fits);
  if (version == parts.end() && named == kNamed.end()) return Said::nothing;
  distro.id = named == kNamed.end() ? lower(parts.front()) : std::string(named->id);
  if (version == parts.end()) return Said::all;
  distro.version_id = first_parts(*version, named == kNamed.end() ? 0 : named->parts);
  return Said::all;
}

Said parse_suse_release(std::string_view text, Distro& distro) {
  if (parse_line(text, distro) == Said::nothing) return Said::nothing;
  std::string patch_level;
  assignments(text, [&](std::string_view key, std::string value) {
    if (key == "VERSION")
      distro.version_id = std::move(value);
    else if (key == "PATCHLEVEL")
      patch_level = std::move(value);
    else if (key == "CODENAME")
      distro.codename = lower(value);
  });
  if (!patch_level.empty() && patch_level != "0") distro.version_id += "." + patch_level;
  return Said::all;
}

Said parse_debian_version(std::string_view text, Distro& distro) {
  const std::string version = first_line(text);
  if (version.empty()) return Said::nothing;
  distro.id = "debian";
  distro.name = "Debian GNU/Linux " + version;
  if (!is_digit(version.front())) {
    distro.codename = version;
    return all_if(version.ends_with("/sid"));
  }
  // Up to 3.1 (sarge), the second number was part of the release.
  distro.version_id = first_parts(version, version < "4" && version[1] == '.' ? 2 : 1);
  return Said::all;
}

Said parse_alpine_release(std::string_view text, Distro& distro) {
  distro.version_id = first_line(text);
  distro.id = "alpine";
  distro.name = "Alpine Linux v" + distro.version_id;
  return all_if(!distro.version_id.empty() && is_digit(distro.version_id.front()));
}

Said parse_arch_release(std::string_view, Distro& distro) {
  distro.id = "arch";
  distro.name = "Arch Linux";
  return Said::all;
}

bool is_branch(std::string_view part) {
  if (part == "edge") return true;
  const Pair numbers = cut(part.substr(part.starts_with('v') ? 1 : part.size()), '.');
  return to_number(numbers.first).has_value() && to_number(numbers.second).has_value();
}

// A repository of Alpine, as "@edge https://x/alpine/edge/testing" and "v3 https://x/alpine/v3.23 main community" name them.
struct Repository {
  std::string_view tag, branch, name;
};

constexpr std::size_t kMostRepositories = 1000;

void add_repositories(std::string_view line, std::vector<Repository>& all) {
  const auto next = [&line] {
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    line = trim(line.substr(word.size()));
    return word;
  };
  std::string_view tag, word = next();
  if (word.starts_with('@')) tag = std::exchange(word, next());
  if (word == "v2" || word == "v3" || word == "ndx") word = next();
  const std::vector<std::string_view> parts = split(word, '/');
  const auto branch =
      std::find_if(parts.rbegin(), parts.rend(), is_branch);  // a mirror's path may have one, too
  if (branch == parts.rend()) return;
  if (line.empty() && branch != parts.rbegin()) all.push_back({tag, *branch, *(branch - 1)});
  while (!line.empty() && all.size() < kMostRepositories) all.push_back({tag, *branch, next()});
}

std::vector<Repository> repositories_of(std::string_view text) {
  std::vector<Repository> all;
  while (!text.empty() && all.size() < kMostRepositories) {
    const std::string_view line = trim(next_line(text));
    if (!line.starts_with('#') && !line.starts_with("set ")) add_repositories(line, all);
  }
  return all;
}

// The branch of the first repository that is used without a tag ("@edge http..." is only asked for on
// request).
Said parse_repositories(std::string_view text, Distro& distro) {
  for (const Repository& one : repositories_of(text)) {
    if (!one.tag.empty() || (one.name != "main" && one.name != "community")) continue;
    distro.id = "alpine";
    distro.codename = one.branch;
    return Said::all;
  }
  return Said::nothing;
}

// The better a file tells distributions apart, the earlier. Oracle, Alma, Rocky and CentOS have
// redhat-release too.
constexpr std::array kFiles = {
    ReleaseFile{"os-release", parse_os_release},
    ReleaseFile{"oracle-release", parse_line},
    ReleaseFile{"enterprise-release", parse_line},
    ReleaseFile{"almalinux-release", parse_line},
    ReleaseFile{"rocky-release", parse_line},
    ReleaseFile{"centos-release", parse_line},
    ReleaseFile{"amazon-linux-release", parse_line},
    ReleaseFile{"fedora-release", parse_line},
    ReleaseFile{"photon-release", parse_line},
    ReleaseFile{"mariner-release", parse_line},
    ReleaseFile{"azurelinux-release", parse_line},
    ReleaseFile{"openEuler-release", parse_line},
    ReleaseFile{"SuSE-release", parse_suse_release},
    ReleaseFile{"alpine-release", parse_alpine_release},
    ReleaseFile{"gentoo-release", parse_line},
    ReleaseFile{"slackware-version", parse_line},
    ReleaseFile{"arch-release", parse_arch_release},
    ReleaseFile{"redhat-release", parse_line},
    ReleaseFile{"system-release", parse_line},
    ReleaseFile{"lsb-release", parse_lsb_release},
    ReleaseFile{"debian_version", parse_debian_version},
    ReleaseFile{"repositories", parse_repositories},
};
constexpr std::string_view kRepositories = "repositories", kLsbRelease = "lsb-release";

// Each format once (the fuzzer takes the first eight), then the others. In Red Hat's families etc/x-release
// is a link into usr/lib.
constexpr auto kWants = std::to_array<Pattern>({
    "**/etc/os-release",
    "**/etc/oracle-release",
    "**/etc/SuSE-release",
    "**/etc/lsb-release",
    "**/etc/debian_version",
    "**/etc/alpine-release",
    "etc/apk/repositories",
    "**/etc/arch-release",
    "**/usr/lib/os-release",
    "**/usr/lib/oracle-release",
    "**/etc/enterprise-release",
    "**/etc/almalinux-release",
    "**/usr/lib/almalinux-release",
    "**/etc/rocky-release",
    "**/usr/lib/rocky-release",
    "**/etc/centos-release",
    "**/usr/lib/centos-release",
    "**/etc/amazon-linux-release",
    "**/usr/lib/amazon-linux-release",
    "**/etc/fedora-release",
    "**/usr/lib/fedora-release",
    "**/etc/photon-release",
    "**/usr/lib/photon-release",
    "**/etc/mariner-release",
    "**/usr/lib/mariner-release",
    "**/etc/azurelinux-release",
    "**/usr/lib/azurelinux-release",
    "**/etc/openEuler-release",
    "**/etc/gentoo-release",
    "**/etc/slackware-version",
    "**/etc/redhat-release",
    "**/usr/lib/redhat-release",
    "**/etc/system-release",
    "etc/apk/repositories.d/*.list",
    "lib/apk/repositories.d/*.list",
    "usr/lib/apk/repositories.d/*.list",
});

const ReleaseFile* file_of(std::string_view name) {
  if (name.ends_with(".list")) name = kRepositories;
  const auto* at = std::ranges::find(kFiles, name, &ReleaseFile::name);
  return at == kFiles.end() ? nullptr : at;
}

// "v3.18/main", "@edge edge/testing": branch and repository, behind its tag.
void tell_repositories(std::string_view text, Inventory& found) {
  for (const Repository& one : repositories_of(text))
    found.repositories.push_back((one.tag.empty() ? "" : std::string(one.tag) + " ") +
                                 std::string(one.branch) + "/" + std::string(one.name));
}

void run(const File& file, Inventory& found) {
  const ReleaseFile* release = file_of(file.path.name());
  if (release == nullptr) return;
  if (release->name == kRepositories) tell_repositories(file.bytes, found);
  Distro distro{.path = file.path};
  const Said said = release->parse(file.bytes, distro);
  if (said != Said::nothing) found.distro = std::move(distro);
  // What lies deeper may be of no system at all.
  if (!root_of_release(file.path.str()).empty()) return;
  if (said == Said::part)
    found.notes.push_back({file.path, Why::damaged, "release file: a quote is not closed"});
  if (said != Said::nothing) return;
  // These two may well say nothing about the system: LSB_VERSION alone, a private mirror.
  if (release->name == kRepositories || release->name == kLsbRelease) return;
  found.notes.push_back({file.path, Why::damaged, "release file: names no operating system"});
}

// What files of the same system say that agree: os-release(5) has one of its two places only, the first.
bool agree(const Distro& from, const Distro& distro) {
  if (from.path.name() == kFiles[0].name && distro.path.name() == kFiles[0].name && from.path != distro.path)
    return false;
  const std::string &one = from.version_id, &other = distro.version_id;
  return one.empty() || other.empty() || one.starts_with(other) || other.starts_with(one);
}

void complete(const Distro& from, Distro& distro) {
  if (!agree(from, distro)) return;
  // etc/debian_version may say "trixie/sid" when os-release has a VERSION_ID already.
  const bool contradicts = !distro.version_id.empty() && from.codename.ends_with("/sid");
  if (distro.codename.empty() && !contradicts) distro.codename = from.codename;
  if (distro.version_id.empty() && !distro.codename.ends_with("/sid")) distro.version_id = from.version_id;
  if (distro.id_like.empty()) distro.id_like = from.id_like;
  if (distro.name.empty()) distro.name = from.name;
}

// Alpine edge says the version of the release before ("3.18.0") or a date ("3.19_alpha20230901") in
// os-release.
void set_branch(std::string branch, Distro& distro) {
  if (branch.empty() && distro.version_id.contains('_')) branch = "edge";
  if (distro.version_id.empty() && branch.starts_with('v')) distro.version_id = branch.substr(1);
  const bool is_own = branch == "v" + first_parts(distro.version_id, 2);
  distro.codename = is_own ? "" : std::move(branch);
}

}  // namespace

std::optional<Distro> join_distros(std::vector<Distro> distros) {
  const auto rank = [](const Distro& one) {
    return std::tuple(one.id.empty(), file_of(one.path.name()) - kFiles.data(), one.path);
  };
  std::ranges::sort(distros, {}, rank);
  if (distros.empty()) return std::nullopt;
  Distro best = distros.front();
  std::string branch;
  for (const Distro& one : distros) {
    if (one.id != best.id) continue;
    if (file_of(one.path.name())->name == kRepositories) {
      if (branch.empty()) branch = one.codename;
    } else {
      complete(one, best);
    }
  }
  if (best.id == "alpine") set_branch(std::move(branch), best);
  if (best.id.empty()) best.id = "linux";  // os-release(5)
  return best;
}

namespace catalogers {
extern const Cataloger distro;
constexpr Cataloger distro = {.name = "distro",
                              .about = "the operating system: os-release and older release files",
                              .version = 4,
                              .wants = kWants,
                              .of_system = true,
                              .run = run};
}  // namespace catalogers

}  // namespace peekr
