// SPDX-License-Identifier: Apache-2.0
// Java archives: every META-INF/maven/*/*/pom.properties names a package (also those of other artifacts that were packed into
// this one), as does pom.xml where it is alone; where none names the archive itself, its manifest and its file name do
// (java_identity.h), and where its classes lie. Licences are those of pom.xml and of the manifest. Archives in archives
// are read in memory, at most 16 deep.
//
// Some classes are known to be vulnerable wherever they are, also in a folder: java_classes.h.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/java_archive.h"
#include "catalog/java_classes.h"
#include "catalog/java_file_name.h"
#include "catalog/java_group.h"
#include "catalog/java_identity.h"
#include "catalog/java_pom.h"
#include "catalog/packed.h"
#include "catalog/stanza.h"
#include "catalog/zip_view.h"

namespace peekr {
namespace {

constexpr std::size_t kDeepest = 16;
constexpr std::uint64_t kMostText = 8 << 20;     // a manifest, properties or class
constexpr std::uint64_t kMostInner = 256 << 20;  // an archive in an archive

Artifact artifact_of(const FaultyClass& fault) {
  return {std::string(fault.group), std::string(fault.artifact), std::string(fault.newest)};
}

// Another format that has one of the names.
bool is_rar(std::string_view name, std::string_view bytes) {
  return lower(name.substr(name.size() - std::min<std::size_t>(name.size(), 4))) == ".rar" &&
         bytes.starts_with("Rar!");
}

// One archive that is being read, and what it has said so far.
struct Archive {
  std::string name;   // of the file or member
  std::string bytes;  // of a member
  ZipView zip;
  std::size_t next = 0;
  std::vector<Artifact> artifacts;  // what it says that it holds: of pom.properties, of itself
  std::vector<Pom> poms;
  std::string bad_pom;  // why one could not be read
  JarManifest manifest{""};
  bool of_java = is_archive(name);  // or it has a manifest; else it is nothing itself, whatever is in it
};

class Reading {
 public:
  Reading(const File& file, Inventory& found)
      : file_(file), found_(found), notes_(file.path, found), allowance_(nested_allowance(file)) {}

  void run() {
    Result<ZipView> zip = ZipView::open(file_.bytes);
    if (!zip) {
      // A script or a text may begin as one does that has an archive behind it.
      const std::string_view name = file_.path.name();
      if (is_archive(name) || (file_.bytes.starts_with("PK") && is_surely_archive(name, file_.bytes)))
        note(Why::damaged, zip.error().message);
      return notes_.finish();
    }
    std::vector<Archive> open;  // the outermost first
    open.reserve(kDeepest);     // the views into their bytes stay
    open.push_back(
        {.name = std::string(file_.path.name()), .bytes = {}, .zip = *std::move(zip), .artifacts = {}});
    while (!open.empty()) {
      Archive& at = open.back();
      if (at.next == at.zip.members().size()) {
        if (const std::string gap = at.zip.gap(); !gap.empty() && may_lack(at))
          note(Why::damaged, printable(at.name) + ": " + gap);
        conclude(at);
        open.pop_back();
        continue;
      }
      const ZipView::Member& member = at.zip.members()[at.next++];
      if (is_archive(member.name) || is_zip(member.name)) {
        descend(open, member);
      } else {
        look_at(at, member);
      }
    }
    notes_.finish();
  }

 private:
  void note(Why why, std::string what) { notes_.add(why, std::move(what)); }
  void note(const ZipView::Member& member, const Error& error) {
    if (is_zip(member.name) && error.code != Errc::limit) return;
    note(why_of(error), printable(member.name) + ": " + error.message);
  }

  // Whether something of Java may be missing in it.
  [[nodiscard]] bool may_lack(const Archive& at) const {
    return is_surely_archive(at.name, at.bytes.empty() ? file_.bytes : std::string_view(at.bytes)) ||
           std::ranges::any_of(at.zip.members(), is_of_java, &ZipView::Member::name);
  }

  // The bytes of a member, within what one file may unpack to; none are a note.
  std::string read(const Archive& at, const ZipView::Member& member, std::uint64_t most) {
    Result<std::string> bytes = at.zip.read(member, most, allowance_);
    if (!bytes) {
      note(member, bytes.error());
      return {};
    }
    return *std::move(bytes);
  }

  void descend(std::vector<Archive>& open, const ZipView::Member& member) {
    if (open.size() == kDeepest)
      return note(member,
                  {Errc::limit, "archives in archives more than " + std::to_string(kDeepest) + " deep"});
    std::string bytes = read(open.back(), member, kMostInner);
    if (bytes.empty()) return;
    open.push_back({.name = std::string(member.name), .bytes = {}, .zip = {}, .artifacts = {}});
    Archive& inner = open.back();
    inner.bytes = std::move(bytes);
    Result<ZipView> zip = ZipView::open(inner.bytes);
    if (!zip) {
      if (!is_rar(member.name, inner.bytes) && is_surely_archive(member.name, inner.bytes))
        note(Why::damaged, printable(member.name) + ": " + zip.error().message);
      open.pop_back();
    } else {
      inner.zip = *std::move(zip);
    }
  }

  void look_at(Archive& at, const ZipView::Member& member) {
    const std::string_view name = member.name.substr(member.name.rfind('/') + 1);
    if (name == "pom.properties") {
      Artifact artifact = artifact_of_properties(read(at, member, kMostText));
      if (!artifact.name.empty() && !artifact.version.empty()) at.artifacts.push_back(std::move(artifact));
    } else if (name == "pom.xml" && member.name.starts_with("META-INF/maven/")) {
      Result<Pom> pom = parse_pom(read(at, member, kMostText));
      if (pom) at.poms.push_back(*std::move(pom));
      if (!pom) at.bad_pom = printable(member.name) + ": " + pom.error().message;
    } else if (member.name == "META-INF/MANIFEST.MF") {
      at.manifest = JarManifest(read(at, member, kMostText));
      at.of_java = true;
    }
  }

  // Whether the artifact is the archive, and not packed into it: of what its name and its manifest say of itself. One name may be the
  // other with something before or behind ("app-all", "com.example.app"), of the same release.
  static bool is_self(const Artifact& one, std::string_view name, const Artifact& self) {
    if (is_file_of(one, name) || one.name == self.name) return true;
    const Artifact file = artifact_of_name(name);
    const auto has = [](std::string_view text, std::string_view part) {
      return text.starts_with(part) || text.ends_with(part);
    };
    const bool alike = has(one.name, file.name) || has(file.name, one.name);
    if (self.version.empty()) return alike;
    return same_release(one.version, self.version) && (alike || file.version.empty());
  }

  static Artifact self_of(const Archive& at) {
    return artifact_of_manifest(at.manifest, artifact_of_name(at.name, at.manifest));
  }

  // What its own project file says, else the manifest, which speaks of the archive itself.
  static std::vector<std::string> licenses_of(const Artifact& artifact, const Archive& at) {
    for (const Pom& pom : at.poms) {
      if (pom.self.name == artifact.name && !pom.licenses.empty()) return pom.licenses;
    }
    const std::string_view license = at.manifest.value("Bundle-License");
    if (license.empty() || !is_self(artifact, at.name, self_of(at))) return {};
    std::vector<std::string> all;
    for (const std::string_view one : split(license, ','))
      all.push_back(license_of_url(trim(cut(one, ';').first)));
    return all;
  }

  void conclude(Archive& at) {
    if (at.artifacts.empty() && at.poms.size() == 1 && !at.poms[0].self.name.empty() &&
        !at.poms[0].self.version.empty()) {
      at.artifacts.push_back(at.poms[0].self);
    }
    if (at.artifacts.empty() && !at.bad_pom.empty()) note(Why::damaged, at.bad_pom);
    Artifact self = self_of(at);
    const bool named =
        std::ranges::any_of(at.artifacts, [&](const Artifact& one) { return is_self(one, at.name, self); });
    for (const Artifact& one : at.artifacts) add(one, licenses_of(one, at));
    // A jar that instruments another one copies its manifest.
    const bool copied = !at.manifest.value("Weave-Classes").empty();
    // Beside others a word ("snapshot") is no version.
    const bool numbered = !self.version.empty() && is_digit(self.version.front());
    const bool alone = at.artifacts.empty() || !artifact_of_name(at.name).version.empty();
    if (at.of_java && !named && !copied && (alone || numbered)) {
      if (self.group == self.name) {
        const std::string group = group_of_classes(self.name, at.zip.members());
        if (!group.empty()) self.group = group;
      }
      add(self, licenses_of(self, at));
      at.artifacts.push_back(std::move(self));
    }
    find_faulty(at);
  }

  // Not what the archive says itself, unless of a release that is later than the fault: then it holds a copy of another one. What other
  // archives of the same file say is of their own copies.
  void find_faulty(const Archive& at) {
    for (const auto& [member, fault] : suspects(at.zip.members())) {
      const bool told = std::ranges::any_of(at.artifacts, [&](const Artifact& one) {
        return one.name == fault->artifact && !one.version.empty() && !is_later(one.version, *fault);
      });
      if (!told && is_faulty(*fault, read(at, at.zip.members()[member], kMostText)))
        add(artifact_of(*fault), {});
    }
  }

  void add(const Artifact& artifact, std::vector<std::string> licenses) {
    if (artifact.name.empty() || artifact.version.empty()) return;
    std::string name = artifact.group.empty() ? artifact.name : artifact.group + ":" + artifact.name;
    if (!seen_.emplace(name, artifact.version).second) return;
    found_.add({.type = "maven",
                .name = std::move(name),
                .version = artifact.version,
                .licenses = std::move(licenses),
                .path = file_.path});
  }

  const File& file_;
  Inventory& found_;
  FileNotes notes_;
  std::set<std::pair<std::string, std::string>> seen_;  // name, version
  Allowance allowance_;
};

// A class that lies in a folder.
void read_class(const File& file, Inventory& found) {
  for (const FaultyClass* fault : faults_of(file.path.str())) {
    if (!is_faulty(*fault, file.bytes)) continue;
    found.add({.type = "maven",
               .name = std::string(fault->group) + ":" + std::string(fault->artifact),
               .version = std::string(fault->newest),
               .path = file.path});
  }
}

void run(const File& file, Inventory& found) {
  if (file.path.name().ends_with(".class")) return read_class(file, found);
  if (is_rar(file.path.name(), file.bytes)) return;
  Reading(file, found).run();
}

constexpr auto kWants = std::to_array<Pattern>({"**/*.jar",
                                                "**/*.war",
                                                "**/*.ear",
                                                "**/*.jpi",
                                                "**/*.hpi",
                                                "**/*.par",
                                                "**/*.sar",
                                                "**/*.nar",
                                                "**/*.kar",
                                                "**/*.lpkg",
                                                "**/*.aar",
                                                "**/*.far",
                                                "**/*.rar",
                                                "**/*.zap",
                                                "**/*.jmod",
                                                "**/*.zip",
                                                "**/net/JndiManager.class",
                                                "**/lookup/JndiLookup.class",
                                                "**/lookup/StringLookupFactory.class",
                                                "**/functors/InvokerTransformer.class",
                                                "**/CachedIntrospectionResults.class"});

}  // namespace

namespace catalogers {
extern const Cataloger java;
constexpr Cataloger java = {.name = "java",
                            .about =
                                "Java archives, also in zip files: Maven's properties, manifests, file "
                                "names; faulty classes, also in folders",
                            .version = 15,
                            .wants = kWants,
                            .magics = kJavaMagics,
                            .bulky = true,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr
