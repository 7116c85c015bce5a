// SPDX-License-Identifier: Apache-2.0
// Target: what a user types for an image on this machine, taken apart: "path", "path:tag", "path@sha256:..".
#pragma once

#include <string>

#include "model/digest.h"

namespace peekr {

struct Target {
  std::string path, tag;
  Digest digest;
};

// The path is the longest beginning that exists on disk and ends at a ':' or '@'. Errc::not_found where none
// does.
Result<Target> split_target(const std::string& text);

}  // namespace peekr
