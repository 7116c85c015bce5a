// SPDX-License-Identifier: Apache-2.0
#include "match/assess.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "model/cpe.h"
#include "model/epoch.h"
#include "model/java_runtime.h"

namespace peekr {
namespace {

using Answer = Judgement::Answer;

// Built from a module: AlmaLinux writes "1.module_el8.4.0+…", Red Hat and Rocky "1.module+el8.4.0+…".
bool modular(std::string_view version) {
  return version.find(".module_el") != std::string_view::npos ||
         version.find(".module+el") != std::string_view::npos;
}

bool modular(const Package& package) { return !package.modularity.empty() || modular(package.version); }

// The fixed builds say it; only where there are none does the name of the module (which feeds read from the
// advisory's title, where "kernel:4.18.0" looks like one).
bool modular(const Affected& affected) {
  bool any_fix = false;
  for (const Range& range : affected.ranges) {
    for (const Event& event : range.events) {
      if (event.kind != Event::Kind::fixed) continue;
      any_fix = true;
      if (modular(event.version)) return true;
    }
  }
  return !any_fix && !affected.module.empty();
}

enum class Stream { same, other, unknown };

// Versions of two streams of a module have nothing to do with each other: nodejs:12 is not an old nodejs:14.
Stream stream(const Affected& affected, const Package& package) {
  const bool is_modular = modular(package);
  if (is_modular != modular(affected)) return Stream::other;
  if (!is_modular) return Stream::same;
  if (affected.module.empty() || package.modularity.empty()) return Stream::unknown;
  const std::string& label = package.modularity;
  if (!label.starts_with(affected.module)) return Stream::other;
  return label.size() == affected.module.size() || label[affected.module.size()] == ':' ? Stream::same
                                                                                        : Stream::other;
}

// "8.4" of "1.module_el8.4.0+2224", "14.el8_4.5"; empty where the build names no minor release ("14.el8").
std::string_view minor_release(std::string_view version) {
  for (std::size_t at = version.find("el"); at != std::string_view::npos; at = version.find("el", at + 1)) {
    if (at > 0 && is_alpha(version[at - 1])) continue;
    std::string_view rest = version.substr(at + 2);
    const auto digits = [&](std::size_t from) {
      while (from < rest.size() && is_digit(rest[from])) ++from;
      return from;
    };
    const std::size_t major = digits(0);
    if (major == 0 || major >= rest.size() || (rest[major] != '.' && rest[major] != '_')) continue;
    const std::size_t minor = digits(major + 1);
    if (minor > major + 1) return rest.substr(0, minor);
  }
  return {};
}

const Event* fix(const Range& range) {
  const auto found = std::ranges::find(range.events, Event::Kind::fixed, &Event::kind);
  return found == range.events.end() ? nullptr : &*found;
}

bool begins_at_zero(const Range& range) {
  return std::ranges::all_of(range.events, [](const Event& event) {
    return event.kind != Event::Kind::introduced || event.version.empty() || event.version == "0";
  });
}

// "7.76.1-26" of "0:7.76.1-26.el9_3.2": what builds of one minor release have in common, its first included.
std::string_view base(std::string_view version) {
  const std::size_t colon = version.find(':');
  if (colon != std::string_view::npos) version.remove_prefix(colon + 1);
  return version.substr(0, version.find(".el"));
}

std::string_view upstream(std::string_view version) {
  version = base(version);
  return version.substr(0, version.rfind('-'));
}

// One advisory that lists el8.3, el8.4 and el8.5 builds of one package fixes each minor release by its own
// build: a union of the ranges would call the fixed el8.3 build vulnerable. The build counts that the installed one is made
// from ("16.el8" of "16.el8_5.12"), else that of its minor release, else one that is made from the same, else one of the
// same upstream version, else the lowest.
void keep_one_build(std::vector<Range>& ranges, const Subject& subject) {
  const auto is_of_a_build = [](const Range& range) {
    return fix(range) != nullptr && begins_at_zero(range);
  };
  if (ranges.size() < 2 || !std::ranges::all_of(ranges, is_of_a_build)) return;
  const std::string_view installed = subject.package->version;
  const auto rank = [&](const Range& range) {
    const std::string& version = fix(range)->version;
    if (base(version) == base(installed) && minor_release(version).empty()) return 4;
    if (same_minor_release(version, installed)) return 3;
    if (base(version) == base(installed)) return 2;
    return upstream(version) == upstream(installed) ? 1 : 0;
  };
  const auto lower = [&](const Range& a, const Range& b) {
    return subject.order.scheme->compare(fix(a)->version, fix(b)->version) == std::strong_ordering::less;
  };
  const Range* best = &ranges.front();
  for (const Range& range : ranges) {
    const int one = rank(range), other = rank(*best);
    if (one > other || (one == other && lower(range, *best))) best = &range;
  }
  Range kept = *best;
  ranges.assign(1, std::move(kept));
}

// Oracle builds some packages twice under one name, for FIPS mode and to be patched while they run, with epochs
// and releases of their own: "10:3.6.16-4.0.1.el8_fips", "2:2.28-151.0.1.ksplice2.el8". Empty: the usual build.
std::string_view flavour(std::string_view version) {
  for (const std::string_view word : {"_fips", ".ksplice"}) {
    if (version.find(word) != std::string_view::npos) return word;
  }
  return {};
}

// What is fixed in one flavour says nothing about another.
bool same_flavour(const Affected& affected, const Package& package) {
  for (const Range& range : affected.ranges) {
    const auto bound = std::ranges::find(range.events, Event::Kind::fixed, &Event::kind);
    if (bound != range.events.end() && flavour(bound->version) != flavour(package.version)) return false;
  }
  return true;
}

// Mageia builds some sources once more with what it may not ship everywhere, as "5.1.6-1.1.mga9.tainted", and its advisories list both
// builds under one name. Above the plain one of the same release, it is no fix of that; its own fix is above both.
bool is_of_other_build(const Affected& affected, const Package& package) {
  constexpr std::string_view kTainted = ".tainted";
  if (package.version.ends_with(kTainted)) return false;
  return std::ranges::any_of(affected.ranges, [&](const Range& range) {
    const Event* const bound = fix(range);
    return bound != nullptr && bound->version.ends_with(kTainted);
  });
}

// A package of no architecture runs on all of them, whichever the advisory lists.
bool of_architecture(const Affected& affected, const Package& package) {
  return affected.arches.empty() || package.arch.empty() || package.arch == "noarch" ||
         std::ranges::find(affected.arches, package.arch) != affected.arches.end();
}

// Go's, Rust's and NVD's records say where a hole is on some systems only.
bool of_system(const Affected& affected, const Subject& subject) {
  return affected.systems.empty() || subject.system.empty() ||
         std::ranges::find(affected.systems, subject.system) != affected.systems.end();
}

// The entries that are about the package; `unknown` where the module stream cannot be told.
struct Relevant {
  std::vector<const Affected*> entries;
  bool unknown = false;
};

// Whether the entry names packages of the kind that was asked for.
bool names_kind(const Affected& affected, const Subject& subject) {
  using Key = Ecosystem::Key;
  const Key row = subject.row->key;
  if (row != Key::source_or_said && row != Key::binary_or_said) return true;
  const KeyKind habit = row == Key::source_or_said ? KeyKind::source : KeyKind::binary;
  const KeyKind kind = affected.key == KeyKind::by_ecosystem ? habit : affected.key;
  return (kind == KeyKind::source) == subject.by_source;
}

Relevant relevant(std::span<const Entry> entries, const Subject& subject) {
  Relevant found;
  for (const Entry& entry : entries) {
    if (!names_kind(entry.affected, subject)) continue;
    if (!of_architecture(entry.affected, *subject.package)) continue;
    if (!of_system(entry.affected, subject)) continue;
    if (is_enterprise(*subject.row) && !same_flavour(entry.affected, *subject.package)) {
      continue;
    }
    if (subject.row->name == "mageia" && is_of_other_build(entry.affected, *subject.package)) continue;
    const Stream which =
        is_enterprise(*subject.row) ? stream(entry.affected, *subject.package) : Stream::same;
    if (which == Stream::other) continue;
    found.unknown = found.unknown || which == Stream::unknown;
    found.entries.push_back(&entry.affected);
  }
  return found;
}

// Whether the publisher says that this version is not affected: none is, or this one, by name, is not. (Ranges beside that word
// are how OSV writes "none": from 0 up to 0.) What it says of some architectures says nothing of a package that does not tell
// its own.
bool clears(const Affected& one, const Subject& subject) {
  if (one.standing != Standing::not_affected) return false;
  if (!one.arches.empty() && std::ranges::find(one.arches, subject.package->arch) == one.arches.end())
    return false;
  return one.versions.empty() || evaluate(one, subject.version, subject.order).answer == Answer::affected;
}

// The entry that clears the version, whatever others of the record say; else null. What clears all versions is as general as
// what says "affected": it counts only where it stands alone.
const Affected* cleared_by(const Relevant& found, const Subject& subject) {
  const bool alone = std::ranges::all_of(
      found.entries, [](const Affected* one) { return one->standing == Standing::not_affected; });
  const auto by = std::ranges::find_if(found.entries, [&](const Affected* one) {
    return (alone || !one->versions.empty()) && clears(*one, subject);
  });
  return by == found.entries.end() ? nullptr : *by;
}

Affected united(const std::vector<const Affected*>& entries) {
  Affected all = *entries.front();
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const Affected& one = *entries[i];
    all.ranges.insert(all.ranges.end(), one.ranges.begin(), one.ranges.end());
    all.versions.insert(all.versions.end(), one.versions.begin(), one.versions.end());
    all.vectors.insert(all.vectors.end(), one.vectors.begin(), one.vectors.end());
    if (all.urgency.empty()) all.urgency = one.urgency;
  }
  return all;
}

Judgement judgement_of(const std::vector<const Affected*>& entries, const Subject& subject, Affected& all) {
  const bool enterprise = is_enterprise(*subject.row);
  if (entries.size() == 1 && !(enterprise && entries.front()->ranges.size() > 1)) {
    return evaluate(*entries.front(), subject.version, subject.order);  // nearly always: copies nothing
  }
  all = united(entries);
  if (enterprise) keep_one_build(all.ranges, subject);
  return evaluate(all, subject.version, subject.order);
}

// What is signed is built by a source package of its own out of another's binaries, under whose name it is judged:
// "linux-signed-amd64" and "linux-signed" are linux, "linux-signed-aws" is linux-aws. Empty: not such a package.
std::string signed_kernel(const Package& package) {
  constexpr std::string_view kSigned = "-signed";
  const std::size_t at = package.source.find(kSigned);
  if (package.type != "deb" || at == std::string::npos || !package.source.starts_with("linux")) return {};
  std::string source = package.source;
  source.erase(at, kSigned.size());
  for (const std::string_view arch : {"-amd64", "-arm64", "-i386"}) {
    if (source.ends_with(arch)) source.resize(source.size() - arch.size());
  }
  return source;
}

// What it was found in is a program for Windows, or of an image, and those are Linux's.
std::string_view system_of(const Package& package) {
  const std::string_view name = package.path.name();
  return name.ends_with(".exe") || name.ends_with(".dll") ? "windows" : "linux";
}

// An rpm names its source by the SRPM's file name, which has no epoch. The package of the source's own name has its epoch
// with its version; others may have one of their own (mod_ssl 1:2.4.55 is built from httpd 2.4.55). Who has none is of a source
// without one: it would have inherited that.
Subject source_subject(const Ecosystem& row, const Package& package, const Scheme* scheme) {
  Subject subject{.package = &package,
                  .row = &row,
                  .key = package.source,
                  .by_source = true,
                  .version = {},
                  .order = {.scheme = scheme},
                  .system = system_of(package)};
  subject.version = package.source_version.empty() ? package.version : package.source_version;
  if (std::string of = signed_kernel(package); !of.empty()) {
    subject.key = std::move(of);
    subject.version = package.version;
  }
  if (std::string of = backported(row, subject.version); !of.empty()) subject.version = std::move(of);
  if (package.type != "rpm") return subject;
  if (subject.version == package.version && package.source == package.name) {
    subject.version = full_version(package);
  } else if (package.epoch || !has_header(package)) {
    subject.order.epochs = Order::Epochs::only_if_both;
  }
  return subject;
}

// "gnu:glibc" of "cpe:2.3:a:gnu:glibc:2.19:*:..": as feed/nvd.cc names what it speaks of.
std::string product_of(std::string_view cpe) {
  const std::vector<std::string> parts = cpe_parts(cpe);
  return parts.size() > 4 ? parts[3] + ":" + parts[4] : std::string();
}

// What Bitnami calls it, where that is neither what the file is called nor what NVD calls the product; else empty.
std::string_view name_at_bitnami(std::string_view product) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNames = {
      {{"apache:http_server", "apache"}, {"golang:go", "golang"}, {"php:php", "php"}}};
  const auto found =
      std::ranges::find(kNames, product, &std::pair<std::string_view, std::string_view>::first);
  return found == kNames.end() ? std::string_view() : found->second;
}

// Under each of its names at NVD, and under its own, which nearly always is Bitnami's, too.
std::vector<Subject> software_subjects(const Ecosystem& row, const Package& package) {
  const Scheme* scheme = find_scheme(row.scheme);
  std::vector<std::string> keys;
  for (const std::string& cpe : package.cpes) keys.push_back(product_of(cpe));
  if (is_java_runtime(package)) scheme = find_scheme("jvm");
  for (std::size_t i = 0; i < package.cpes.size(); ++i) {
    if (const std::string_view other = name_at_bitnami(keys[i]); !other.empty()) keys.emplace_back(other);
  }
  keys.push_back(package.name);
  std::vector<Subject> all;
  for (std::string& key : keys) {
    if (std::ranges::find(all, key, &Subject::key) != all.end()) continue;
    all.push_back({.package = &package,
                   .row = &row,
                   .key = std::move(key),
                   .by_source = false,
                   .version = package.version,
                   .order = {.scheme = scheme},
                   .system = system_of(package)});
  }
  return all;
}

// "10_0" of "1.el10_0.2"; empty: none.
std::string_view minor_release_of_epel(std::string_view version) {
  constexpr std::string_view kMark = ".el";
  const std::size_t at = version.rfind(kMark);
  if (at == std::string_view::npos) return {};
  version.remove_prefix(at + kMark.size());
  const std::string_view release = version.substr(0, version.find_first_not_of("0123456789_"));
  const auto [major, minor] = cut(release, '_');
  return to_number(major).value_or(0) >= 10 && to_number(minor) ? release : std::string_view();
}

}  // namespace

bool same_minor_release_of_epel(std::string_view a, std::string_view b) {
  const std::string_view left = minor_release_of_epel(a);
  return !left.empty() && left == minor_release_of_epel(b);
}

bool same_minor_release(std::string_view a, std::string_view b) {
  const std::string_view left = minor_release(a), right = minor_release(b);
  return !left.empty() && left.size() == right.size() && std::ranges::equal(left, right, [](char x, char y) {
    return x == y || (!is_digit(x) && !is_digit(y));
  });
}

std::string backported(const Ecosystem& row, std::string_view version) {
  const std::size_t at = version.find("~bpo");
  if (row.peculiar != Ecosystem::Peculiar::debian || at == std::string_view::npos) return {};
  return std::string(version.substr(0, at));
}

std::vector<Subject> subjects(const Ecosystem& row, const Package& package) {
  using Key = Ecosystem::Key;
  if (row.key == Key::software) return software_subjects(row, package);
  const Scheme* scheme = find_scheme(row.scheme);
  const bool named = !package.source.empty();
  const bool same = named && package.source == package.name;
  const bool said = row.key == Key::source_or_said || row.key == Key::binary_or_said;
  std::vector<Subject> all;
  if (row.key != Key::binary && named) all.push_back(source_subject(row, package, scheme));
  if (row.key == Key::binary || said || !named || (row.key == Key::both && !same)) {
    all.push_back({.package = &package,
                   .row = &row,
                   .key = package.name,
                   .by_source = false,
                   .version = full_version(package),
                   .order = {.scheme = scheme},
                   .system = system_of(package)});
  }
  return all;
}

std::vector<Entry> entries_of(const Advisory& record, const std::string& ecosystem, const Subject& subject) {
  std::vector<Entry> entries;
  const std::string key = normalised_name(ecosystem, subject.key);
  for (const Affected& one : record.affected) {
    if (one.ecosystem == ecosystem && normalised_name(ecosystem, one.package) == key)
      entries.push_back({record.id, one});
  }
  return entries;
}

bool is_about(const Entry& entry, const Subject& subject) {
  const Relevant found = relevant({&entry, 1}, subject);
  return !found.entries.empty() && !found.unknown;
}

std::optional<Opinion> assess(std::span<const Entry> entries, const Subject& subject) {
  Relevant found = relevant(entries, subject);
  if (found.entries.empty()) return std::nullopt;
  Opinion opinion;
  if (cleared_by(found, subject) != nullptr) {
    opinion.standing = Standing::not_affected;
    return opinion;
  }
  std::erase_if(found.entries, [](const Affected* one) { return one->standing == Standing::not_affected; });
  if (found.entries.empty()) return std::nullopt;  // other versions are not affected
  Affected all;
  opinion.judgement = judgement_of(found.entries, subject, all);
  if (opinion.judgement.answer == Answer::not_affected) return std::nullopt;
  const Affected& said = found.entries.size() == 1 ? *found.entries.front() : all;
  opinion.standing = said.standing;
  opinion.urgency = said.urgency;
  opinion.vectors = said.vectors;
  if (found.unknown) {
    opinion.judgement.answer = Answer::undetermined;
    opinion.judgement.doubt = std::string("module stream of the ") +
                              (said.module.empty() ? "advisory" : "package") + " is not known";
  }
  return opinion;
}

std::optional<Denial> denial(std::span<const Entry> entries, const Subject& subject) {
  const Relevant found = relevant(entries, subject);
  if (found.entries.empty() || found.unknown) return std::nullopt;
  if (const Affected* by = cleared_by(found, subject)) {
    return Denial{.by_range = false, .says = "not affected" + (by->reason.empty() ? "" : ": " + by->reason)};
  }
  std::vector<const Affected*> affected = found.entries;
  std::erase_if(affected, [](const Affected* one) { return one->standing == Standing::not_affected; });
  if (affected.empty()) return std::nullopt;
  Affected all;
  if (judgement_of(affected, subject, all).answer != Answer::not_affected) return std::nullopt;
  const Affected& ranges = affected.size() == 1 ? *affected.front() : all;
  const std::string what = described(ranges, subject.order);
  return Denial{.by_range = true,
                .says = what.empty() ? "no version is affected" : "affected: " + what,
                .fixed_in = fix_reached(ranges, subject.version, subject.order)};
}

}  // namespace peekr
