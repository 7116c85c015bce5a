// SPDX-License-Identifier: Apache-2.0
// Engine: what a container engine on this machine says over its Unix socket: Docker's HTTP API
// (docs.docker.com/reference/api/engine), which podman speaks as well. It is asked for what it has, and told to do nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "image/bytes.h"
#include "lib/http_stream.h"
#include "source/changes.h"
#include "source/oci.h"
#include "source/source.h"

namespace peekr {

constexpr unsigned kLongPatience = 600;  // seconds: an engine may first put together all that it sends

class Engine {
 public:
  explicit Engine(std::string socket) : socket_(std::move(socket)) {}

  // What it answers to GET, of at most `most` bytes. Errc::not_found: it has no such thing; io: nobody answers, or not to us.
  // `patience`: seconds until something comes.
  Result<std::string> document(const std::string& path, std::uint64_t most, unsigned patience = 30);
  // The same as it comes. The engine must outlive it.
  Result<std::unique_ptr<ByteSource>> stream(const std::string& path);

 private:
  Result<std::unique_ptr<HttpStream>> get(const std::string& path, unsigned patience);

  std::string socket_;
  HttpClient http_;
};

// One kind of engine: where it may listen, and the variable that says where it does.
struct EngineKind {
  std::string_view name, variable;  // "docker", "DOCKER_HOST"
  std::vector<std::string> (*usual_sockets)();
};
extern const EngineKind docker_engine, podman_engine;
// Where it may be: what the variable says, which is all then, else the usual places. Errc::unsupported: no unix:// socket.
Result<std::vector<std::string>> sockets_of(const EngineKind& kind);

// What is asked for, and of whom: the first of their sockets that has it is taken.
struct EngineSearch {
  std::string_view scheme, what;  // "docker", "image"
  std::vector<const EngineKind*> kinds;
  std::string_view hint;  // for those who look for it in vain
  Result<Image> (*open)(const std::shared_ptr<Engine>& engine, const ImageRef& ref, const Limits& limits);
};
// Errc::not_found: no such engine, or none that has it.
Result<Image> open_engine(const EngineSearch& search, const ImageRef& ref, const Limits& limits);

// One of that engine: an Image::stream, without its kind.
Result<Image> open_image_at(const std::shared_ptr<Engine>& engine, const ImageRef& ref, const Limits& limits);

// $XDG_RUNTIME_DIR and what it is by default, without a '/' at the end.
[[nodiscard]] std::vector<std::string> runtime_folders();

// What an engine says of an image: GET /images/NAME/json. Pure.
struct EngineImage {
  Digest
      id;  // of the configuration; of an engine that keeps its images in containerd, of the index or manifest
  std::vector<std::string> tags;
  std::uint64_t size = 0;  // unpacked
  ImageConfig config;      // without its history
};
Result<EngineImage> parse_engine_image(std::string_view json);
// Why it will not: "message" of what it answers then; empty where it does not say. Pure.
[[nodiscard]] std::string parse_engine_error(std::string_view json);
// GET /images/NAME/history, lowest first; nothing where it cannot be told which of its steps made one of so many layers. Pure.
Result<std::vector<ImageConfig::Step>> parse_engine_history(std::string_view json, std::size_t layers);

// What an engine says of a container: GET /containers/NAME/json. Pure.
struct EngineContainer {
  std::string id, name;
  Digest image;
  std::vector<std::string> mounts;  // where they are in it
};
Result<EngineContainer> parse_engine_container(std::string_view json);
// GET /containers/NAME/changes. Pure.
Result<ContainerChanges> parse_engine_changes(std::string_view json);

}  // namespace peekr
