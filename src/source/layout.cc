// SPDX-License-Identifier: Apache-2.0
#include "source/layout.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <ranges>
#include <set>

#include "base/text.h"
#include "base/timer.h"

namespace peekr {
namespace {

constexpr std::size_t kMostListed = 1000;  // manifests and indexes, of which each may cost a request

// A manifest that may be the one, or an index that may hold it, under the name by which the layout knows it.
struct Candidate {
  Descriptor descriptor;
  std::string name;  // may be empty
  unsigned depth = 0;
  bool chosen = true;        // it or an index above it has the digest that was asked for
  std::string why_not = {};  // where all are listed: it is no image; empty: it may be one
  bool unreadable = false;   // it is one for a platform all the same, of a kind that is not read
};

constexpr std::string_view kNames[] = {"io.containerd.image.name", kRefName};

std::string name_of(const Descriptor& descriptor) {
  for (const std::string_view key : kNames) {
    const auto found = descriptor.annotations.find(std::string(key));
    if (found != descriptor.annotations.end()) return found->second;
  }
  return "";
}

bool bears(const Descriptor& descriptor, std::string_view wanted) {
  for (const std::string_view key : kNames) {
    const auto found = descriptor.annotations.find(std::string(key));
    if (found != descriptor.annotations.end() && is_named(found->second, wanted)) return true;
  }
  return false;
}

// BuildKit lists its attestations (provenance, SBOM) as manifests beside the images. What names a platform is run there, whatever
// its annotations say.
bool is_attestation(const Descriptor& descriptor) {
  const Platform& platform = descriptor.platform;
  return (platform.empty() && descriptor.annotations.contains("vnd.docker.reference.type")) ||
         (platform.os == "unknown" && platform.architecture == "unknown");
}

std::string attestation_text(const Descriptor& descriptor) {
  const auto of = descriptor.annotations.find("vnd.docker.reference.digest");
  if (of != descriptor.annotations.end()) return "an attestation of " + printable(of->second);
  if (descriptor.annotations.contains("vnd.docker.reference.type")) return "an attestation";
  return "its platform is unknown: an attestation, or what else is no image";
}

// Empty: what stands there may be an image.
std::string other_kind(std::string_view media_type) {
  switch (kind_of_manifest(media_type)) {
    case MediaKind::index:
    case MediaKind::manifest: return "";
    case MediaKind::schema1: return "a Docker schema 1 manifest";
    case MediaKind::other: break;
  }
  return media_type.empty() ? "no media type" : printable(media_type);
}

bool is_image(const Candidate& one) { return one.why_not.empty(); }

std::string listing(const std::vector<Candidate>& candidates) {
  std::set<std::string> names;
  for (const Candidate& one : candidates) {
    names.insert(one.name.empty() ? "@" + one.descriptor.digest.str() : ":" + printable(one.name));
  }
  return join({names.begin(), names.end()}, ", ");
}

// A signature, an SBOM, a chart. What cannot be read, or not now, may be an image: whoever opens it will hear of it.
bool is_artifact(const Blobs& blobs, const Descriptor& descriptor, const Limits& limits) {
  if (kind_of_manifest(descriptor.media_type) != MediaKind::manifest) return false;
  const Result<std::string> json = verified(blobs.manifests, descriptor, limits);
  if (!json) return false;
  const Result<Attachment> attachment = parse_attachment(*json, descriptor.media_type);
  if (attachment && !attachment->subject.empty()) return true;
  const Result<Manifest> manifest = parse_manifest(*json, descriptor.media_type);
  if (!manifest) return manifest.error().code == Errc::unsupported;
  const auto strange = [](const Descriptor& layer) {
    return kind_of_layer(layer.media_type) == LayerKind::unknown;
  };
  return !manifest->layers.empty() && std::ranges::all_of(manifest->layers, strange);
}

// Beside images with names, artifacts without one are nothing to choose from.
void leave_out_artifacts(const Blobs& blobs, std::vector<Candidate>& tops, const Limits& limits) {
  const bool named = !std::ranges::all_of(tops, &std::string::empty, &Candidate::name);
  if (!named || tops.size() > kMostListed) return;
  std::erase_if(tops, [&](const Candidate& one) {
    return one.name.empty() && is_artifact(blobs, one.descriptor, limits);
  });
}

// What the user calls the image, among what stands in index.json.
Result<std::vector<Candidate>> tagged(const Blobs& blobs, std::vector<Candidate> all, const Choice& choice,
                                      const Limits& limits) {
  const bool digests = !choice.digest.empty() || !choice.config.empty();
  if (choice.tag.empty() && !digests) leave_out_artifacts(blobs, all, limits);
  std::vector<Candidate> matching = all;
  if (!choice.tag.empty() && !digests) {
    std::erase_if(matching, [&](const Candidate& one) { return !bears(one.descriptor, choice.tag); });
    if (matching.empty()) {
      leave_out_artifacts(blobs, all, limits);
      return fail(Errc::not_found,
                  "no image is called " + printable(choice.tag) + "; there are: " + listing(all));
    }
    const auto exact = [&](const Candidate& one) { return one.name == choice.tag; };
    if (std::ranges::any_of(matching, exact)) std::erase_if(matching, std::not_fn(exact));
  }
  std::set<std::string> names, manifests;
  for (const Candidate& one : matching) {
    names.insert(one.name);
    manifests.insert(one.descriptor.digest.str());
  }
  if (!digests && names.size() > 1 && manifests.size() > 1) {
    return fail(Errc::usage, "several images: choose one of " + listing(matching));
  }
  return matching;
}

// To the one that was listed before without a platform.
void name_platform(std::vector<Candidate>& manifests, const Descriptor& again) {
  const auto same = [&](const Candidate& one) { return one.descriptor.digest == again.digest; };
  const auto first = std::ranges::find_if(manifests, same);
  if (first != manifests.end() && first->descriptor.platform.empty())
    first->descriptor.platform = again.platform;
}

// The image manifests below `open`, indexes opened.
Result<std::vector<Candidate>> flattened(const Blobs& blobs, std::vector<Candidate> open,
                                         const Choice& choice, const Limits& limits) {
  std::vector<Candidate> manifests;
  std::set<std::string> seen;
  std::size_t count = 0;
  std::string other;
  std::ranges::reverse(open);  // a stack: the first is on top
  while (!open.empty()) {
    Candidate one = std::move(open.back());
    open.pop_back();
    const Descriptor& at = one.descriptor;
    if (++count > kMostListed)
      return fail(Errc::limit, "more than " + std::to_string(kMostListed) + " manifests");
    one.chosen = one.chosen || at.digest == choice.digest;
    const bool attests = is_attestation(at) && at.digest != choice.digest;
    one.why_not = attests ? attestation_text(at) : other_kind(at.media_type);
    if (!attests && !one.why_not.empty()) other = one.why_not;
    one.unreadable = !attests && !is_image(one) && !at.platform.empty();
    if (is_image(one) && !seen.insert(at.digest.str()).second) {
      one.why_not = "the same manifest as another one here";
      name_platform(manifests, at);
    }
    if (!is_image(one) || kind_of_manifest(at.media_type) == MediaKind::manifest) {
      if (one.chosen && (is_image(one) || choice.all_platforms)) manifests.push_back(std::move(one));
      continue;
    }
    if (one.depth >= kDeepestIndex)
      return fail(Errc::limit, "indexes nested more than " + std::to_string(kDeepestIndex) + " deep");
    const std::string bytes = TRY(within("index", verified(blobs.manifests, at, limits)));
    Index inside = TRY(within("index " + at.digest.str(), parse_index(bytes, at.media_type)));
    for (Descriptor& child : inside.manifests | std::views::reverse) {
      open.push_back({std::move(child), one.name, one.depth + 1, one.chosen});
    }
  }
  if (std::ranges::any_of(manifests, is_image)) return manifests;
  if (!choice.digest.empty()) return fail(Errc::not_found, "no image has the digest " + choice.digest.str());
  if (!other.empty()) return fail(Errc::unsupported, "no image in it, only " + other);
  return fail(Errc::not_found, "no image in it");
}

// Leaves only those with the wanted configuration, and gives those without a platform the one of their
// configuration.
Status look_inside(const Blobs& blobs, std::vector<Candidate>& candidates, const Choice& choice,
                   const Limits& limits) {
  std::vector<Candidate> kept;
  for (Candidate& one : candidates) {
    const bool by_config = !choice.config.empty();
    if (by_config || one.descriptor.platform.empty()) {
      Result<Manifest> manifest = read_manifest(blobs, one.descriptor, limits);
      // A layout may be partial, and may hold things that are no images: they are not the one.
      const bool other = !manifest && (manifest.error().code == Errc::unsupported ||
                                       manifest.error().code == Errc::not_found);
      if (other || (manifest && by_config && manifest->config.digest != choice.config)) continue;
      if (!manifest) return fail(std::move(manifest).error());
      one.descriptor.platform = TRY(read_config(blobs, manifest->config, limits)).platform;
    }
    kept.push_back(std::move(one));
  }
  if (kept.empty())
    return fail(Errc::not_found,
                "none of its " + std::to_string(candidates.size()) + " manifests is that image");
  candidates = std::move(kept);
  return {};
}

Result<Candidate> best(const std::vector<Candidate>& candidates, const Choice& choice) {
  const Platform wanted = choice.platform.empty() ? this_machine() : TRY(parse_platform(choice.platform));
  const Candidate* found = nullptr;
  bool tie = false;
  std::set<std::string> there;
  for (const Candidate& one : candidates) {
    const Platform& has = one.descriptor.platform;
    there.insert(has.empty() ? "unknown" : titled(has));
    const std::optional<unsigned> distance = fit(wanted, has);
    if (!distance) continue;
    const std::optional<unsigned> so_far = found ? fit(wanted, found->descriptor.platform) : std::nullopt;
    tie = so_far && (*distance == *so_far ? has.os_version == found->descriptor.platform.os_version
                                          : tie && *distance > *so_far);
    if (!so_far || *distance < *so_far) found = &one;
  }
  if (found == nullptr) {
    return fail(Errc::not_found, "no image for " + printable(titled(wanted)) +
                                     "; there are: " + printable(join({there.begin(), there.end()}, ", ")));
  }
  if (!tie) return *found;
  std::vector<Candidate> unnamed = candidates;
  for (Candidate& one : unnamed) one.name.clear();
  return fail(Errc::usage,
              "several images for " + printable(titled(wanted)) + ": choose one of " + listing(unnamed));
}

// Of an index that does not say which platforms its images are for.
void ask_platforms(const Blobs& blobs, std::vector<Candidate>& candidates, const Limits& limits) {
  for (Candidate& one : candidates) {
    if (!is_image(one) || !one.descriptor.platform.empty()) continue;
    const Result<Manifest> manifest = read_manifest(blobs, one.descriptor, limits);
    if (!manifest && manifest.error().code == Errc::unsupported) one.why_not = manifest.error().message;
    if (!manifest) continue;  // else whoever opens it will hear of it
    const Result<ImageConfig> config = read_config(blobs, manifest->config, limits);
    if (!config) continue;
    one.descriptor.platform = config->platform;
  }
}

// As read_manifest() says that it is the manifest that is not there.
constexpr std::string_view kNoManifest = "manifest: ";

Result<Image> open_candidate(const Blobs& blobs, const Candidate& candidate, const Limits& limits) {
  Result<Image> opened = open_manifest(blobs, candidate.descriptor, limits);
  const Platform& platform = candidate.descriptor.platform;
  if (!opened && opened.error().code == Errc::not_found && !platform.empty() &&
      opened.error().message.starts_with(kNoManifest))
    return fail(opened.error().within("lists an image for " + printable(titled(platform)) +
                                      " that it does not hold"));
  Image image = TRY(std::move(opened));
  image.info.tag = candidate.name;
  return image;
}

// The Image that is but an index of images.
Image index_of(const Blobs& blobs, const std::vector<Candidate>& candidates, const Limits& limits) {
  Image index;
  for (const Candidate& one : candidates) {
    const Platform& platform = one.descriptor.platform;
    IndexEntry& entry = index.entries.emplace_back(IndexEntry{.platform = platform.str(),
                                                              .os_version = platform.os_version,
                                                              .digest = one.descriptor.digest,
                                                              .why_not = one.why_not});
    if (is_image(one)) {
      entry.open = [=] { return open_candidate(blobs, one, limits); };
    } else if (one.unreadable) {
      entry.open = [why = one.why_not]() -> Result<Image> { return fail(Errc::unsupported, why); };
    }
  }
  return index;
}

}  // namespace

bool is_named(std::string_view name, std::string_view wanted) {
  const auto familiar = [](std::string_view full) {
    for (const std::string_view prefix : {"docker.io/library/", "docker.io/", "localhost/"}) {
      if (full.starts_with(prefix)) return full.substr(prefix.size());
    }
    return full;
  };
  if (name == wanted || familiar(name) == familiar(wanted)) return true;
  const std::size_t colon = name.rfind(':');  // before a slash it is a port
  if (colon == std::string_view::npos || name.find('/', colon) != std::string_view::npos) return false;
  return name.substr(colon + 1) == wanted;
}

Status check_platform(const Platform& has, const std::string& asked) {
  if (asked.empty()) return {};
  const Platform wanted = TRY(parse_platform(asked));
  if (fit(wanted, has)) return {};
  return fail(Errc::not_found, "no image for " + printable(titled(wanted)) + ": it is for " +
                                   (has.empty() ? "an unknown platform" : printable(titled(has))));
}

Result<Image> open_index(const Blobs& blobs, Index index, const Choice& choice, const Limits& limits) {
  std::vector<Candidate> tops, attestations;
  for (Descriptor& one : index.manifests) {
    const bool aside = is_attestation(one) && choice.digest.empty();
    std::string name = name_of(one);
    (aside ? attestations : tops).push_back({std::move(one), std::move(name), 0, choice.digest.empty()});
  }
  tops = TRY(tagged(blobs, std::move(tops), choice, limits));
  const Descriptor top = tops.size() == 1 ? tops.front().descriptor : Descriptor();
  std::ranges::move(attestations, std::back_inserter(tops));
  std::vector<Candidate> candidates = TRY(flattened(blobs, std::move(tops), choice, limits));
  if (candidates.size() > 1 && choice.all_platforms) {
    ask_platforms(blobs, candidates, limits);
    if (std::ranges::none_of(candidates, is_image)) return fail(Errc::not_found, "no image in it");
    Image all = index_of(blobs, candidates, limits);
    all.info.tag = candidates.front().name;
    if (kind_of_manifest(top.media_type) == MediaKind::index) all.info.digest = top.digest;
    return all;
  }
  const bool by_version = !parse_platform(choice.platform).value_or(Platform()).os_version.empty();
  const bool by_tag_of_another_list = !choice.config.empty() && !choice.tag.empty();
  if (candidates.size() > 1 || by_version || by_tag_of_another_list)
    TRY(look_inside(blobs, candidates, choice, limits));
  const Candidate picked = candidates.size() == 1 ? candidates.front() : TRY(best(candidates, choice));
  Image image = TRY(open_candidate(blobs, picked, limits));
  Platform has = parse_platform(image.info.platform).value_or(Platform());
  has.os_version = picked.descriptor.platform.os_version;  // the text of an image's platform is without it
  TRY(check_platform(has, choice.platform));
  return image;
}

Choice choice_of(const Target& target, const ImageRef& ref) {
  return {.tag = target.tag,
          .digest = target.digest,
          .config = {},
          .platform = ref.platform,
          .all_platforms = ref.all_platforms};
}

Result<Image> open_layout(const Store& store, const Choice& choice, const Limits& limits) {
  const Timer timer("source/layout");
  const std::string version = TRY(read_stored(store, "oci-layout", limits.manifest_bytes));
  TRY(within("oci-layout", check_layout_version(version)));
  const std::string json = TRY(read_stored(store, "index.json", limits.manifest_bytes));
  Index index = TRY(within("index.json", parse_index(json, "")));
  const auto beside = [all = std::make_shared<const Index>(index)](const Digest& /*image*/) -> Result<Index> {
    return *all;
  };
  return open_index({store, store, beside}, std::move(index), choice, limits);
}

}  // namespace peekr
