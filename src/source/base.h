// SPDX-License-Identifier: Apache-2.0
// Which image an image was built on, and where its layers end.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/cache.h"
#include "image/tree.h"
#include "source/oci.h"

namespace peekr {

// The name is what annotations say, else labels, which an image inherits from its base: they may speak of that one's base. The
// layers are told by the build history, in which a base image ends with its CMD. Pure; a guess, which says how it came about.
[[nodiscard]] BaseImage base_of(std::span<const ImageConfig::Step> history, const ImageInfo& info);

// The largest image of another name that was seen before and has the lowest layers of this one, but not all of them, is its base;
// before larger ones, one that the image names so itself. That is certain where the image names it, and the digests of the blobs say so
// (or diff IDs, where `verify` is full: then and now), and the image that was seen came out of a registry or an engine. Else it is a
// guess (is_guess): what is in a cache is nobody's decision, and by diff IDs, which are the same however a registry packs a layer,
// any image may claim anything. Then this image is seen, too.
void recognise_base(ImageInfo& info, Verify verify, Cache& cache);

// The image that the user calls its base; false: its layers are not the lowest ones of this one.
[[nodiscard]] bool take_base(ImageInfo& info, const ImageInfo& base, Verify verify);

// source/seen.cc: the catalogue of images that were fetched from a registry before, which the cache has.
struct SeenImage {
  std::string name;     // "debian:12.12"
  std::string digest;   // of the manifest
  Inventory inventory;  // without owned files, and without what nobody judges by
};
// Whole inventories only, of images that a registry has by their tag. `version`: Reader::version; what other catalogers have said is not asked.
void remember(const ImageInfo& info, const Inventory& inventory, std::string_view version, Cache& cache);

struct SeenBases {
  std::string name;  // of the base image, as a Dockerfile has it; empty: nobody says
  bool is_reference =
      false;  // a registry may have it by that name: no file, and no text that is anything else
  std::vector<SeenImage>
      others;  // of its repository and platform, with the tag or a later one of its line; the greatest first
};
[[nodiscard]] SeenBases seen_bases(const ImageInfo& info, std::string_view version, Cache& cache);

// "debian:12", as Dockerfiles have it: what a registry or an engine has the image by. Empty: what it says itself, in an archive or a layout, is no name.
[[nodiscard]] std::string registry_name(const ImageInfo& info);

}  // namespace peekr
