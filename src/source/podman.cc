// SPDX-License-Identifier: Apache-2.0
// An image that podman has, where its service listens (systemctl [--user] start podman.socket): by its name there or its id.
#include <unistd.h>

#include "source/engine.h"

namespace peekr {
namespace {

std::vector<std::string> usual_sockets() {
  std::vector<std::string> all;
  for (const std::string& folder : runtime_folders()) all.push_back(folder + "/podman/podman.sock");
  // Root's images are asked for first by root.
  all.insert(::getuid() == 0 ? all.begin() : all.end(), "/run/podman/podman.sock");
  return all;
}

Result<Image> open(const ImageRef& ref, const Limits& limits) {
  return open_engine({.scheme = "podman",
                      .what = "image",
                      .kinds = {&podman_engine},
                      .hint = "podman pull fetches it; registry: in front scans it without an engine",
                      .open = open_image_at},
                     ref, limits);
}

}  // namespace

constexpr EngineKind podman_engine = {
    .name = "podman", .variable = "CONTAINER_HOST", .usual_sockets = usual_sockets};

namespace sources {
extern const Source podman = {
    .scheme = "podman",
    .about = "an image that the podman service on this machine has, by name or id",
    .recognises = nullptr,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
