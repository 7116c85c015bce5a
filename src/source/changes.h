// SPDX-License-Identifier: Apache-2.0
// ContainerChanges: what a container has written over its image, and the layer that is.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "base/guarded.h"
#include "image/bytes.h"
#include "model/limits.h"
#include "model/note.h"
#include "model/path.h"

namespace peekr {

struct ContainerChanges {
  std::set<Path> written;  // added, or there in another form
  std::vector<Path> removed;
};

// The layer, out of a tar of the merged root (unpacked), as it comes. At its end `notes` are what it is without.
std::unique_ptr<ByteSource> changed_bytes(std::unique_ptr<ByteSource> root, ContainerChanges changes,
                                          const Limits& limits,
                                          std::shared_ptr<Guarded<std::vector<Note>>> notes);

}  // namespace peekr
