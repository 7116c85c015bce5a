// SPDX-License-Identifier: Apache-2.0
#include "report/anchore.h"

#include "base/text.h"
#include "lib/digest.h"
#include "report/identity.h"

namespace peekr::anchore {

std::vector<std::string> ids_of(const Inventory& inventory) {
  constexpr std::size_t kDigits = 16;
  std::vector<std::string> ids;
  for (const std::string& ref : package_refs(inventory))
    ids.push_back(hex_digest("sha256", ref).substr(0, kDigits));
  return ids;
}

void write_place(JsonWriter& json, const ImageInfo& image, const Package& package) {
  json.only("locations", [&] {
    json.text("path", "/" + package.path.str());
    if (has_layers(image) && package.layer < image.layers.size())
      json.text("layerID", image.layers[package.layer].diff_id.str());
    json.text("accessPath", "/" + package.path.str());
    json.record("annotations", [&] { json.text("evidence", "primary"); });
  });
}

void write_image(JsonWriter& json, std::string_view key, const ImageInfo& image) {
  const ImageName name = name_of(image);
  const std::string repository = name.repository.empty() ? image.name : name.repository;
  std::uint64_t size = 0;
  for (const LayerInfo& layer : image.layers) size += layer.size;
  json.record(key, [&] {
    json.text("userInput", image.name);
    json.text("imageID", image.id.str());
    json.text("manifestDigest", image.digest.str());
    json.text("mediaType", "application/vnd.oci.image.manifest.v1+json");
    json.strings("tags", name.tag.empty() ? std::vector<std::string>()
                                          : std::vector<std::string>{repository + ":" + name.tag});
    json.number("imageSize", size);
    json.list("layers", image.layers, [&](const LayerInfo& layer) {
      json.text("mediaType", layer.media_type);
      json.text("digest", layer.diff_id.str());
      json.number("size", layer.size);
    });
    json.strings("repoDigests", image.digest.empty()
                                    ? std::vector<std::string>()
                                    : std::vector<std::string>{repository + "@" + image.digest.str()});
    const auto [system, rest] = cut(image.platform, '/');
    json.text("architecture", cut(rest, '/').first);
    json.text("os", system);
  });
}

void write_distro(JsonWriter& json, const std::optional<Distro>& distro) {
  json.record("distro", [&] {
    if (!distro) return;
    json.text("prettyName", distro->name);
    json.text("name", distro->id);
    json.text("id", distro->id);
    json.strings("idLike", distro->id_like);
    json.text("version", distro->version_id);
    json.text("versionID", distro->version_id);
    json.given("versionCodename", distro->codename);
  });
}

std::string_view source_type(const ImageInfo& image) { return has_layers(image) ? "image" : "directory"; }

}  // namespace peekr::anchore
