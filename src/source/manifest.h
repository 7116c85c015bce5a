// SPDX-License-Identifier: Apache-2.0
// From the descriptor of a manifest to one Image: every document is verified against its descriptor, the layers are described.
#pragma once

#include <functional>
#include <string>

#include "model/limits.h"
#include "source/oci.h"
#include "source/store.h"

namespace peekr {

// Where documents and layers are asked for by blob_name(). A layout has all in one place, a registry keeps manifests and
// indexes apart.
struct Blobs {
  Store manifests, others;
  // Where to look for what is attached to that image (source/attached.h): a layout's index.json; for a registry the same, made of its
  // answers, with tags for names. Null: nothing can be attached.
  std::function<Result<Index>(const Digest& image)> beside = {};
};

// The name of a blob in a layout: "blobs/sha256/..".
[[nodiscard]] std::string blob_name(const Digest& digest);
// The bytes behind a descriptor, which are what it says or an error.
Result<std::string> verified(const Store& store, const Descriptor& descriptor, const Limits& limits);
Result<Manifest> read_manifest(const Blobs& blobs, const Descriptor& descriptor, const Limits& limits);
Result<ImageConfig> read_config(const Blobs& blobs, const Descriptor& descriptor, const Limits& limits);
// The Image without its name, kind and tag. Its platform is what the descriptor says, else what the configuration does.
Result<Image> open_manifest(const Blobs& blobs, const Descriptor& descriptor, const Limits& limits);

}  // namespace peekr
