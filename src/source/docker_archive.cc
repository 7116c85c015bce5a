// SPDX-License-Identifier: Apache-2.0
// What `docker save` and `skopeo copy ... docker-archive:` write: a tar with manifest.json, a list of images:
// Config (a name in the archive, <sha256>.json), RepoTags, Layers (names in the archive: <id>/layer.tar,
// often links to <diff id>.tar). Only names that state a digest can be verified, the configuration's and those of packed layers
// (digest_in()): others have none, only the diff IDs that the configuration claims. Since Docker 25 the archive is an OCI layout too; then it
// is read as one, because there descriptors verify all.
#include <algorithm>

#include "base/text.h"
#include "image/unpack.h"
#include "lib/digest.h"
#include "model/layer_number.h"
#include "source/archive.h"
#include "source/layout.h"
#include "source/source.h"
#include "source/target.h"

namespace peekr {
namespace {

constexpr std::string_view kSha256 = "sha256:";

Result<bool> recognises(const std::string& path, const Limits& limits) {
  return archive_holds(path, "manifest.json", limits);
}

// The digest that a name states: "<hex>.json", "blobs/sha256/<hex>", and as go-containerregistry (crane, ko, kaniko) and Jib have it
// "sha256:<hex>" and "<hex>.tar.gz"; none for other names.
Digest digest_in(std::string_view name) {
  name.remove_prefix(name.rfind('/') + 1);
  if (name.starts_with(kSha256)) name.remove_prefix(kSha256.size());
  for (const std::string_view end : {".json", ".tar.gz"}) {
    if (name.ends_with(end)) name.remove_suffix(end.size());
  }
  return Digest::parse(std::string(kSha256) + std::string(name)).value_or(Digest());
}

std::string listing(const std::vector<SavedImage>& images) {
  std::vector<std::string> names;
  for (const SavedImage& image : images) {
    for (const std::string& tag : image.tags) names.push_back(":" + printable(tag));
    const std::string id = digest_in(image.config).str();
    if (image.tags.empty())
      names.push_back(id.empty() ? "one without a tag (" + printable(image.config) + ")" : "@" + id);
  }
  return join(names, ", ");
}

// The one that the user means, and in `tag` the name by which it was found.
Result<SavedImage> choose(const std::vector<SavedImage>& images, const std::string& wanted,
                          std::string& tag) {
  if (images.empty()) return fail(Errc::not_found, "no image in it");
  if (wanted.empty()) {
    if (images.size() > 1) return fail(Errc::usage, "several images: choose one of " + listing(images));
    if (!images.front().tags.empty()) tag = images.front().tags.front();
    return images.front();
  }
  std::vector<SavedImage> found;
  for (const SavedImage& image : images) {
    if (std::ranges::find(image.tags, wanted) != image.tags.end()) {
      tag = wanted;
      return image;
    }
    const auto named = [&](const std::string& name) { return is_named(name, wanted); };
    const auto at = std::ranges::find_if(image.tags, named);
    if (at == image.tags.end()) continue;
    tag = *at;
    found.push_back(image);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(Errc::not_found,
                "no image is called " + printable(wanted) + "; there are: " + listing(images));
  }
  return fail(Errc::usage,
              "several images are called " + printable(wanted) + ": choose one of " + listing(found));
}

// Archives of this kind have no digests of manifests: an image goes by that of its configuration, as docker images shows it.
Result<SavedImage> with_id(const std::vector<SavedImage>& images, const Digest& id, std::string& tag) {
  const auto found =
      std::ranges::find(images, id, [](const SavedImage& one) { return digest_in(one.config); });
  if (found != images.end()) {
    if (!found->tags.empty()) tag = found->tags.front();
    return *found;
  }
  return fail(Errc::not_found, "no image has the id " + id.str() + "; there are: " + listing(images));
}

// The digest that the name of a layer states, where verifying it costs nothing: all of a packed one is read, a plain one is
// mostly skipped.
Result<Digest> digest_of_packed(const std::string& name, const Stored& layer) {
  Digest stated = digest_in(name);
  if (stated.empty()) return stated;
  if (!layer.head.empty()) return is_packed(layer.head) ? stated : Digest();
  const std::unique_ptr<ByteSource> bytes = TRY(layer.open());
  const std::string_view head = TRY(bytes->next());
  return is_packed(head) ? stated : Digest();
}

Result<Image> open_classic(const Store& store, const SavedImage& saved, const Limits& limits) {
  if (saved.layers.size() > limits.layers)  // each is opened below
    return fail(Errc::limit, std::to_string(saved.layers.size()) + " layers (limit layers is " +
                                 std::to_string(limits.layers) + ")");
  const auto read = read_stored(store, saved.config, limits.manifest_bytes);
  const std::string json = TRY(within("image configuration", read));
  const Digest stated = digest_in(saved.config);
  Image image;
  image.info.id = {"sha256", hex_digest("sha256", json)};
  if (!stated.empty() && stated != image.info.id) {
    return fail(Errc::mismatch, "image configuration " + printable(saved.config) + ": expected " +
                                    stated.str() + ", got " + image.info.id.str());
  }
  const ImageConfig config =
      TRY(within("image configuration " + printable(saved.config), parse_config(json)));
  for (const std::string& layer : saved.layers) {
    Stored stored = TRY(within(layer_number(image.layers.size(), saved.layers.size()), store(layer)));
    image.info.layers.push_back({.digest = TRY(digest_of_packed(layer, stored)),
                                 .media_type = "application/vnd.docker.image.rootfs.diff.tar",
                                 .size = stored.size.value_or(0)});
    image.layers.push_back(std::move(stored.open));
  }
  describe(config, image);
  return image;
}

// The configurations of all images of the index.
Result<std::vector<Digest>> ids_in_index(const Store& store, Choice choice, const Limits& limits) {
  choice.platform.clear();
  choice.config = {};
  choice.all_platforms = true;
  const Image all = TRY(open_layout(store, choice, limits));
  if (all.entries.empty()) return std::vector{all.info.id};
  std::vector<Digest> ids;
  for (const IndexEntry& entry : all.entries) {
    if (!entry.open) continue;
    const Result<Image> one = entry.open();
    if (one) ids.push_back(one->info.id);  // else whoever scans it will hear of it
  }
  return ids;
}

// Older readers take manifest.json, newer ones the index: what one of them never sees must not go unsaid. manifest.json has but one
// of the images for several platforms, so that it is asked for those.
Status compare_lists(const Store& store, const std::vector<SavedImage>& images, const Choice& choice,
                     const Limits& limits, Image& image) {
  const bool by_platform = !choice.platform.empty() || choice.all_platforms;
  const bool several = by_platform || images.size() > 1;
  const std::vector<Digest> ids =
      several ? TRY(ids_in_index(store, choice, limits)) : std::vector{image.info.id};
  const auto known = [&](const SavedImage& saved) {
    return std::ranges::find(ids, digest_in(saved.config)) != ids.end();
  };
  const auto meant = [&](const SavedImage& saved) {
    return choice.tag.empty() ||
           std::ranges::any_of(saved.tags, [&](const auto& name) { return is_named(name, choice.tag); });
  };
  if (std::ranges::none_of(images, known)) {
    image.notes.push_back(
        {Path(), Why::suspicious, "manifest.json does not know the image that index.json names"});
  } else if (several && choice.digest.empty() &&
             !std::ranges::all_of(images, [&](const auto& one) { return known(one) || !meant(one); })) {
    image.notes.push_back(
        {Path(), Why::suspicious, "manifest.json names an image that index.json does not know"});
  }
  return {};
}

// The image of a Docker 25 archive, by its index. A tag may stand in the index, or only in manifest.json.
Result<Image> open_indexed(const Store& store, const std::vector<SavedImage>& images, Choice choice,
                           const Limits& limits) {
  const bool by_platform =
      !choice.platform.empty() || choice.all_platforms;  // the index knows other ones too
  std::string tag;
  if (!choice.tag.empty() && choice.digest.empty()) {
    const Result<SavedImage> saved = choose(images, choice.tag, tag);
    if (saved) choice.config = digest_in(saved->config);
    if (by_platform) choice.config = {};
  }
  if (choice.tag.empty() && choice.digest.empty() && images.size() == 1 && !by_platform) {
    choice.config = digest_in(choose(images, "", tag)->config);
  }
  Image image = TRY(open_layout(store, choice, limits));
  if (image.info.tag.empty() || !tag.empty()) image.info.tag = tag;
  TRY(compare_lists(store, images, choice, limits, image));
  return image;
}

Result<Image> open_archive(const Archive& archive, const Target& target, const ImageRef& ref,
                           const Limits& limits) {
  if (!archive.has("manifest.json")) {
    if (archive.has("index.json"))
      return fail(Errc::unsupported, "an OCI archive, not one of docker save: use oci-archive:");
    if (archive.has("repositories"))
      return fail(Errc::unsupported, "saved by Docker before 1.10: no manifest.json");
    return fail(Errc::unsupported, "no manifest.json: not an image archive");
  }
  const Store store = archive.store();
  const std::string json = TRY(read_stored(store, "manifest.json", limits.manifest_bytes));
  const std::vector<SavedImage> images = TRY(within("manifest.json", parse_saved(json)));
  if (archive.has("index.json") && archive.has("oci-layout")) {
    return open_indexed(store, images, choice_of(target, ref), limits);
  }
  std::string tag;
  const SavedImage saved =
      TRY(target.digest.empty() ? choose(images, target.tag, tag) : with_id(images, target.digest, tag));
  Image image = TRY(open_classic(store, saved, limits));
  image.info.tag = tag;
  if (ref.platform.empty()) return image;
  const Platform has = image.info.platform.empty() ? Platform() : TRY(parse_platform(image.info.platform));
  TRY(check_platform(has, ref.platform));
  return image;
}

Result<Image> open(const ImageRef& ref, const Limits& limits) {
  const Target target = TRY(split_target(ref.text));
  const Archive archive = TRY(Archive::open(target.path, limits));
  Image image = TRY(within(target.path, open_archive(archive, target, ref, limits)));
  image.info.kind = "docker-archive";
  image.notes.insert(image.notes.begin(), archive.notes().begin(), archive.notes().end());
  return image;
}

}  // namespace

namespace sources {
extern const Source docker_archive = {
    .scheme = "docker-archive",
    .about = "what docker save writes, old and new layout; may be compressed",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
