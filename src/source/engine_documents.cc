// SPDX-License-Identifier: Apache-2.0
// The JSON that engines answer with: docs.docker.com/reference/api/engine (ImageInspect, ImageHistory);
// podman leaves out some of it.
#include <fmt/chrono.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>

#include "base/text.h"
#include "source/engine.h"
#include "source/strict.h"

namespace peekr {
namespace {

using namespace strict;

// Nothing where it is missing or null.
template <class T>
Result<std::optional<T>> number(const object& fields, std::string_view key) {
  const std::optional<element> value = member(fields, key);
  T found{};
  if (!value) return std::optional<T>();
  if (value->get(found) != simdjson::SUCCESS) return fail(Errc::damaged, std::string(key) + ": not a number");
  return std::optional<T>(found);
}

// The object of that name; one that is missing or null is empty.
Result<std::optional<object>> inner(const object& fields, std::string_view key) {
  const std::optional<element> value = member(fields, key);
  if (!value) return std::optional<object>();
  return std::optional<object>(TRY(as_object(*value, key)));
}

// "2023-11-14T22:13:20Z" of seconds since 1970; empty for what no clock says.
std::string time_text(std::int64_t seconds) {
  if (seconds <= 0 || seconds > 253'402'300'799) return {};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

// Whether a step may have made a layer in which there is nothing.
bool may_be_empty(std::string_view step) {
  constexpr std::array<std::string_view, 4> kWords = {"RUN", "COPY", "ADD", "WORKDIR"};
  const std::string_view nop = "#(nop) ";
  if (const std::size_t at = step.find(nop); at != std::string_view::npos)
    step = trim(step.substr(at + nop.size()));
  return std::ranges::any_of(kWords, [&](std::string_view word) { return step.starts_with(word); });
}

Result<EngineImage> image_of(const object& fields) {
  EngineImage image;
  const std::string id = TRY(text(fields, "Id"));
  image.id = TRY(Digest::parse(id.find(':') == std::string::npos ? "sha256:" + id : id));
  image.tags = TRY(texts(fields, "RepoTags"));
  const std::optional<std::uint64_t> size = TRY(number<std::uint64_t>(fields, "Size"));
  image.size = size.value_or(0);
  Platform& platform = image.config.platform;
  platform.os = TRY(text(fields, "Os"));
  platform.architecture = TRY(text(fields, "Architecture"));
  platform.variant = TRY(text(fields, "Variant"));
  platform.os_version = TRY(text(fields, "OsVersion"));
  platform = normalised(std::move(platform));
  const std::optional<object> rootfs = TRY(inner(fields, "RootFS"));
  if (!rootfs) return fail(Errc::damaged, "no RootFS");
  const std::vector<std::string> layers = TRY(texts(*rootfs, "Layers"));
  if (layers.empty() && image.size > 0) return fail(Errc::damaged, "RootFS: no Layers, but a Size");
  for (const std::string& one : layers)
    image.config.diff_ids.push_back(TRY(within("layer", Digest::parse(one))));
  const std::optional<object> config = TRY(inner(fields, "Config"));
  if (config) image.config.labels = TRY(text_map(*config, "Labels"));
  if (config) image.config.entry = entry_of(*config);
  return image;
}

Result<EngineContainer> container_of(const object& fields) {
  EngineContainer found;
  found.id = TRY(text(fields, "Id"));
  found.name = TRY(text(fields, "Name"));
  if (found.name.starts_with('/')) found.name.erase(0, 1);
  if (!Digest::parse("sha256:" + found.id))
    return fail(Errc::damaged, "its id is none: " + printable(found.id));
  const std::string image = TRY(text(fields, "Image"));
  found.image = TRY(within("image", Digest::parse(image)));
  for (const element& item : TRY(list(fields, "Mounts"))) {
    const object mount = TRY(as_object(item, "Mounts"));
    found.mounts.push_back(TRY(text(mount, "Destination")));
    if (found.mounts.back().empty()) return fail(Errc::damaged, "Mounts: no Destination");
  }
  const std::optional<object> host = TRY(inner(fields, "HostConfig"));
  if (host) {
    const std::map<std::string, std::string> memory = TRY(text_map(*host, "Tmpfs"));
    for (const auto& [place, options] : memory) found.mounts.push_back(place);
  }
  sort_unique(found.mounts);
  return found;
}

Status add_change(const element& item, ContainerChanges& changes) {
  constexpr std::int64_t kModified = 0, kRemoved = 2;
  const object fields = TRY(as_object(item, "an item"));
  const std::string raw = TRY(text(fields, "Path"));
  const std::optional<std::int64_t> kind = TRY(number<std::int64_t>(fields, "Kind"));
  if (raw.empty()) return fail(Errc::damaged, "no Path");
  if (!kind || *kind < kModified || *kind > kRemoved)
    return fail(Errc::damaged, printable(raw) + ": no known Kind");
  Path path(raw);
  if (path.empty()) return {};  // the root itself
  if (*kind == kRemoved) {
    changes.removed.push_back(std::move(path));
  } else {
    changes.written.insert(std::move(path));
  }
  return {};
}

Result<ImageConfig::Step> step_of(const element& item) {
  const object fields = TRY(as_object(item, "a step"));
  ImageConfig::Step step;
  step.text = TRY(text(fields, "CreatedBy"));
  const std::optional<std::int64_t> size = TRY(number<std::int64_t>(fields, "Size"));
  step.empty_layer = size.value_or(0) == 0;
  const std::optional<std::int64_t> created = TRY(number<std::int64_t>(fields, "Created"));
  step.created = time_text(created.value_or(0));
  return step;
}

}  // namespace

Result<EngineImage> parse_engine_image(std::string_view json) {
  simdjson::dom::parser parser;
  const element root = TRY(within("image", parse(parser, json)));
  const object fields = TRY(as_object(root, "image"));
  return within("image", image_of(fields));
}

Result<EngineContainer> parse_engine_container(std::string_view json) {
  simdjson::dom::parser parser;
  const element root = TRY(within("container", parse(parser, json)));
  const object fields = TRY(as_object(root, "container"));
  return within("container", container_of(fields));
}

Result<ContainerChanges> parse_engine_changes(std::string_view json) {
  ContainerChanges changes;
  if (trim(json) == "null") return changes;  // Docker, where nothing has changed
  simdjson::dom::parser parser;
  const element root = TRY(within("changes", parse(parser, json)));
  for (const element& item : TRY(items(root, "changes"))) TRY(within("changes", add_change(item, changes)));
  return changes;
}

std::string parse_engine_error(std::string_view json) {
  simdjson::dom::parser parser;
  const Result<element> root = parse(parser, json);
  if (!root) return {};
  const Result<object> fields = as_object(*root, "error");
  return fields ? text(*fields, "message").value_or("") : "";
}

Result<std::vector<ImageConfig::Step>> parse_engine_history(std::string_view json, std::size_t layers) {
  simdjson::dom::parser parser;
  const element root = TRY(within("history", parse(parser, json)));
  std::vector<ImageConfig::Step> steps;
  for (const element& item : TRY(items(root, "history")))
    steps.push_back(TRY(within("history", step_of(item))));
  std::ranges::reverse(steps);
  // It does not say which steps made no layer, only how much is in it; and there are layers with nothing in it.
  const auto made =
      static_cast<std::size_t>(std::ranges::count(steps, false, &ImageConfig::Step::empty_layer));
  std::vector<ImageConfig::Step*> candidates;
  for (ImageConfig::Step& step : steps) {
    if (step.empty_layer && may_be_empty(step.text)) candidates.push_back(&step);
  }
  if (made == layers) return steps;
  if (made + candidates.size() != layers) return std::vector<ImageConfig::Step>();
  for (ImageConfig::Step* step : candidates) step->empty_layer = false;
  return steps;
}

}  // namespace peekr
