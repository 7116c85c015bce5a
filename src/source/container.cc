// SPDX-License-Identifier: Apache-2.0
// A container: its image's layers, and what it has written over them as one more. Neither its processes nor its files are
// stopped for that: what changes while it is read may be seen before or after.
#include "base/text.h"
#include "source/changes.h"
#include "source/engine.h"

namespace peekr {
namespace {

Result<bool> recognises(const std::string& /*path*/, const Limits& /*limits*/) { return false; }

Result<Image> image_of(const std::shared_ptr<Engine>& engine, const EngineContainer& told, ImageRef ref,
                       const Limits& limits) {
  ref.text = told.image.str();
  Result<Image> image = open_image_at(engine, ref, limits);
  if (image) return image;
  Error error = image.error().within("its image " + ref.text);
  if (error.code == Errc::not_found) error.code = Errc::io;  // it would say that there is no such container
  return fail(std::move(error));
}

Result<Image> open_at(const std::shared_ptr<Engine>& engine, const ImageRef& ref, const Limits& limits) {
  const std::string json = TRY(engine->document("/containers/" + ref.text + "/json", limits.manifest_bytes));
  const EngineContainer told = TRY(parse_engine_container(json));
  Image image = TRY(image_of(engine, told, ref, limits));
  // What is said of the image by its name or digest (VEX) was not said of what was written over it.
  image.info.tag.clear();
  image.info.id = {};
  for (const std::string& mount : told.mounts) {
    image.notes.push_back(
        {Path(mount), Why::unsupported, "is a mount of the container: what is in it is not looked at"});
  }
  image.late_notes = std::make_shared<Guarded<std::vector<Note>>>();
  image.info.layers.push_back(
      {.media_type = "application/vnd.docker.image.rootfs.diff.tar",
       .created_by = "written by the container " + told.name + " over " + told.image.str()});
  image.layers.emplace_back([engine, limits, notes = image.late_notes,
                             path = "/containers/" + told.id]() -> Result<std::unique_ptr<ByteSource>> {
    const std::string list = TRY(engine->document(path + "/changes", limits.manifest_bytes, kLongPatience));
    ContainerChanges changes = TRY(parse_engine_changes(list));
    std::unique_ptr<ByteSource> root = TRY(engine->stream(path + "/export"));
    return changed_bytes(std::move(root), std::move(changes), limits, notes);
  });
  return image;
}

Result<Image> open(const ImageRef& ref, const Limits& limits) {
  return open_engine({.scheme = "container",
                      .what = "container",
                      .kinds = {&docker_engine, &podman_engine},
                      .hint = "",
                      .open = open_at},
                     ref, limits);
}

}  // namespace

namespace sources {
extern const Source container = {
    .scheme = "container",
    .about = "a container of Docker or podman, by name or id: its image and what it has written since",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
