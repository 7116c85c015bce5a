// SPDX-License-Identifier: Apache-2.0
#include "policy/baseline.h"

#include <simdjson.h>

#include <algorithm>

#include "base/text.h"
#include "policy/json.h"

namespace peekr {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

// Below, `where` is the field's name as messages have it: "findings[3].package.name".
Result<std::string_view> text_at(const element& from, std::string_view key, const std::string& where) {
  element value;
  std::string_view text;
  const std::string name = where + "." + std::string(key);
  if (!from.is_object()) return fail(Errc::damaged, where + ": is no record");
  if (from[key].get(value) != simdjson::SUCCESS) return fail(Errc::damaged, name + ": is not there");
  if (value.get(text) != simdjson::SUCCESS) return fail(Errc::damaged, name + ": is no text");
  if (text.empty()) return fail(Errc::damaged, name + ": is empty");
  return text;
}

Result<array> list_at(const element& from, std::string_view key, const std::string& where) {
  array list;
  if (from[key].get(list) == simdjson::SUCCESS) return list;
  return fail(Errc::damaged, where + std::string(key) + ": is no list");
}

Status add(const element& finding, const std::string& where, Baseline& to) {
  const std::string_view id = TRY(text_at(finding, "id", where));
  element package;
  if (finding["package"].get(package) != simdjson::SUCCESS)
    return fail(Errc::damaged, where + ".package: is not there");
  const std::string_view type = TRY(text_at(package, "type", where + ".package"));
  const std::string_view name = TRY(text_at(package, "name", where + ".package"));
  to.known.insert(baseline_key(type, name, id));
  if (finding["names"].error() != simdjson::SUCCESS) return {};
  const array names = TRY(list_at(finding, "names", where + "."));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string at = where + ".names[" + std::to_string(i) + "]";
    const std::string_view other = TRY(text_at(names.at(i).value_unsafe(), "id", at));
    to.known.insert(baseline_key(type, name, other));
  }
  return {};
}

// What an earlier baseline had taken out of that report is as old; what other rules took out is not known to be wanted.
Status add_list(const element& root, const std::string& key, Baseline& to) {
  const array list = TRY(list_at(root, key, ""));
  std::size_t number = 0;
  for (const element one : list) {
    const std::string where = key + "[" + std::to_string(number++) + "]";
    if (key == "suppressed") {
      const std::string_view rule = TRY(text_at(one, "rule", where));
      if (rule != name(Suppressed::Rule::baseline)) continue;
    }
    TRY(add(one, where, to));
  }
  return {};
}

// Without the word for its kind in front: "node" of "rootfs:node".
std::string_view without_kind(std::string_view image, std::string_view kind) {
  const auto [first, rest] = cut(image, ':');
  return first == kind && !rest.empty() ? rest : image;
}

// Empty: an SBOM, or it does not say.
std::string image_of(const element& root) {
  element image;
  if (root["image"].get(image) != simdjson::SUCCESS || !image.is_object()) return {};
  const std::string_view kind = json_text(image, "kind");
  return std::string(kind == "sbom" ? "" : without_kind(json_text(image, "name"), kind));
}

// "app" of "registry.example/team/app:1@sha256:..."
std::string_view short_name(std::string_view image) {
  image = image.substr(0, image.find('@'));
  image.remove_prefix(image.rfind('/') + 1);
  return image.substr(0, image.find(':'));
}

}  // namespace

std::string baseline_key(std::string_view type, std::string_view package, std::string_view id) {
  return std::string(type).append("\n").append(comparable_name(type, package)).append("\n").append(id);
}

std::string remark_on(const Baseline& baseline, const ImageInfo& image) {
  const std::string_view other = without_kind(image.name, image.kind);
  if (baseline.image.empty() || image.kind == "sbom" || short_name(baseline.image) == short_name(other))
    return {};
  return baseline.file + ": is a report on " + printable(baseline.image) + ", not on " + printable(other) +
         ": what that has, too, counts as known";
}

bool is_known(const Baseline& baseline, const Finding& finding, const Package& package) {
  if (finding.kind == Advisory::Kind::malware) return false;  // an attack is none the less one for being old
  const auto known = [&](std::string_view id) {
    return baseline.known.contains(baseline_key(package.type, package.name, id));
  };
  return known(finding.id) || std::ranges::any_of(finding.names, known);
}

Result<Baseline> read_baseline(std::string_view json) {
  simdjson::dom::parser parser;
  element root;
  if (const auto error = parser.parse(simdjson::padded_string(json)).get(root); error != simdjson::SUCCESS)
    return fail(Errc::damaged, std::string("not JSON: ") + simdjson::error_message(error));
  if (root["platforms"].error() == simdjson::SUCCESS)
    return fail(Errc::usage,
                "is of several platforms (peekr convert --platform OS/ARCH -f json takes one out of it)");
  const auto version = root["schema_version"];
  if (version.error() != simdjson::SUCCESS || root["findings"].error() != simdjson::SUCCESS)
    return fail(Errc::damaged, "not a report that peekr scan -f json wrote");
  if (!version.is_uint64()) return fail(Errc::damaged, "schema_version: is no number");
  if (root["created"].error() == simdjson::SUCCESS && !root["created"].is_string())
    return fail(Errc::damaged, "created: is no text");
  Baseline baseline{
      .file = {}, .created = std::string(json_text(root, "created")), .image = image_of(root), .known = {}};
  for (const std::string key : {"findings", "suppressed"}) {
    if (root[key].error() == simdjson::SUCCESS) TRY(add_list(root, key, baseline));
  }
  return baseline;
}

}  // namespace peekr
