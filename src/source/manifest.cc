// SPDX-License-Identifier: Apache-2.0
#include "source/manifest.h"

#include "base/text.h"
#include "model/layer_number.h"
#include "source/attached.h"

namespace peekr {
namespace {

Status check_size(const std::string& what, std::uint64_t has, std::uint64_t stated) {
  if (has == stated) return {};
  return fail(Errc::mismatch, what + ": has " + std::to_string(has) + " bytes, its descriptor says " +
                                  std::to_string(stated));
}

// A blob whose size is known only when it has been read: one that is not as long as stated is an error.
class SizedBytes : public ByteSource {
 public:
  SizedBytes(std::unique_ptr<ByteSource> source, std::uint64_t size, std::string what)
      : source_(std::move(source)), size_(size), what_(std::move(what)) {}

 private:
  Result<std::string_view> fill() override {
    Result<std::string_view> bytes = source_->next();
    if (!bytes) return bytes;
    seen_ += bytes->size();
    if (seen_ > size_) {
      return fail(Errc::mismatch,
                  what_ + ": has more than the " + std::to_string(size_) + " bytes that its descriptor says");
    }
    if (bytes->empty()) TRY(check_size(what_, seen_, size_));
    return bytes;
  }

  std::unique_ptr<ByteSource> source_;
  std::uint64_t size_, seen_ = 0;
  std::string what_;
};

// The next one of so many.
Status add_layer(const Store& store, const Descriptor& layer, std::size_t count, Image& image) {
  const std::string which = layer_number(image.layers.size(), count) + " (" + layer.digest.str() + ")";
  image.info.layers.push_back({.digest = layer.digest, .media_type = layer.media_type, .size = layer.size});
  image.layers.emplace_back();
  const auto unreadable = [&](const std::string& why) -> Status {
    image.notes.push_back({Path(), Why::unsupported, which + ": " + why});
    return {};
  };
  const LayerKind kind = kind_of_layer(layer.media_type);
  if (kind == LayerKind::encrypted) return unreadable("encrypted: " + printable(layer.media_type));
  if (kind == LayerKind::unknown) return unreadable("unknown media type " + printable(layer.media_type));
  Result<Stored> stored = store(blob_name(layer.digest));
  const bool elsewhere = kind == LayerKind::foreign || layer.has_urls;
  Status there = stored ? Status() : fail(stored.error());
  if (stored && !stored->size && elsewhere) {
    const Result<std::unique_ptr<ByteSource>> opened = stored->open();
    if (!opened) there = fail(opened.error());
  }
  if (!there && there.error().code == Errc::not_found && elsewhere) {
    return unreadable("a foreign layer that is not in the image: " + printable(layer.media_type));
  }
  if (!there) return fail(there.error().within(which));
  if (const std::optional<TocPlace> table = toc_place(layer.annotations)) {
    image.tables[static_cast<std::uint32_t>(image.layers.size() - 1)] = {*table, stored->part};
  }
  if (stored->size) {
    TRY(check_size(which, *stored->size, layer.size));
    image.layers.back() = std::move(stored->open);
    return {};
  }
  image.layers.back() = [open = std::move(stored->open),
                         size = layer.size]() -> Result<std::unique_ptr<ByteSource>> {
    std::unique_ptr<ByteSource> bytes = TRY(open());
    return std::make_unique<SizedBytes>(std::move(bytes), size, "blob");
  };
  return {};
}

}  // namespace

std::string blob_name(const Digest& digest) { return "blobs/" + digest.algorithm + "/" + digest.hex; }

Result<std::string> verified(const Store& store, const Descriptor& descriptor, const Limits& limits) {
  const std::string name = blob_name(descriptor.digest);
  const Stored stored = TRY(store(name));
  TRY(check_size(name, stored.size.value_or(descriptor.size), descriptor.size));
  std::string bytes = TRY(read_stored(store, name, limits.manifest_bytes));
  TRY(check_size(name, bytes.size(), descriptor.size));
  TRY(check_digest(name, descriptor.digest, bytes));
  return bytes;
}

Result<Manifest> read_manifest(const Blobs& blobs, const Descriptor& descriptor, const Limits& limits) {
  const std::string bytes = TRY(within("manifest", verified(blobs.manifests, descriptor, limits)));
  return within("manifest " + descriptor.digest.str(), parse_manifest(bytes, descriptor.media_type));
}

Result<ImageConfig> read_config(const Blobs& blobs, const Descriptor& descriptor, const Limits& limits) {
  const std::string bytes = TRY(within("image configuration", verified(blobs.others, descriptor, limits)));
  return within("image configuration " + descriptor.digest.str(), parse_config(bytes));
}

Result<Image> open_manifest(const Blobs& blobs, const Descriptor& descriptor, const Limits& limits) {
  const Manifest manifest = TRY(read_manifest(blobs, descriptor, limits));
  const ImageConfig config = TRY(read_config(blobs, manifest.config, limits));
  Image image;
  image.info.digest = descriptor.digest;
  image.info.id = manifest.config.digest;
  image.info.annotations = manifest.annotations;
  for (const Descriptor& layer : manifest.layers)
    TRY(add_layer(blobs.others, layer, manifest.layers.size(), image));
  describe(config, image);
  if (!descriptor.platform.empty()) image.info.platform = descriptor.platform.str();
  if (blobs.beside)
    image.attached = [blobs, limits, digest = descriptor.digest] {
      return attached_to(blobs, digest, limits);
    };
  return image;
}

}  // namespace peekr
