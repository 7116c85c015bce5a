// SPDX-License-Identifier: Apache-2.0
// Cataloger: how one package format is recognised and read. One file a format, one line in catalogers.def, one fixture
// folder: see CONTRIBUTING.md.
#pragma once

#include <span>
#include <string_view>

#include "image/reader.h"
#include "model/package.h"

namespace peekr {

// Which files: a path from the image's root, in which a part "*" stands for any one part, "*" inside a part for any bytes,
// and a leading "**/" for any folders (also none): "var/lib/dpkg/status", "**/lib/apk/db/installed", "**/*.jar".
using Pattern = std::string_view;

// These bytes at that place of a file, within its first kHeadBytes.
struct Magic {
  std::string_view bytes;
  std::size_t at = 0;
};

// Whether run() must see a file whole. Pieces are for files of which one thing after the other is looked at, each within a
// megabyte: the memory that they take has a bound (WantedFiles in image/layer.h).
enum class Takes { whole, pieces };

struct Cataloger {
  std::string_view name, about;
  int version;                     // raised whenever its results change: the layer cache asks for it
  std::span<const Pattern> wants;  // files that run() is called for
  std::span<const Pattern> reads =
      {};                              // files of the same folder whose bytes run() may ask for as neighbours
  std::span<const Magic> magics = {};  // files that begin so are wanted, too, whatever their path
  Takes takes = Takes::whole;
  bool bulky = false;      // large files: where layers are not read whole, they are left out
  bool of_system = false;  // the operating system and its packages
  // Of lock files: what it finds is asked for there, not installed (catalog/declared.h).
  bool declares = false;
  // Pure: bytes in, values out. Adds to `found` what file.path says; sets packages[].path; a gap is a Note.
  void (*run)(const File& file, Inventory& found);
};

[[nodiscard]] std::span<const Cataloger* const> all_catalogers();  // by name

}  // namespace peekr
