// SPDX-License-Identifier: Apache-2.0
// The JSON documents of an image: index, manifest and configuration (github.com/opencontainers/image-spec,
// and the Docker v2 schema 2 that they descend from), and docker save's manifest.json. Pure: bytes in, values
// out, nothing is believed beyond its shape. A key that stands twice is refused, because two readers would
// take different ones.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "image/image.h"
#include "model/digest.h"
#include "source/platform.h"

namespace peekr {

// The annotation with what a layout calls a manifest (annotations.md).
inline constexpr std::string_view kRefName = "org.opencontainers.image.ref.name";
inline constexpr unsigned kDeepestIndex = 8;  // indexes inside indexes; real ones have two levels

struct Descriptor {
  std::string media_type;
  Digest digest;
  std::uint64_t size = 0;
  Platform platform;  // empty: not said
  std::map<std::string, std::string> annotations;
  bool has_urls = false;  // the blob is to be had elsewhere (foreign layers)
};

struct Index {
  std::vector<Descriptor> manifests;
};

struct Manifest {
  Descriptor config;
  std::vector<Descriptor> layers;  // lowest first
  std::map<std::string, std::string> annotations;
};

// A manifest of whatever (image-spec, manifest.md): what is attached to an image comes in one.
struct Attachment {
  std::string type;  // "application/vnd.cyclonedx+json"; empty: not said
  Digest subject;    // the manifest that it is attached to; empty: none
  std::vector<Descriptor> blobs;
  std::map<std::string, std::string> annotations;
};

struct ImageConfig {
  struct Step {
    std::string text;
    bool empty_layer = false;
    std::string created = {};  // RFC 3339; may be empty
  };
  Platform platform;
  std::vector<Digest> diff_ids;
  std::vector<Step> history;
  std::map<std::string, std::string> labels;
  EntryPoint entry;
};

// One image of manifest.json.
struct SavedImage {
  std::string config;  // a name in the archive
  std::vector<std::string> tags, layers;
};

enum class MediaKind { index, manifest, schema1, other };
[[nodiscard]] MediaKind kind_of_manifest(std::string_view media_type);

// The media type of a document that has come without a usable one: what it says itself, else that of its shape; "" for
// what is neither index nor manifest.
[[nodiscard]] std::string media_type_of(std::string_view json);

// Each refuses documents of the other kinds (Errc::unsupported or damaged) and a mediaType that differs from
// `media_type`, where both are given.
Result<Index> parse_index(std::string_view json, std::string_view media_type);
Result<Manifest> parse_manifest(std::string_view json, std::string_view media_type);
Result<Attachment> parse_attachment(std::string_view json, std::string_view media_type);
Result<ImageConfig> parse_config(std::string_view json);
Result<std::vector<SavedImage>> parse_saved(std::string_view json);
// The file oci-layout: only version 1 is known.
Status check_layout_version(std::string_view json);

// What peekr can do with a layer of that media type.
enum class LayerKind { readable, foreign, encrypted, unknown };
[[nodiscard]] LayerKind kind_of_layer(std::string_view media_type);

// Lays what the configuration says over image.info: platform, labels, and for the layers their diff IDs and
// build steps; and which of them are the base image's (source/base.h). Counts that do not agree are Notes.
void describe(const ImageConfig& config, Image& image);

}  // namespace peekr
