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

// A key for each layer, of it and all below. What a container has written has no diff ID, and no key.
std::vector<std::string> chain_keys(const std::vector<LayerInfo>& layers) {
  std::vector<std::string> keys;
  std::string chain = "chain 1";
  for (const LayerInfo& layer : layers) {
    if (layer.diff_id.empty()) break;
    chain = Cache::key(chain + " " + layer.diff_id.str());
    keys.push_back(chain);
  }
  return keys;
}

// An older one of its own ("team/app:1.2" of "team/app:1.3"), or what it has for another platform.
bool is_own(std::string_view seen, std::string_view name) {
  if (seen == name) return true;
  const Result<ImageReference> one = parse_reference(seen), other = parse_reference(name);
  return one && other && one->host == other->host && one->repository == other->repository;
}

}  // namespace

// Under the key of its layers the cache has of an image "name\ndigest\nregistry name".
void recognise_base(ImageInfo& info, Cache& cache) {
  const std::vector<std::string> keys = chain_keys(info.layers);
  for (std::size_t layers = std::min(keys.size() + 1, info.layers.size()); layers-- > 1;) {
    const std::optional<std::string> seen = cache.load(keys[layers - 1]);
    if (!seen) continue;
    const auto [name, rest] = cut(*seen, '\n');
    const auto [digest, in_registry] = cut(rest, '\n');
    if (is_own(name, info.name)) continue;
    info.base.layers = layers;
    info.base.by = "these are the layers of " + printable(name) + ", which was scanned before";
    if (info.base.name.empty() && info.base.digest.empty()) {
      info.base.name = in_registry.empty() ? name : in_registry;
      info.base.digest = digest;
    }
    break;
  }
  if (!keys.empty() && keys.size() == info.layers.size())
    cache.save(keys.back(), info.name + "\n" + info.digest.str() + "\n" + registry_name(info));
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
  base.by = std::string(kByHistory) +
            (command > 0 ? "a base image ends with its CMD" : "the layers above were made days later");
  return base;
}

}  // namespace peekr
