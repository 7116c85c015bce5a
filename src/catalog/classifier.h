// SPDX-License-Identifier: Apache-2.0
// Classifiers: software recognised by what stands in the bytes of a program or library. A row of classifiers.def has a
// landmark, a fixed text that an automaton finds in one pass over all bytes for all rows, and an expression for the version
// in the bytes around it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/cataloger.h"

namespace peekr {

struct Classifier {
  std::string_view family;   // of one family the first row that finds something counts
  std::string_view package;  // "type/name", as in a package URL
  std::string_view cpes;     // "vendor:product", separated by blanks
  Pattern file;  // empty: any executable; else only files of that name, which need not be executables
  std::string_view landmark;  // alternatives separated by "|"
  // Must stand anywhere in the file, alternatives as above; empty: nothing. One that begins with "!" must not: of a file in pieces,
  // of which none knows what is in the others, such a row finds nothing.
  std::string_view also;
  std::uint32_t reach;  // bytes around the landmark that the expression sees; 0: all of them
  // The expression (lib/regex.h); its groups, joined by dots, are the version. "=2.36": that landmark is not in what is older,
  // and tells no more.
  std::string_view version;
};

[[nodiscard]] std::span<const Classifier> all_classifiers();

// A row that has found its version.
struct Classified {
  const Classifier* row = nullptr;
  std::string version;

  // The release is this one or a later one.
  [[nodiscard]] bool is_at_least() const { return row->version.starts_with('='); }
};

// What is in a file, in the order of the rows; the versions of one family's rows are all from the first row that has one.
// Landmarks are looked for beside the code: texts are no part of that.
[[nodiscard]] Result<std::vector<Classified>> classify(const File& file);

}  // namespace peekr
