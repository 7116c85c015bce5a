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

// Whether something of that path is there, whatever it is. Where that cannot be known (a folder above it that the user may not look
// into), an error that calls it `name`.
Result<bool> is_there(const std::string& path, const std::string& name);

// The path is the longest beginning that exists on disk and ends at a ':' or '@'. Errc::not_found where none
// does, and for nothing else: what may be there must not be looked for elsewhere.
Result<Target> split_target(const std::string& text);

}  // namespace peekr
