// SPDX-License-Identifier: Apache-2.0
// ImageReference: the name of an image in a registry, as container engines write it
// (github.com/distribution/reference): "debian", "debian:12", "ghcr.io/a/b@sha256:..", "[::1]:5000/a:1@sha256:..".
#pragma once

#include <string>
#include <string_view>

#include "model/digest.h"

namespace peekr {

struct ImageReference {
  std::string host;         // with its port; "docker.io" where none is named
  std::string repository;   // "library/debian"
  std::string tag;          // "latest" where neither tag nor digest is named
  Digest digest;            // of the manifest or index; it decides, whatever the tag
  bool names_host = false;  // no: Docker Hub, where none is named

  // All of it: "docker.io/library/debian:12".
  [[nodiscard]] std::string str() const;
};

// In front of a reference it is what other programs (skopeo, cosign) call a registry by.
inline constexpr std::string_view kRegistryUrl = "docker://";

Result<ImageReference> parse_reference(std::string_view text);

}  // namespace peekr
