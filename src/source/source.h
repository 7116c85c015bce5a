// SPDX-License-Identifier: Apache-2.0
// Source: one place where images come from. One file a kind, one line in sources.def.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "image/image.h"
#include "model/limits.h"
#include "source/access.h"

namespace peekr {

struct ImageRef {
  std::string text;      // what the user typed; for a row: without a scheme
  std::string platform;  // "os/arch[/variant]"; empty: this machine's
  Access access = {};
  bool all_platforms =
      false;  // what is an index is opened as one: Image::entries. Anything else has but one platform
};

struct Source {
  std::string_view scheme, about;  // "docker-archive": forced by "docker-archive:PATH"
  // Whether the path looks like one of these (called in the order of sources.def, first yes wins). Errc::limit: it would take
  // more than the limits allow to know. Null: an image of this kind has a name, and is no file.
  Result<bool> (*recognises)(const std::string& path, const Limits& limits);
  // Of a kind with names, Errc::not_found: it does not have it. Without a scheme the next kind is asked after any error.
  Result<Image> (*open)(const ImageRef& ref, const Limits& limits);
};

[[nodiscard]] std::span<const Source* const> all_sources();  // in the order in which they are asked

// Opens "[scheme:]path[:tag|@digest]" or "[scheme:]name[:tag][@digest]". Without a scheme, a file or folder of that name is
// what is meant, whatever is in it; else the kinds with names are asked. Errors name the target.
Result<Image> open_image(const ImageRef& ref, const Limits& limits);

}  // namespace peekr
