// SPDX-License-Identifier: Apache-2.0
// The JSON that engines answer with: docs.docker.com/reference/api/engine (ImageInspect, ImageHistory);
// podman leaves out some of it.
#include <fmt/chrono.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/text.h"
#include "source/engine.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string text(const object& from, std::string_view key) {
  std::string_view found;
  return from[key].get(found) == simdjson::SUCCESS ? std::string(found) : "";
}

// The items of a list that are strings.
std::vector<std::string> texts(simdjson::simdjson_result<element> list) {
  std::vector<std::string> all;
  array items;
  if (list.get(items) != simdjson::SUCCESS) return all;
  for (const element item : items) {
    std::string_view one;
    if (item.get(one) == simdjson::SUCCESS) all.emplace_back(one);
  }
  return all;
}

template <class T>
Result<T> root(simdjson::dom::parser& parser, std::string_view json, std::string_view what) {
  T found;
  if (parser.parse(json.data(), json.size()).get(found) == simdjson::SUCCESS) return found;
  return fail(Errc::damaged, std::string(what) + ": not what an engine says");
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

}  // namespace

Result<EngineImage> parse_engine_image(std::string_view json) {
  simdjson::dom::parser parser;
  const object fields = TRY(root<object>(parser, json, "image"));
  EngineImage image;
  const std::string id = text(fields, "Id");
  image.id = TRY(within("image", Digest::parse(id.find(':') == std::string::npos ? "sha256:" + id : id)));
  image.tags = texts(fields["RepoTags"]);
  if (fields["Size"].get(image.size) != simdjson::SUCCESS) image.size = 0;
  image.config.platform = normalised({.os = text(fields, "Os"),
                                      .architecture = text(fields, "Architecture"),
                                      .variant = text(fields, "Variant"),
                                      .os_version = text(fields, "OsVersion")});
  for (const std::string& one : texts(fields["RootFS"]["Layers"]))
    image.config.diff_ids.push_back(TRY(within("image: layer", Digest::parse(one))));
  object labels;
  if (fields["Config"]["Labels"].get(labels) != simdjson::SUCCESS) return image;
  for (const auto& label : labels) {
    std::string_view value;
    if (label.value.get(value) == simdjson::SUCCESS) image.config.labels.emplace(label.key, value);
  }
  return image;
}

Result<EngineContainer> parse_engine_container(std::string_view json) {
  simdjson::dom::parser parser;
  const object fields = TRY(root<object>(parser, json, "container"));
  EngineContainer found{.id = text(fields, "Id"), .name = text(fields, "Name")};
  if (found.name.starts_with('/')) found.name.erase(0, 1);
  if (!Digest::parse("sha256:" + found.id))
    return fail(Errc::damaged, "container: its id is none: " + printable(found.id));
  found.image = TRY(within("container: image", Digest::parse(text(fields, "Image"))));
  array mounts;
  if (fields["Mounts"].get(mounts) != simdjson::SUCCESS) return found;
  for (const element item : mounts) {
    object mount;
    if (item.get(mount) == simdjson::SUCCESS) found.mounts.push_back(text(mount, "Destination"));
  }
  return found;
}

Result<ContainerChanges> parse_engine_changes(std::string_view json) {
  constexpr std::int64_t kRemoved = 2;
  ContainerChanges changes;
  if (trim(json) == "null") return changes;  // Docker, where nothing has changed
  simdjson::dom::parser parser;
  for (const element item : TRY(root<array>(parser, json, "changes"))) {
    object fields;
    std::int64_t kind = 0;
    if (item.get(fields) != simdjson::SUCCESS || fields["Kind"].get(kind) != simdjson::SUCCESS)
      return fail(Errc::damaged, "changes: not what an engine says");
    Path path(text(fields, "Path"));
    if (path.empty()) continue;
    if (kind == kRemoved) {
      changes.removed.push_back(std::move(path));
    } else {
      changes.written.insert(std::move(path));
    }
  }
  return changes;
}

std::string parse_engine_error(std::string_view json) {
  simdjson::dom::parser parser;
  const Result<object> fields = root<object>(parser, json, "error");
  return fields ? text(*fields, "message") : "";
}

Result<std::vector<ImageConfig::Step>> parse_engine_history(std::string_view json, std::size_t layers) {
  simdjson::dom::parser parser;
  std::vector<ImageConfig::Step> steps;
  std::size_t made = 0;
  for (const element item : TRY(root<array>(parser, json, "history"))) {
    object fields;
    if (item.get(fields) != simdjson::SUCCESS) return fail(Errc::damaged, "history: a step is no object");
    std::int64_t created = 0, size = 0;
    if (fields["Created"].get(created) != simdjson::SUCCESS) created = 0;
    if (fields["Size"].get(size) != simdjson::SUCCESS) size = 0;
    steps.push_back({text(fields, "CreatedBy"), size == 0, time_text(created)});
    made += size != 0 ? 1 : 0;
  }
  std::ranges::reverse(steps);
  // It does not say which steps made no layer, only how much is in it; and there are layers with nothing in it.
  for (ImageConfig::Step& step : steps) {
    if (made >= layers) break;
    if (!step.empty_layer || !may_be_empty(step.text)) continue;
    step.empty_layer = false;
    ++made;
  }
  if (made != layers) steps.clear();
  return steps;
}

}  // namespace peekr
