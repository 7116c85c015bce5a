// SPDX-License-Identifier: Apache-2.0
// A folder of sources: as a root file system, but what lock files ask for counts (catalog/declared.h). Never guessed: what
// is meant for an image would be judged by what it declares.
#include "source/folder.h"

namespace peekr {
namespace {

Result<bool> recognises(const std::string& /*path*/, const Limits& /*limits*/) { return false; }

Result<Image> open(const ImageRef& ref, const Limits& /*limits*/) { return open_folder(ref, "dir"); }

}  // namespace

namespace sources {
extern const Source dir = {
    .scheme = "dir",
    .about = "a folder of sources: what its lock files ask for counts as well",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
