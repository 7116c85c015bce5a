// SPDX-License-Identifier: Apache-2.0
// The JSON documents that name an image, what engines say of images and containers, registries.conf and the
// Link header: each parser gets every input, whatever it says it is.
#include <cstdint>

#include "source/engine.h"
#include "source/link.h"
#include "source/mirrors.h"
#include "source/oci.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string json(data, data + size);
  (void)peekr::parse_index(json, "");
  (void)peekr::parse_manifest(json, "application/vnd.oci.image.manifest.v1+json");
  (void)peekr::parse_attachment(json, "");
  (void)peekr::parse_saved(json);
  (void)peekr::check_layout_version(json);
  (void)peekr::link_target(json, "next");
  (void)peekr::parse_engine_image(json);
  (void)peekr::parse_engine_history(json, 3);
  (void)peekr::parse_engine_container(json);
  (void)peekr::parse_engine_changes(json);
  (void)peekr::parse_engine_error(json);
  if (const auto rules = peekr::parse_registries_conf(json))
    (void)peekr::places_of(*rules, "docker.io", "library/debian", peekr::By::tag);
  const peekr::Result<peekr::ImageConfig> config = peekr::parse_config(json);
  if (config) {
    peekr::Image image;
    image.info.layers.resize(3);
    peekr::describe(*config, image);
  }
  return 0;
}
