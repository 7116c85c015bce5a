// SPDX-License-Identifier: Apache-2.0
// What is in an image: the operating system (Distro), the packages, and what catalogers say about one file at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/packed_texts.h"
#include "model/checksum.h"
#include "model/completeness.h"
#include "model/note.h"
#include "model/path.h"

namespace peekr {

// The operating system, as os-release(5) or an older release file names it.
struct Distro {
  std::string id;                    // "debian", "alpine", "rhel"; lower case, os-release ID
  std::vector<std::string> id_like;  // os-release ID_LIKE
  std::string version_id;            // "12", "3.18.4", "9.3"; empty for rolling or unknown
  std::string codename;              // "bookworm"; may be empty
  std::string variant_id;            // os-release VARIANT_ID; may be empty
  std::string name;                  // for people: os-release PRETTY_NAME
  Path path;                         // the file it was read from
};

struct Package {
  std::string type;                    // purl type: deb, apk, rpm, npm, ...
  std::string name;                    // as its database says
  std::string version;                 // deb, apk: the whole string; rpm: version-release without the epoch
  std::optional<std::uint32_t> epoch;  // rpm only, where the tag is there
  std::string arch;
  std::string
      source;  // source package (deb Source, apk origin, rpm SOURCERPM name); same as name if none is given
  std::string source_version;  // its version; rpm: version-release of the SRPM, which carries no epoch
  std::vector<std::string> licenses;
  std::string maintainer;  // deb Maintainer, apk m:
  std::string vendor;      // rpm Vendor, PEAR channel
  std::string modularity;  // rpm module "name:stream:version:context[:arch]"
  std::string repository;  // apk: tag of the one it was taken from ("edge" of "@edge"); empty: none
  std::string lock;        // npm: whose lock file lists it, see catalog/project_locks.h; empty: none
  PackedTexts files;       // owned paths, canonical and relative (see Path); sorted
  std::vector<FileChecksum>
      checksums;                  // of owned files, where the database has them; empty once owners are known
  Path path;                      // the evidence: the file it was read from
  std::uint32_t layer = 0;        // index of the layer that brought it in; set when the tree is known
  std::string purl;               // package URL; set when the distribution is known
  std::vector<std::string> cpes;  // what NVD calls it: CPE 2.3 names
  // A system package none of whose files is in the final tree: only its entry in the database is left.
  bool remnant = false;
  // It was seen in the bytes of the file `path`; no package database and no manifest declares it.
  bool by_content = false;
  // Only so much is seen there of the version: it is this one or a later one. False once that is a Note (catalog/catalog.cc).
  bool at_least = false;
  // A lock file or a manifest of sources asks for it: nothing says that it was installed.
  bool declared = false;
  // A document in the image (an SBOM) says that it is there: nobody saw it. Until claims are settled (catalog/claimed.h),
  // `files` is where the document says that it was seen, and `purl` as it stands there.
  bool claimed = false;
  // The system package (index into Inventory::packages) that installed `path`: a Python module out of a deb. Set last.
  std::optional<std::size_t> owner;
  // What its package manager has beside it (dpkg, apk, rpm): each of `needs` is a name, or several of which one will do ("a|b"), of a
  // package, of what one provides, or of a file ("/bin/sh"). Essential: the system is none without it. npm: what a package needs, what
  // lies bundled in it, and whether its project needs it to run, not to be developed alone.
  std::vector<std::string> needs, provides;
  bool essential = false;
  // apk only: it comes of itself where each of these is. Asked: by its name (etc/apk/world; of none where that has other names, too);
  // npm: by its project's package.json.
  std::vector<std::string> comes_with;
  bool asked = false;
  // What keeps it in its version: deb: "hold" (dpkg --set-selections); apk: what etc/apk/world says of that, "=8.4.0-r0"; npm:
  // "overrides" where the project's package.json has its name there. Empty: nothing.
  std::string pin;
  // The system package that lists `path`, but with other bytes than are there now: the file is not its own any more.
  std::optional<std::size_t> altered;
};

// What one file says about packages that another file declares: dpkg's info/libc6:amd64.list owns files for libc6.
struct Claim {
  std::string type;     // of the package it speaks of
  std::string package;  // its name
  std::string arch;     // empty: any
  PackedTexts files;    // canonical relative paths; sorted
  std::vector<std::string> licenses;
  std::vector<FileChecksum> checksums;
  bool asked = false;  // as Package has it, and
  std::string pin;
};

// What was found: by one cataloger in one file, or, merged, in a whole image.
struct Inventory {
  std::optional<Distro> distro;
  std::vector<Package> packages;
  std::vector<Claim> claims;  // empty once merged: joined to their packages
  // Where the image's packages come from: Red Hat's content sets ("rhel-9-for-x86_64-baseos-rpms"), apk's
  // repositories ("v3.18/main", with a tag "@edge edge/testing"). Sorted once merged.
  std::vector<std::string> repositories;
  std::vector<Note> notes;
  bool executable = false;    // of one file: it is an executable or a library
  Completeness completeness;  // of an image
  bool declared = false;      // one file's: it is a lock file
  // For whoever reads files (Limits::packages): how many packages it takes, and whether there were more.
  std::size_t most_packages = static_cast<std::size_t>(-1);
  bool left_out = false;

  void add(Package package) {
    if (packages.size() < most_packages) {
      packages.push_back(std::move(package));
    } else {
      left_out = true;
    }
  }
};

// The package URL (github.com/package-url/purl-spec) of a package of that distribution.
[[nodiscard]] std::string purl(const Package& package, const std::optional<Distro>& distro);
// The name of an application in NVD's dictionary (CPE 2.3, NISTIR 7695): "cpe:2.3:a:gnu:glibc:2.19:*:*:*:*:*:*:*".
[[nodiscard]] std::string cpe_name(std::string_view vendor, std::string_view product,
                                   std::string_view version);
// The one spelling of a name on PyPI (PEP 503): lower case, runs of "-", "_" and "." are one "-".
[[nodiscard]] std::string pypi_name(std::string_view name);
// A name as it is compared with those that others have written: in PyPI's one spelling; in lower case where case means nothing.
[[nodiscard]] std::string comparable_name(std::string_view type, std::string_view name);
// Whether it is of an operating system's package manager: its database has it, and says which files are its own.
[[nodiscard]] bool is_of_system(const Package& package);
// The full version for comparing: with the epoch in front where the package has one.
[[nodiscard]] std::string full_version(const Package& package);

}  // namespace peekr
