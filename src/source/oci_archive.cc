// SPDX-License-Identifier: Apache-2.0
// An OCI image layout in a tar archive, as `skopeo copy ... oci-archive:` and `podman save --format
// oci-archive` write it.
#include "source/archive.h"
#include "source/layout.h"
#include "source/source.h"
#include "source/target.h"

namespace peekr {
namespace {

Result<bool> recognises(const std::string& path, const Limits& limits) {
  return archive_holds(path, "index.json", limits);
}

Result<Image> open(const ImageRef& ref, const Limits& limits) {
  const Target target = TRY(split_target(ref.text));
  const Archive archive = TRY(Archive::open(target.path, limits));
  const Choice choice = choice_of(target, ref);
  Image image = TRY(within(target.path, open_layout(archive.store(), choice, limits)));
  image.info.kind = "oci-archive";
  image.notes.insert(image.notes.begin(), archive.notes().begin(), archive.notes().end());
  return image;
}

}  // namespace

namespace sources {
extern const Source oci_archive = {
    .scheme = "oci-archive",
    .about = "an OCI image layout in a tar archive, which may be compressed",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
