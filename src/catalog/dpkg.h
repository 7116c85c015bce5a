// SPDX-License-Identifier: Apache-2.0
// What dpkg's database shares with those of its relatives (opkg, vcpkg): stanzas of packages, and lists of the files
// they own.
#pragma once

#include <string>
#include <string_view>

#include "catalog/stanza.h"
#include "image/reader.h"
#include "model/package.h"

namespace peekr {

// Type of a claim: the file `package` lies as `files[0]`, but that of the package `arch`.
inline constexpr std::string_view kDiversion = "deb-diversion";

// Where the database is whose file lies in that folder: "var/lib/dpkg" of "var/lib/dpkg/status.d".
[[nodiscard]] std::string_view dpkg_home(std::string_view folder);

// What a stanza without a Status header says: a database of states always has one, a package's own control
// file never.
enum class Unstated { damaged, installed };

struct ControlFormat {
  std::string_view type;  // of the purl
  Unstated unstated;
  void (*complete)(const Stanza&, Package&);  // source, licences: what differs
};

enum class State { installed, unfinished, gone, broken, damaged };  // unfinished: there, but not set up
// What Status (want, flag, state) says of a package.
[[nodiscard]] State state_of(const Stanza& stanza, Unstated unstated);
// What is wrong with a stanza of that state, for a note: "stanza at line 3 (zlib): no Version"; empty: nothing.
[[nodiscard]] std::string problem_of(const Stanza& stanza, State state);

// The installed packages of a file of stanzas.
void read_control(const File& file, const ControlFormat& format, Inventory& found);

// <package>[:<arch>].list, one absolute path a line, directories in front of what is in them.
void read_list(const File& file, std::string_view type, Inventory& found);

// <package>[:<arch>].md5sums; leave_out: only a hash of each path is kept, for the checksum.
enum class Paths { keep, leave_out };
void read_md5sums(const File& file, Paths paths, Inventory& found);

}  // namespace peekr
