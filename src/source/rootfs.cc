// SPDX-License-Identifier: Apache-2.0
// A root file system that lies unpacked in a folder. The layer reader walks it; here it is only named.
#include "source/folder.h"
#include "source/target.h"

namespace peekr {
namespace {

// One folder of the file system hierarchy is enough; a folder of sources has none.
Result<bool> recognises(const std::string& path, const Limits& /*limits*/) {
  if (!is_folder(path)) return false;
  for (const char* name : {"etc", "usr", "var", "lib", "bin", "sbin", "opt", "root", "home", "srv", "run"}) {
    if (TRY(is_there(path + "/" + name, name))) return true;
  }
  return false;
}

Result<Image> open(const ImageRef& ref, const Limits& /*limits*/) { return open_folder(ref, "rootfs"); }

}  // namespace

namespace sources {
extern const Source rootfs = {
    .scheme = "rootfs",
    .about = "a root file system in a folder",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
