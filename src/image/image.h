// SPDX-License-Identifier: Apache-2.0
// Image: what a source has opened and the layer reader reads: a description, and for each layer a way to its
// bytes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "image/bytes.h"
#include "model/note.h"
#include "model/report.h"

namespace peekr {

struct Image {
  ImageInfo info;
  // One for each of info.layers: opens the blob from its start; may be called again for a second reading.
  // Empty function: the layer cannot be read, and a Note says why.
  std::vector<std::function<Result<std::unique_ptr<ByteSource>>()>> layers;
  std::string
      folder;  // a root file system on disk instead of layers (then info.layers has one nameless layer)
  std::string document;  // an SBOM, or a package URL, instead of layers (catalog/document.h)
  // For one that comes over a line: how many bytes of blobs have come so far.
  std::function<std::uint64_t()> fetched;
  std::vector<Note> notes;  // what could not be taken from the image
};

}  // namespace peekr
