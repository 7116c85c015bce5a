// SPDX-License-Identifier: Apache-2.0
#include "source/oci.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "source/base.h"
#include "source/strict.h"

namespace peekr {
namespace {

using namespace strict;

constexpr std::string_view kIndexTypes[] = {"application/vnd.oci.image.index.v1+json",
                                            "application/vnd.docker.distribution.manifest.list.v2+json"};
constexpr std::string_view kManifestTypes[] = {"application/vnd.oci.image.manifest.v1+json",
                                               "application/vnd.docker.distribution.manifest.v2+json"};
constexpr std::string_view kEmptyConfig = "application/vnd.oci.empty.v1+json";
constexpr std::string_view kConfigTypes[] = {"application/vnd.oci.image.config.v1+json",
                                             "application/vnd.docker.container.image.v1+json"};

Result<Platform> platform(const object& fields) {
  Platform found;
  found.os = TRY(text(fields, "os"));
  found.architecture = TRY(text(fields, "architecture"));
  found.variant = TRY(text(fields, "variant"));
  found.os_version = TRY(text(fields, "os.version"));
  return normalised(std::move(found));
}

Result<Descriptor> descriptor(const element& value) {
  const object fields = TRY(as_object(value, "descriptor"));
  Descriptor found;
  found.media_type = TRY(text(fields, "mediaType"));
  const std::string digest = TRY(text(fields, "digest"));
  found.digest = TRY(Digest::parse(digest));
  const std::optional<element> size = member(fields, "size");
  if (!size || size->get(found.size) != simdjson::SUCCESS) {
    return fail(Errc::damaged, "descriptor of " + found.digest.str() + ": no size");
  }
  found.annotations = TRY(text_map(fields, "annotations"));
  found.has_urls = !TRY(list(fields, "urls")).empty();
  const std::optional<element> where = member(fields, "platform");
  if (!where) return found;
  const object inside = TRY(as_object(*where, "platform"));
  found.platform = TRY(platform(inside));
  return found;
}

Result<std::vector<Descriptor>> descriptors(const object& fields, std::string_view key) {
  std::vector<Descriptor> all;
  const std::vector<element> items = TRY(list(fields, key));
  for (const element& item : items) all.push_back(TRY(within(key, descriptor(item))));
  return all;
}

bool is_image_config(std::string_view type) {
  return std::ranges::find(kConfigTypes, type) != std::end(kConfigTypes);
}

// What an index and a manifest have in common. The parser owns the fields.
Result<object> versioned(simdjson::dom::parser& parser, std::string_view json, std::string_view media_type) {
  const element root = TRY(parse(parser, json));
  const object fields = TRY(as_object(root, "document"));
  const std::optional<element> version = member(fields, "schemaVersion");
  std::uint64_t number = 0;
  const std::string own_type = TRY(text(fields, "mediaType"));
  const bool first = version && version->get(number) == simdjson::SUCCESS && number == 1;
  if (first || kind_of_manifest(own_type) == MediaKind::schema1) {
    return fail(Errc::unsupported,
                "a Docker schema 1 manifest: push the image again with a Docker of this decade");
  }
  if (number != 2) return fail(Errc::damaged, "schemaVersion is not 2");
  if (!own_type.empty() && !media_type.empty() && own_type != media_type) {
    return fail(Errc::mismatch,
                "says it is " + printable(own_type) + ", its descriptor says " + printable(media_type));
  }
  // CVE-2021-41190: a document that is both, for each reader what the media type tells it.
  if (member(fields, "manifests") && (member(fields, "layers") || member(fields, "config"))) {
    return fail(Errc::damaged, "is an index and a manifest at once");
  }
  return fields;
}

// Suffixes after the media type of a tar: none, +gzip, +zstd (OCI), .gzip, .zstd (Docker).
bool known_packing(std::string_view suffix) {
  return suffix.empty() || suffix == "+gzip" || suffix == "+zstd" || suffix == ".gzip" || suffix == ".zstd";
}

std::string step_text(const std::string& created_by, const std::string& comment) {
  // BuildKit signs every step so; it says nothing.
  if (comment.empty() || comment == "buildkit.dockerfile.v0") return created_by;
  return created_by.empty() ? comment : created_by + " # " + comment;
}

}  // namespace

MediaKind kind_of_manifest(std::string_view media_type) {
  if (std::ranges::find(kIndexTypes, media_type) != std::end(kIndexTypes)) return MediaKind::index;
  if (std::ranges::find(kManifestTypes, media_type) != std::end(kManifestTypes)) return MediaKind::manifest;
  return media_type.starts_with("application/vnd.docker.distribution.manifest.v1+") ? MediaKind::schema1
                                                                                    : MediaKind::other;
}

LayerKind kind_of_layer(std::string_view media_type) {
  if (media_type.find("+encrypted") != std::string_view::npos) return LayerKind::encrypted;
  const struct {
    std::string_view prefix;
    LayerKind kind;
  } prefixes[] = {{"application/vnd.oci.image.layer.v1.tar", LayerKind::readable},
                  {"application/vnd.oci.image.layer.nondistributable.v1.tar", LayerKind::foreign},
                  {"application/vnd.docker.image.rootfs.diff.tar", LayerKind::readable},
                  {"application/vnd.docker.image.rootfs.foreign.diff.tar", LayerKind::foreign}};
  for (const auto& [prefix, kind] : prefixes) {
    if (media_type.starts_with(prefix) && known_packing(media_type.substr(prefix.size()))) return kind;
  }
  return LayerKind::unknown;
}

std::string media_type_of(std::string_view json) {
  simdjson::dom::parser parser;
  const Result<element> root = parse(parser, json);
  object fields;
  if (!root || root->get(fields) != simdjson::SUCCESS) return "";
  const Result<std::string> own = text(fields, "mediaType");
  if (own && !own->empty()) return *own;
  std::uint64_t version = 0;
  if (fields["schemaVersion"].get(version) == simdjson::SUCCESS && version == 1)
    return "application/vnd.docker.distribution.manifest.v1+json";
  if (member(fields, "manifests")) return std::string(kIndexTypes[0]);
  return member(fields, "layers") ? std::string(kManifestTypes[0]) : "";
}

Result<Index> parse_index(std::string_view json, std::string_view media_type) {
  simdjson::dom::parser parser;
  const object fields = TRY(versioned(parser, json, media_type));
  if (!member(fields, "manifests")) return fail(Errc::damaged, "not an image index: no manifests");
  Index index;
  index.manifests = TRY(descriptors(fields, "manifests"));
  return index;
}

Result<Manifest> parse_manifest(std::string_view json, std::string_view media_type) {
  simdjson::dom::parser parser;
  const object fields = TRY(versioned(parser, json, media_type));
  const std::optional<element> config = member(fields, "config");
  if (!config || !member(fields, "layers"))
    return fail(Errc::damaged, "not an image manifest: no config or layers");
  Manifest manifest;
  manifest.config = TRY(within("config", descriptor(*config)));
  const std::string& type = manifest.config.media_type;
  if (!is_image_config(type)) {
    return fail(Errc::unsupported, "not a container image: its config is " + printable(type));
  }
  manifest.layers = TRY(descriptors(fields, "layers"));
  manifest.annotations = TRY(text_map(fields, "annotations"));
  return manifest;
}

Result<Attachment> parse_attachment(std::string_view json, std::string_view media_type) {
  simdjson::dom::parser parser;
  const object fields = TRY(versioned(parser, json, media_type));
  if (!member(fields, "layers")) return fail(Errc::unsupported, "not a manifest: no layers");
  Attachment attachment;
  attachment.type = TRY(text(fields, "artifactType"));
  if (const std::optional<element> config = member(fields, "config"); config && attachment.type.empty()) {
    // Before there was an artifactType, the type of the configuration was it.
    const std::string type = TRY(within("config", descriptor(*config))).media_type;
    const bool image = is_image_config(type);
    if (!image && type != kEmptyConfig) attachment.type = type;
  }
  if (const std::optional<element> subject = member(fields, "subject"))
    attachment.subject = TRY(within("subject", descriptor(*subject))).digest;
  attachment.blobs = TRY(descriptors(fields, "layers"));
  attachment.annotations = TRY(text_map(fields, "annotations"));
  return attachment;
}

Result<ImageConfig> parse_config(std::string_view json) {
  simdjson::dom::parser parser;
  const element root = TRY(parse(parser, json));
  const object fields = TRY(as_object(root, "document"));
  ImageConfig config;
  config.platform = TRY(platform(fields));
  if (const std::optional<element> rootfs = member(fields, "rootfs")) {
    const object inside = TRY(as_object(*rootfs, "rootfs"));
    const std::vector<std::string> ids = TRY(texts(inside, "diff_ids"));
    for (const std::string& id : ids) config.diff_ids.push_back(TRY(Digest::parse(id)));
  }
  if (const std::optional<element> inner = member(fields, "config")) {
    const object inside = TRY(as_object(*inner, "config"));
    config.labels = TRY(text_map(inside, "Labels"));
    config.entry = entry_of(inside);
  }
  for (const element& item : TRY(list(fields, "history"))) {
    const object step = TRY(as_object(item, "history"));
    bool empty_layer = false;
    const std::optional<element> flag = member(step, "empty_layer");
    if (flag && flag->get(empty_layer) != simdjson::SUCCESS) {
      return fail(Errc::damaged, "empty_layer: not true or false");
    }
    const std::string created_by = TRY(text(step, "created_by"));
    const std::string comment = TRY(text(step, "comment"));
    const std::string created = TRY(text(step, "created"));
    config.history.push_back({step_text(created_by, comment), empty_layer, created});
  }
  return config;
}

Result<std::vector<SavedImage>> parse_saved(std::string_view json) {
  simdjson::dom::parser parser;
  const element root = TRY(parse(parser, json));
  std::vector<SavedImage> all;
  for (const element& item : TRY(items(root, "document"))) {
    const object fields = TRY(as_object(item, "image"));
    SavedImage& image = all.emplace_back();
    image.config = TRY(text(fields, "Config"));
    image.tags = TRY(texts(fields, "RepoTags"));
    image.layers = TRY(texts(fields, "Layers"));
    if (image.config.empty()) return fail(Errc::damaged, "an image without Config");
  }
  return all;
}

Status check_layout_version(std::string_view json) {
  simdjson::dom::parser parser;
  const element root = TRY(parse(parser, json));
  const object fields = TRY(as_object(root, "document"));
  const std::string version = TRY(text(fields, "imageLayoutVersion"));
  if (version.starts_with("1.")) return {};
  return fail(Errc::unsupported, "imageLayoutVersion " + printable(version) + ": only 1.0.0 is known");
}

void describe(const ImageConfig& config, Image& image) {
  std::vector<LayerInfo>& layers = image.info.layers;
  image.info.platform = config.platform.str();
  image.info.labels = config.labels;
  image.info.entry = config.entry;
  const auto disagree = [&](Why why, std::size_t count, const std::string& what) {
    return Note{Path(), why,
                "image configuration: " + std::to_string(count) + " " + what + " for " +
                    std::to_string(layers.size()) + " layers"};
  };
  if (config.diff_ids.size() == layers.size()) {
    for (std::size_t i = 0; i < layers.size(); ++i) layers[i].diff_id = config.diff_ids[i];
  } else {
    image.notes.push_back(disagree(Why::damaged, config.diff_ids.size(), "diff IDs"));
  }
  std::vector<std::string> steps;
  for (const ImageConfig::Step& step : config.history) {
    if (!step.empty_layer) steps.push_back(step.text);
  }
  if (steps.size() == layers.size()) {
    for (std::size_t i = 0; i < layers.size(); ++i) layers[i].created_by = std::move(steps[i]);
  } else if (!config.history.empty()) {
    // All layers are read; the history is for people, and some tools add layers without (umoci repack --no-history).
    image.notes.push_back(disagree(Why::suspicious, steps.size(), "build steps"));
    image.notes.back().what += ": which one made which is not known";
  }
  image.info.base = base_of(config.history, image.info);
}

}  // namespace peekr
