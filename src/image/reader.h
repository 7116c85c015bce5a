// SPDX-License-Identifier: Apache-2.0
// What read_layers() asks of whoever wants to see files, and what it hands over. image/ knows no cataloger:
// it calls this.
#pragma once

#include <span>
#include <string_view>

#include "model/package.h"
#include "model/path.h"

namespace peekr {

// A regular file of the image. Views are valid during the call only: keep results, never contents.
struct File {
  struct Neighbour {
    Path path;
    std::string_view bytes;
  };
  Path path;
  std::string_view bytes;
  std::span<const Neighbour> neighbours;  // files of the same folder that the reader asked to keep

  // The bytes of another file that was kept, or nothing.
  [[nodiscard]] const Neighbour* neighbour(std::string_view at) const {
    for (const Neighbour& one : neighbours) {
      if (one.path.str() == at) return &one;
    }
    return nullptr;
  }
};

enum class Interest {
  none,
  read,        // call read() as soon as the bytes are there
  read_later,  // call read() at the end of the layer, with the neighbours
  keep,        // be a neighbour, for files of the same folder, until the end of the layer
};

// Both functions are pure and are called from several threads.
struct Reader {
  Interest (*interest)(std::string_view path);
  void (*read)(const File& file, Inventory& found);
};

}  // namespace peekr
