// SPDX-License-Identifier: Apache-2.0
// An image that Docker has: by its name there ("debian:12") or its id.

#include "base/environment.h"
#include "source/engine.h"

namespace peekr {
namespace {

std::vector<std::string> usual_sockets() {
  std::vector<std::string> all = {"/var/run/docker.sock"};
  for (const std::string& folder : runtime_folders()) all.push_back(folder + "/docker.sock");
  // Docker Desktop's.
  if (const std::string home = environment("HOME"); !home.empty())
    all.push_back(home + "/.docker/desktop/docker.sock");
  return all;
}

Result<Image> open(const ImageRef& ref, const Limits& limits) {
  return open_engine({.scheme = "docker",
                      .what = "image",
                      .kinds = {&docker_engine},
                      .hint = "docker pull fetches it; registry: in front scans it without an engine",
                      .open = open_image_at},
                     ref, limits);
}

}  // namespace

constexpr EngineKind docker_engine = {
    .name = "docker", .variable = "DOCKER_HOST", .usual_sockets = usual_sockets};

namespace sources {
extern const Source docker = {
    .scheme = "docker",
    .about = "an image that the Docker on this machine has, by name or id",
    .recognises = nullptr,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
