// SPDX-License-Identifier: Apache-2.0
// The layers of an image that comes as one stream, in the order in which they come. A blob is whatever layer its unpacked bytes
// have the digest of; its name in the stream may say so, and is believed only where the blob is not wanted then.
#include <algorithm>
#include <cassert>
#include <set>

#include "base/text.h"
#include "base/timer.h"
#include "image/layer.h"
#include "image/record.h"
#include "image/unpack.h"
#include "lib/digest.h"

namespace peekr {
namespace {

// Which layers have these bytes: several, where steps of a build changed nothing.
using ByDigest = std::map<Digest, std::vector<std::uint32_t>>;

std::unexpected<Error> not_sent(const ImageInfo& info, const ByDigest& missing) {
  std::uint32_t lowest = missing.begin()->second.front();
  for (const auto& [digest, layers] : missing) lowest = std::min(lowest, layers.front());
  return fail(Errc::mismatch, layer_name(info, lowest) + ": nothing that was sent has this digest");
}

// "sha256/<hex>", "<hex>.tar": a name that is that of a layer which is at hand.
bool is_at_hand(const std::string& name, const Image& image, const ByDigest& missing) {
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const Digest& digest = image.info.layers[i].digest;
    if (is_streamed(image, i) && !missing.contains(digest) && name.find(digest.hex) != std::string::npos)
      return true;
  }
  return false;
}

// The unpacked bytes of one, whose digest is kept under its name at their end.
std::unique_ptr<ByteSource> remembered(BlobStream& stream, const std::string& name,
                                       std::unique_ptr<ByteSource> plain) {
  return hashed_bytes(std::move(plain), "sha256", [&stream, name](const Digest& digest) -> Status {
    stream.plain.with([&](auto& known) { known[name] = digest; });
    return {};
  });
}

Digest known_digest(BlobStream& stream, const std::string& name) {
  return stream.plain.with([&](auto& known) {
    const auto at = known.find(name);
    return at == known.end() ? Digest() : at->second;
  });
}

// Of what may come beside the layers: other documents, artifacts.
bool is_no_layer(const Error& error) {
  return error.code == Errc::damaged || error.code == Errc::unsupported;
}

Status learn(BlobStream& stream, const std::string& name, std::unique_ptr<ByteSource> blob,
             const Limits& limits) {
  std::vector<Note> notes;
  std::unique_ptr<ByteSource> plain = TRY(unpack(std::move(blob), limits, notes));
  plain = remembered(stream, name, std::move(plain));
  while (!TRY(plain->next()).empty()) {
  }
  return {};
}

// Where no blob of the stream has been read yet that is one of these.
Status learn_names(BlobStream& stream, const ByDigest& wanted, const Limits& limits) {
  const auto is_known = [&](const auto& layer) {
    return stream.plain.with([&](const auto& known) {
      return std::ranges::any_of(known, [&](const auto& one) { return one.second == layer.first; });
    });
  };
  if (std::ranges::all_of(wanted, is_known)) return {};
  return stream.read([&](const std::string& name, std::unique_ptr<ByteSource> blob) -> Result<bool> {
    const Status status = within(name, learn(stream, name, std::move(blob), limits));
    if (!status && !is_no_layer(status.error())) return fail(status.error());
    return true;
  });
}

Status list_blob(const LayerJob& job, const std::string& name, std::unique_ptr<ByteSource> blob,
                 Listing& listing) {
  std::unique_ptr<ByteSource> plain = TRY(unpack(std::move(blob), job.options.limits, listing.notes));
  plain = remembered(*job.image.stream, name, std::move(plain));
  // It counts only as the layer that has the digest of what was read.
  note_end(TRY(list_tar(job, *plain, listing)), Wholeness::verified, listing);
  return {};
}

// All layers but those that must come in the stream, which it returns.
Result<ByDigest> read_others(const LayerJob& job, std::vector<Listing>& listings) {
  const Digest nothing{"sha256", hex_digest("sha256", "")};
  ByDigest missing;
  for (std::uint32_t i = 0; i < listings.size(); ++i) {
    const Digest& digest = job.image.info.layers[i].digest;
    if (!is_streamed(job.image, i)) {
      listings[i] = TRY(read_layer(job, i));
    } else if (std::optional<Listing> known = cached_layer(job, i)) {
      listings[i] = *std::move(known);
    } else if (digest != nothing) {  // engines do not send a layer of no bytes
      missing[digest].push_back(i);
    }
  }
  return missing;
}

}  // namespace

Result<std::vector<Listing>> read_stream(const LayerJob& job) {
  const Timer timer("image/stream");
  const Image& image = job.image;
  std::vector<Listing> listings(image.info.layers.size());
  ByDigest missing = TRY(read_others(job, listings));
  std::optional<Error> trouble;  // of the first blob that is no layer
  if (missing.empty()) return listings;
  TRY(image.stream->read([&](const std::string& name, std::unique_ptr<ByteSource> blob) -> Result<bool> {
    if (is_at_hand(name, image, missing)) return true;
    const Timer one("image/layer");
    Listing listing;
    const Status status = within(name, list_blob(job, name, std::move(blob), listing));
    if (!status && !is_no_layer(status.error())) return fail(status.error());
    if (!status) {
      if (!trouble) trouble = status.error();
      return true;
    }
    const auto at = missing.find(known_digest(*image.stream, name));
    if (at == missing.end()) return true;
    const std::string bytes = at->second.size() > 1 ? pack(listing) : "";
    for (const std::uint32_t i : at->second) {
      if (i != at->second.front()) {
        std::optional<Listing> same = unpack_listing(bytes);
        assert(same);  // we have packed it
        listing = *std::move(same);
      }
      listings[i] = finished_layer(job, i, std::move(listing));
    }
    missing.erase(at);
    return !missing.empty();
  }));
  if (missing.empty()) return listings;
  Error error = not_sent(image.info, missing).error();
  if (trouble) error.message += "; of what was sent, " + trouble->message;
  return fail(std::move(error));
}

Status read_stream_files(const Image& image, const WantedContents& wanted, const Limits& limits,
                         const UseFile& use) {
  const Timer timer("image/stream again");
  ByDigest missing;
  for (const auto& [layer, contents] : wanted) missing[image.info.layers[layer].digest].push_back(layer);
  TRY(learn_names(*image.stream, missing, limits));
  TRY(image.stream->read([&](const std::string& name, std::unique_ptr<ByteSource> blob) -> Result<bool> {
    const auto at = missing.find(known_digest(*image.stream, name));
    if (at == missing.end()) return true;
    std::set<Content> contents;
    for (const std::uint32_t layer : at->second)
      contents.insert(wanted.at(layer).begin(), wanted.at(layer).end());
    std::vector<Note> notes;  // the first reading has reported them
    std::unique_ptr<ByteSource> plain = TRY(within(name, unpack(std::move(blob), limits, notes)));
    plain = verified_bytes(std::move(plain), at->first, "layer");
    const auto use_one = [&](const Content& content, std::string_view bytes) {
      for (const std::uint32_t layer : at->second) {
        if (std::ranges::binary_search(wanted.at(layer), content)) use(layer, content, bytes);
      }
    };
    TRY(within(name, read_contents(*plain, {contents.begin(), contents.end()}, limits, use_one)));
    missing.erase(at);
    return !missing.empty();
  }));
  if (!missing.empty()) return not_sent(image.info, missing);
  return {};
}

}  // namespace peekr
