// SPDX-License-Identifier: Apache-2.0
// Layout: from the index.json of an OCI image layout (image-layout.md) to one Image: choose a manifest by
// tag, digest and platform, through nested indexes; manifest.h opens it.
#pragma once

#include <string>

#include "model/limits.h"
#include "source/manifest.h"
#include "source/source.h"
#include "source/target.h"

namespace peekr {

struct Choice {
  std::string tag;             // empty: any
  Digest digest;               // of a manifest or index; empty: any
  Digest config;               // of a configuration; empty: any
  std::string platform;        // "os/arch[/variant]"; empty: this machine's
  bool all_platforms = false;  // where there are several: Image::entries
};

// What is named, of the platform that was asked for.
[[nodiscard]] Choice choice_of(const Target& target, const ImageRef& ref);

// The Image without its name and kind.
Result<Image> open_layout(const Store& store, const Choice& choice, const Limits& limits);
// The same from an index that is at hand.
Result<Image> open_index(const Blobs& blobs, Index index, const Choice& choice, const Limits& limits);

// Whether a name that an archive gives an image ("docker.io/library/debian:8") is what the user calls
// "debian:8" or "8".
[[nodiscard]] bool is_named(std::string_view name, std::string_view wanted);
// Errc::not_found unless the platform serves the one asked for explicitly ("": not asked).
Status check_platform(const Platform& has, const std::string& asked);

}  // namespace peekr
