// SPDX-License-Identifier: Apache-2.0
// github.com/opencontainers/image-spec annotations.md: org.opencontainers.image.base.name and .digest. History, config.md: one
// step a layer, and steps without a layer (CMD, ENV, LABEL) between them:
//
//   ADD file:...                            layer 0     debian
//   CMD ["bash"]                            (empty)     its last step
//   RUN apt-get install ...                 layer 1     yours
//   CMD ["/app"]                            (empty)     yours: no layer follows
//
// Chains of diff IDs: config.md, "Layer ChainID".
#include "source/base.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/date.h"
#include "base/text.h"
#include "source/reference.h"

namespace peekr {
namespace {

constexpr std::int64_t kGapDays = 2;

// Name and digest out of the same texts: they belong together.
BaseImage stated(const ImageInfo& info) {
  BaseImage base;
  for (const auto* texts : {&info.annotations, &info.labels}) {
    for (const auto& [key, value] : *texts) {
      if (key == "org.opencontainers.image.base.name") base.name = value;
      if (key == "org.opencontainers.image.base.digest") base.digest = value;
    }
    if (!base.name.empty() || !base.digest.empty()) break;
  }
  return base;
}

// The classic builder wrote "/bin/sh -c #(nop)  CMD ...", BuildKit writes "CMD ...".
bool is_command(const ImageConfig::Step& step) {
  constexpr std::string_view kNothing = "#(nop)";
  std::string_view text = step.text;
  if (const std::size_t at = text.find(kNothing); at != std::string_view::npos)
    text.remove_prefix(at + kNothing.size());
  return step.empty_layer && trim(text).starts_with("CMD ");
}

// The index behind the last CMD that a layer follows; 0: none.
std::size_t behind_last_command(std::span<const ImageConfig::Step> history) {
  std::size_t end = history.size();
  while (end > 0 && history[end - 1].empty_layer) --end;
  while (end > 0 && !is_command(history[end - 1])) --end;
  return end;
}

// The index of the first step that was made days after the one before it; 0: none.
std::size_t behind_gap(std::span<const ImageConfig::Step> history) {
  for (std::size_t i = 1; i < history.size(); ++i) {
    const std::optional<std::int64_t> days = days_between(history[i - 1].created, history[i].created);
    if (days && *days >= kGapDays) return i;
  }
  return 0;
}

std::size_t layers_in(std::span<const ImageConfig::Step> history) {
  return static_cast<std::size_t>(std::ranges::count(history, false, &ImageConfig::Step::empty_layer));
}

// What layers are known by. Diff IDs are claims of the configuration, unless all were verified. Of what was seen, certain is a base image
// only that came out of a registry or an engine by its name: a file may be an older build of one's own.
struct Marks {
  std::string_view family;
  Digest LayerInfo::* mark;
  bool certain;
};

std::vector<Marks> marks_of(Verify verify) {
  std::vector<Marks> all = {{"blobs", &LayerInfo::digest, true}};
  if (verify == Verify::full) all.push_back({"verified diff IDs", &LayerInfo::diff_id, true});
  all.push_back({"diff IDs", &LayerInfo::diff_id, false});
  return all;
}

// A key for each layer, of it and all below. What a container has written has no diff ID, and no key.
std::vector<std::string> chain_keys(const std::vector<LayerInfo>& layers, const Marks& marks) {
  std::vector<std::string> keys;
  std::string chain = "chain 2 " + std::string(marks.family);
  for (const LayerInfo& layer : layers) {
    const Digest& mark = layer.*marks.mark;
    if (mark.empty()) break;
    chain = Cache::key(chain + " " + mark.str());
    keys.push_back(chain);
  }
  return keys;
}

// An image under the key of its layers.
struct Seen {
  std::string name, digest, in_registry, tag;
};

std::string text_of(const ImageInfo& info) {
  return info.name + "\n" + info.digest.str() + "\n" + registry_name(info) + "\n" + info.tag;
}

Seen seen_of(std::string_view text) {
  const auto [name, behind_name] = cut(text, '\n');
  const auto [digest, behind_digest] = cut(behind_name, '\n');
  const auto [in_registry, tag] = cut(behind_digest, '\n');
  return {std::string(name), std::string(digest), std::string(in_registry), std::string(tag)};
}

bool same_repository(std::string_view one, std::string_view other) {
  const Result<ImageReference> a = parse_reference(one), b = parse_reference(other);
  return a && b && a->host == b->host && a->repository == b->repository;
}

// An older one of its own ("team/app:1.2" of "team/app:1.3"), by what was typed or by what the archive says, or what it has for
// another platform.
bool is_own(const Seen& seen, const ImageInfo& info) {
  const bool bare = seen.tag.find_first_of(":/") == std::string::npos;  // "latest" of a layout
  return seen.name == info.name || same_repository(seen.name, info.name) ||
         (!bare && same_repository(seen.tag, info.tag));
}

// Whether the image itself names that one as what it was built on.
bool names(const ImageInfo& info, const Seen& seen) {
  const std::string& name = seen.in_registry.empty() ? seen.name : seen.in_registry;
  return (!seen.digest.empty() && info.base.digest == seen.digest) || same_repository(info.base.name, name);
}

std::string by_layers(const Marks& marks, std::string_view whose) {
  return (marks.certain ? std::string(kByLayers) : "the diff IDs are those of ") + printable(whose);
}

// Whether an image that was seen has the lowest layers of this one, but not all of them: of those the largest.
bool recognise(ImageInfo& info, const Marks& marks, const std::vector<std::string>& keys, Cache& cache) {
  std::optional<Seen> found;
  bool named = false;
  for (std::size_t layers = std::min(keys.size() + 1, info.layers.size()); layers-- > 1 && !named;) {
    const std::optional<std::string> text = cache.load(keys[layers - 1]);
    if (!text) continue;
    Seen seen = seen_of(*text);
    if (is_own(seen, info)) continue;
    named = names(info, seen);
    if (found && !named) continue;
    found = std::move(seen);
    info.base.layers = layers;
  }
  if (!found) return false;
  const bool unnamed = marks.certain && !named;
  info.base.by =
      (unnamed ? "the layers are those of " + printable(found->name) : by_layers(marks, found->name)) +
      ", which was scanned before";
  if (info.base.name.empty() && info.base.digest.empty()) {
    info.base.name = found->in_registry.empty() ? found->name : found->in_registry;
    info.base.digest = found->digest;
  }
  return true;
}

}  // namespace

void recognise_base(ImageInfo& info, Verify verify, Cache& cache) {
  bool found = false;
  for (const Marks& marks : marks_of(verify)) {
    const std::vector<std::string> keys = chain_keys(info.layers, marks);
    found = found || recognise(info, marks, keys, cache);
    if (marks.certain && registry_name(info).empty()) continue;
    if (!keys.empty() && keys.size() == info.layers.size()) cache.save(keys.back(), text_of(info));
  }
}

bool take_base(ImageInfo& info, const ImageInfo& base, Verify verify) {
  info.base.layers = 0;
  info.base.by.clear();
  for (const Marks& marks : marks_of(verify)) {
    const std::vector<std::string> own = chain_keys(info.layers, marks), its = chain_keys(base.layers, marks);
    const bool whole = !its.empty() && its.size() == base.layers.size() && its.size() <= own.size();
    if (!whole || own[its.size() - 1] != its.back()) continue;
    const std::string in_registry = registry_name(base);
    info.base = {.name = in_registry.empty() ? base.name : in_registry,
                 .digest = base.digest.str(),
                 .layers = its.size(),
                 .by = by_layers(marks, base.name) + " (--base)"};
    return true;
  }
  return false;
}

BaseImage base_of(std::span<const ImageConfig::Step> history, const ImageInfo& info) {
  BaseImage base = stated(info);
  if (layers_in(history) != info.layers.size()) return base;
  const std::size_t command = behind_last_command(history);
  const std::size_t end = command > 0 ? command : behind_gap(history);
  base.layers = layers_in(history.first(end));
  if (base.layers == 0 || base.layers == info.layers.size()) {
    base.layers = 0;
    return base;
  }
  base.by = command > 0 ? "build history: a base image ends with its CMD"
                        : "build history: the layers above were made days later";
  return base;
}

}  // namespace peekr
