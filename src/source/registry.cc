// SPDX-License-Identifier: Apache-2.0
// An image in a registry: its manifest is asked for by tag or digest, and what stands in that is read as in any layout,
// with the registry for a store. Nothing is kept on disk: a layer streams through memory, and one that has to be read
// twice is fetched twice.
#include <algorithm>
#include <atomic>
#include <iterator>
#include <span>

#include "base/text.h"
#include "base/timer.h"
#include "lib/digest.h"
#include "source/attached.h"
#include "source/layout.h"
#include "source/mirrors.h"
#include "source/reference.h"
#include "source/registry_client.h"
#include "source/source.h"

namespace peekr {
namespace {

using Client = std::shared_ptr<RegistryClient>;

// The digest that stands in a blob_name().
Result<Digest> digest_of(std::string_view name) {
  const auto [algorithm, hex] = cut(name.substr(std::string_view("blobs/").size()), '/');
  return Digest::parse(std::string(algorithm) + ":" + std::string(hex));
}

// Bytes at hand that their source owns.
class OwnedBytes : public ByteSource {
 public:
  explicit OwnedBytes(std::string bytes) : bytes_(std::move(bytes)) {}

 private:
  Result<std::string_view> fill() override {
    return std::exchange(given_, true) ? std::string_view() : std::string_view(bytes_);
  }

  std::string bytes_;
  bool given_ = false;
};

// What the reference names: its bytes, checked against every digest that anybody has stated.
Result<Descriptor> check_top(const RegistryClient::Document& document, const ImageReference& reference) {
  Descriptor top;
  top.media_type = document.media_type;
  const std::string own =
      kind_of_manifest(top.media_type) == MediaKind::other ? media_type_of(document.bytes) : "";
  if (!own.empty()) top.media_type = own;
  Digest stated = reference.digest;
  if (stated.empty() && !document.digest.empty())
    stated = TRY(within("docker-content-digest", Digest::parse(document.digest)));
  const std::string algorithm = stated.empty() ? "sha256" : stated.algorithm;
  top.digest = {algorithm, hex_digest(algorithm, document.bytes)};
  top.size = document.bytes.size();
  if (!stated.empty() && stated != top.digest)
    return fail(Errc::mismatch, "manifest: expected " + stated.str() + ", got " + top.digest.str());
  return top;
}

// The manifest or index of that tag. Nothing: there is none.
Status add_tagged(const Client& client, const std::string& tag, std::uint64_t most, Index& to) {
  const Result<RegistryClient::Document> document = client->manifest(tag, most);
  if (!document) return document.error().code == Errc::not_found ? Status() : fail(document.error());
  Descriptor one = TRY(within(tag, check_top(*document, {})));
  one.annotations[std::string(kRefName)] = tag;
  to.manifests.push_back(std::move(one));
  return {};
}

// To a registry that does not know the request (Errc::not_found) tags name what is attached.
Status add_referrers(const Client& client, const Digest& subject, std::uint64_t most, Index& to) {
  const auto asked = [&]() -> Status {
    const std::vector<RegistryClient::Document> pages = TRY(client->referrers(subject, most));
    for (const RegistryClient::Document& page : pages) {
      Index index = TRY(parse_index(page.bytes, ""));
      std::ranges::move(index.manifests, std::back_inserter(to.manifests));
    }
    return {};
  };
  const Status status = asked();
  if (status || status.error().code == Errc::not_found) return {};
  return fail(status.error().within("what is attached to " + subject.str()));
}

// For Blobs::beside.
Result<Index> beside(const Client& client, const Descriptor& top, const Digest& image, std::uint64_t most) {
  Index all{{top}};
  std::vector<Digest> subjects{image};
  if (top.digest != image) subjects.push_back(top.digest);
  for (const Digest& subject : subjects) {
    TRY(add_referrers(client, subject, most, all));
    for (const std::string& tag : tags_for(subject)) TRY(add_tagged(client, tag, most, all));
  }
  return all;
}

std::string name_of(const Endpoint& place) { return place.host + "/" + place.repository; }

// Where an image may be had: the place that has its manifest, and those behind it, of which the last one is the registry itself.
struct Places {
  std::vector<Client> all;
  Access access;
  std::atomic<std::size_t> from = 0;  // those in front of it do not answer
};

using OneBlob = Result<std::unique_ptr<ByteSource>>;

// A blob is the same wherever it is: what one place lacks is asked for at the next.
class BlobPlaces {
 public:
  BlobPlaces(std::shared_ptr<Places> places, Digest digest)
      : places_(std::move(places)), digest_(std::move(digest)) {}

  OneBlob all() {
    return from_first([&](RegistryClient& at) { return at.blob(digest_); },
                      [](const Error&) { return false; });
  }
  // Whether there are parts is for one place to say, or each of many parts would be asked for everywhere.
  OneBlob part(std::uint64_t from, std::uint64_t size) {
    return from_first([&](RegistryClient& at) { return at.part(digest_, from, size); },
                      [](const Error& error) { return error.code == Errc::unsupported; });
  }

 private:
  OneBlob from_first(const std::function<OneBlob(RegistryClient&)>& get, bool (*is_final)(const Error&)) {
    for (std::size_t i = std::max(from_.load(), places_->from.load());; ++i) {
      RegistryClient& place = *places_->all[i];
      OneBlob blob = get(place);
      if (blob || i + 1 == places_->all.size() || is_final(blob.error())) return blob;
      std::atomic<std::size_t>& lacking = blob.error().code == Errc::not_found ? from_ : places_->from;
      if (lacking.exchange(i + 1) <= i)
        places_->access.tell("mirror " + name_of(place.endpoint()) + ": " + digest_.str() + ": " +
                             blob.error().message);
    }
  }

  std::shared_ptr<Places> places_;
  Digest digest_;
  std::atomic<std::size_t> from_ = 0;  // those in front of it lack this blob
};

// `top` is at hand: it is not asked for again.
Blobs blobs_of(const std::shared_ptr<Places>& places, const Descriptor& top, const std::string& bytes,
               std::uint64_t most) {
  const Client client = places->all.front();
  Blobs blobs;
  blobs.manifests = [=](const std::string& name) -> Result<Stored> {
    const Digest digest = TRY(digest_of(name));
    return Stored{{}, [=]() -> Result<std::unique_ptr<ByteSource>> {
                    if (digest == top.digest) return std::make_unique<OwnedBytes>(bytes);
                    return std::make_unique<OwnedBytes>(TRY(client->manifest(digest.str(), most)).bytes);
                  }};
  };
  blobs.others = [=](const std::string& name) -> Result<Stored> {
    const auto at = std::make_shared<BlobPlaces>(places, TRY(digest_of(name)));
    return Stored{{},
                  [at] { return at->all(); },
                  [at](std::uint64_t from, std::uint64_t size) { return at->part(from, size); }};
  };
  blobs.beside = [=](const Digest& image) { return beside(client, top, image, most); };
  return blobs;
}

Result<Image> open_at(const std::shared_ptr<Places>& places, const ImageReference& reference,
                      const ImageRef& ref, const Limits& limits) {
  const Client& client = places->all.front();
  const std::string name = reference.digest.empty() ? reference.tag : reference.digest.str();
  const RegistryClient::Document document = TRY(client->manifest(name, limits.manifest_bytes));
  const Descriptor top = TRY(check_top(document, reference));
  if (kind_of_manifest(top.media_type) == MediaKind::schema1) {
    return fail(Errc::unsupported,
                "a Docker schema 1 manifest, which this registry still keeps: push the image again");
  }
  Index index;
  index.manifests.push_back(top);
  const Blobs blobs = blobs_of(places, top, document.bytes, limits.manifest_bytes);
  return open_index(blobs, std::move(index), choice_of({}, ref), limits);
}

// What the user said for the registry itself is no mirror's business.
ImageRef for_mirror(ImageRef ref) {
  ref.access.username = ref.access.password = ref.access.token = "";
  return ref;
}

Result<Client> client_at(const Place& place, const Access& access) {
  Endpoint endpoint{.host = place.host == "docker.io" ? "registry-1.docker.io" : place.host,
                    .repository = place.repository,
                    .insecure = place.insecure};
  endpoint.certificates = TRY(find_certificates(place.host));
  return std::make_shared<RegistryClient>(std::move(endpoint), access);
}

// What the reference names, at the first of these places; of what that one lacks, the blobs at the others. The last one is the
// registry itself.
Result<Image> open_place(std::span<const Place> places, const ImageReference& reference, const ImageRef& ref,
                         const Limits& limits) {
  const auto open = std::make_shared<Places>();
  open->access = ref.access;
  for (const Place& place : places) {
    const bool mirror = &place != &places.back();
    Result<Client> client = client_at(place, mirror ? for_mirror(ref).access : ref.access);
    if (!client && open->all.empty()) return fail(client.error());
    if (!client) ref.access.tell(place.host + "/" + place.repository + ": " + client.error().message);
    if (client) open->all.push_back(*std::move(client));
  }
  Image image = TRY(open_at(open, reference, ref, limits));
  image.info.kind = "registry";
  image.info.tag = reference.str();
  image.fetched = [open] {
    std::uint64_t sum = 0;
    for (const Client& one : open->all) sum += one->fetched();
    return sum;
  };
  return image;
}

// Of the places the first where it is to be had; the last one is the registry itself. An image of an index is looked for at each place
// behind the one of the index, too.
Result<Image> open_first(std::span<const Place> places, const ImageReference& reference, const ImageRef& ref,
                         const Limits& limits) {
  const Place& place = places.front();
  const std::string name = place.host + "/" + place.repository;
  const std::span<const Place> others = places.subspan(1);
  Result<Image> image = open_place(places, reference, ref, limits);
  if (others.empty()) return image;
  if (!image) {
    ref.access.tell("mirror " + name + ": " + image.error().message);
    return open_first(others, reference, ref, limits);
  }
  ref.access.tell(reference.str() + ": out of the mirror " + name);
  for (IndexEntry& entry : image->entries) {
    if (!entry.open) continue;
    ImageReference one = reference;
    one.digest = entry.digest;
    ImageRef alone = ref;
    alone.all_platforms = false;
    entry.open = [=, platform = entry.platform, rest = std::vector(others.begin(), others.end()),
                  at_mirror = std::move(entry.open)]() -> Result<Image> {
      Result<Image> found = at_mirror();
      if (found) return found;
      alone.access.tell("mirror " + name + ": " + found.error().message);
      found = open_first(rest, one, alone, limits);
      if (found && !platform.empty()) found->info.platform = platform;
      return found;
    };
  }
  return image;
}

// A token is good for one registry, and told to no other one: a name without a host, which may be mistyped, is none that was meant.
ImageRef without_others_token(ImageRef ref, const ImageReference& reference) {
  Access& access = ref.access;
  const bool meant = access.token_host.empty() ? reference.names_host : access.token_host == reference.host;
  if (access.token.empty() || meant) return ref;
  access.token.clear();
  access.tell("the registry token is not sent to " + reference.host + ": " +
              (access.token_host.empty()
                   ? "the target does not name it (PEEKR_REGISTRY=" + reference.host + " says that it is its)"
                   : "it is that of " + printable(access.token_host) + " (PEEKR_REGISTRY)"));
  return ref;
}

Result<Image> open(const ImageRef& asked, const Limits& limits) {
  const std::string_view text = asked.text;
  const ImageReference reference =
      TRY(parse_reference(text.substr(text.starts_with(kRegistryUrl) ? kRegistryUrl.size() : 0)));
  const ImageRef ref = without_others_token(asked, reference);
  if (ref.access.offline) {
    return fail(
        Errc::usage,
        reference.str() +
            ": is no file here, and --offline forbids to ask its registry (copy it first: skopeo copy "
            "docker://" +
            reference.str() + " oci-archive:image.tar)");
  }
  const std::vector<MirrorRule> rules = TRY(read_registries_conf());
  const By by = reference.digest.empty() ? By::tag : By::digest;
  const std::vector<Place> places = TRY(places_of(rules, reference.host, reference.repository, by));
  return within(reference.str(), open_first(places, reference, ref, limits));
}

}  // namespace

namespace sources {
extern const Source registry = {
    .scheme = "registry",
    .about =
        "an image in a registry, by the name that engines have for it: debian:12, ghcr.io/a/b@sha256:...",
    .recognises = nullptr,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
