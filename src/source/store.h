// SPDX-License-Identifier: Apache-2.0
// Store: named blobs, from a tar archive (archive.h), an OCI layout folder (oci_dir.cc) or a registry. What the readers of
// manifests ask, so that they do not care which of them it is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "image/bytes.h"
#include "image/image.h"

namespace peekr {

struct Stored {
  std::optional<std::uint64_t> size;  // nothing: known only when it has been read
  std::function<Result<std::unique_ptr<ByteSource>>()> open;
  // So many of its bytes from there. Null: there are no parts. Errc::unsupported: the server does not know them.
  std::function<Result<std::unique_ptr<ByteSource>>(std::uint64_t from, std::uint64_t size)> part = {};
  std::string head = {};  // its first bytes, where to open it for them would be dear; empty: open it
};

// Errc::not_found, naming the file, where there is none of that name ("blobs/sha256/ab..").
using Store = std::function<Result<Stored>(const std::string& name)>;

// All bytes of one; Errc::limit over `limit`, which is Limits::manifest_bytes. Errors name it.
Result<std::string> read_stored(const Store& store, const std::string& name, std::uint64_t limit);

}  // namespace peekr
