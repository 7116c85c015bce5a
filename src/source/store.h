// SPDX-License-Identifier: Apache-2.0
// Store: named blobs, from a tar archive (archive.h) or an OCI layout folder (oci_dir.cc). What the readers
// of manifests ask, so that they do not care which of the two it is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "image/bytes.h"
#include "image/image.h"

namespace peekr {

struct Stored {
  std::uint64_t size = 0;
  std::function<Result<std::unique_ptr<ByteSource>>()> open;
};

// Errc::not_found, naming the file, where there is none of that name ("blobs/sha256/ab..").
using Store = std::function<Result<Stored>(const std::string& name)>;

// All bytes of one; Errc::limit over `limit`, which is Limits::manifest_bytes. Errors name it.
Result<std::string> read_stored(const Store& store, const std::string& name, std::uint64_t limit);

}  // namespace peekr
