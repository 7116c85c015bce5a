// SPDX-License-Identifier: Apache-2.0
// Stanzas of "Name: value" lines, as dpkg, opkg and the Debian archive write them: deb822(5), deb-control(5).
//
//   Package: libc6                 a header; names are compared without case
//   Description: GNU C Library     the next lines start with a blank: they continue this value
//    Contains the standard ...
//                                  an empty line ends the stanza
//
// All views point into the bytes that the reader was made of. One pass, nothing is copied.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "image/reader.h"
#include "model/package.h"

namespace peekr {

class Stanza {
 public:
  // The first line of the first header of that name, trimmed; empty when there is none.
  [[nodiscard]] std::string_view value(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::size_t line() const { return line_; }          // its first line, from 1
  [[nodiscard]] std::size_t bad_line() const { return bad_line_; }  // the first that is no header; 0: none

 private:
  friend class StanzaReader;
  struct Field {
    std::string_view name, value;
  };
  void add(std::string_view text, std::size_t number);

  std::vector<Field> fields_;
  std::size_t line_ = 0, bad_line_ = 0;
};

class StanzaReader {
 public:
  // `key` is the header that each stanza has once: where it comes again, an empty line was lost, and a new
  // stanza starts.
  StanzaReader(std::string_view bytes, std::string_view key) : rest_(bytes), key_(key) {}
  // Reads the next stanza over the last one, whose room is used again. False at the end.
  bool next(Stanza& stanza);

 private:
  std::string_view rest_, key_;
  std::size_t number_ = 0;  // of the line before rest_
};

// The notes of one file: the first few as they are, then one that counts the others.
class FileNotes {
 public:
  FileNotes(const Path& path, Inventory& found) : path_(path), found_(found) {}
  void add(Why why, std::string what);
  // In front of all that are added from here on: "line 3: ".
  void set_context(std::string context) { context_ = std::move(context); }
  // To be called at the end of the file.
  void finish();

 private:
  const Path& path_;
  Inventory& found_;
  std::string context_;
  std::size_t count_ = 0;
};

// Adds the package to what was found; one without a name or version is a note instead.
void add_named(Package package, Inventory& found, FileNotes& notes);

// The tools that keep these databases end every line: a version at the end may have lost its tail.
void note_if_cut_short(const File& file, FileNotes& notes);

// A name from the file as it may stand in a note: printable, and not endless.
[[nodiscard]] std::string quoted(std::string_view name);

}  // namespace peekr
