// SPDX-License-Identifier: Apache-2.0
// Image: what a source has opened and the layer reader reads: a description, and for each layer a way to its
// bytes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "image/bytes.h"
#include "image/toc.h"
#include "model/limits.h"
#include "model/note.h"
#include "model/report.h"

namespace peekr {

// What somebody has attached to an image where it is kept: an SBOM, a VEX document, a signature. It is what its publisher claims.
struct Attached {
  std::string type;        // of the artifact, or of a statement that of its predicate; empty: not said
  std::string media_type;  // of the bytes
  Digest digest;
  std::uint64_t size = 0;
  std::map<std::string, std::string> annotations;                 // its own, and those of its manifest
  std::function<Result<std::string>(const Limits& limits)> read;  // the bytes that the digest is of
};

// All blobs of an image that is only to be had whole, as `docker save` writes it. Which layer one is, only its bytes tell.
struct BlobStream {
  // What is done with one that may be a layer; it is gone after the call. `name` is the same each time. False: that was enough.
  using Use = std::function<Result<bool>(const std::string& name, std::unique_ptr<ByteSource> blob)>;
  std::function<Status(const Use& use)> read;  // all of them, in whatever order; may be called again
  Guarded<std::map<std::string, Digest>>
      plain;  // by name: what they unpack to, of those that were read to their end
};

// The table of contents of a layer that has one.
struct LayerTable {
  TocPlace place;
  // So many bytes of the blob from there. Null: only all of them are to be had. Errc::unsupported: the server knows no parts.
  std::function<Result<std::unique_ptr<ByteSource>>(std::uint64_t from, std::uint64_t size)> part;
  // What has become of it.
  struct Use {
    std::shared_ptr<const Toc> toc;  // the layer was read through it; null: it was not
    unsigned lines = 0;              // with so many requests at once
  };
  std::shared_ptr<Guarded<Use>> use = std::make_shared<Guarded<Use>>();
};

// What an index lists: an image, or something beside images.
struct Image;
struct IndexEntry {
  std::string platform;    // "linux/arm/v7"; empty: not known
  std::string os_version;  // of Windows images
  Digest digest;           // of the manifest
  std::string why_not;     // it is no image to look at: an attestation; empty: it is one
  std::function<Result<Image>()> open;
};

struct Image {
  ImageInfo info;
  // Not empty: it is an index of these, and has no layers of its own.
  std::vector<IndexEntry> entries;
  // One for each of info.layers: opens the blob from its start; may be called again for a second reading.
  // Empty function: the layer cannot be read, and a Note says why; or it comes in the stream.
  std::vector<std::function<Result<std::unique_ptr<ByteSource>>()>> layers;
  std::map<std::uint32_t, LayerTable> tables;  // by layer, of those that have one
  // Why layers were read whole that were to be read through a table.
  using WholeBecause = std::map<std::uint32_t, std::string>;
  std::shared_ptr<Guarded<WholeBecause>> whole_because = std::make_shared<Guarded<WholeBecause>>();
  // Layers that cannot be opened one by one; the digest of each in info.layers is that of its unpacked bytes.
  std::shared_ptr<BlobStream> stream;
  std::string
      folder;  // a root file system on disk instead of layers (then info.layers has one nameless layer)
  std::string document;    // an SBOM, or a package URL, instead of layers (catalog/document.h)
  std::string claimed_by;  // the digest of that, where it is a claim that is attached to the image
  // All that is attached to it. Null: nothing can be, where it comes from.
  std::function<Result<std::vector<Attached>>()> attached;
  // For one that comes over a line: how many bytes of blobs have come so far.
  std::function<std::uint64_t()> fetched;
  std::vector<Note> notes;  // what could not be taken from the image
  // The same where only reading the layers shows it; those of the last reading.
  std::shared_ptr<Guarded<std::vector<Note>>> late_notes;
};

// Whether a layer comes in the stream.
[[nodiscard]] inline bool is_streamed(const Image& image, std::size_t layer) {
  return image.stream && !image.layers[layer];
}

// Null: it has none.
[[nodiscard]] inline const LayerTable* table_of(const Image& image, std::uint32_t layer) {
  const auto at = image.tables.find(layer);
  return at == image.tables.end() ? nullptr : &at->second;
}

}  // namespace peekr
