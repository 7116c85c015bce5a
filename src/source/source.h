// SPDX-License-Identifier: Apache-2.0
// Source: one place where images come from. One file a kind, one line in sources.def.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "image/image.h"
#include "model/limits.h"

namespace peekr {

struct ImageRef {
  std::string text;      // what the user typed, without a scheme
  std::string platform;  // "os/arch[/variant]"; empty: this machine's
};

struct Source {
  std::string_view scheme, about;  // "docker-archive": forced by "docker-archive:PATH"
  // Whether the path looks like one of these (called in the order of sources.def, first yes wins).
  bool (*recognises)(const std::string& path);
  Result<Image> (*open)(const ImageRef& ref, const Limits& limits);
};

[[nodiscard]] std::span<const Source* const> all_sources();  // in the order in which they are asked

// Opens "[scheme:]path[:tag|@digest]". Errors name the target.
Result<Image> open_image(const std::string& target, const std::string& platform, const Limits& limits);

}  // namespace peekr
