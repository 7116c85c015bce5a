// SPDX-License-Identifier: Apache-2.0
#include "lib/attestation.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/base64.h"
#include "base/text.h"

namespace peekr {
namespace {

using simdjson::dom::element;

constexpr int kMostWraps = 2;  // a statement within an envelope: no deeper
constexpr std::string_view kStatement = "application/vnd.in-toto+json";
constexpr std::size_t kMostQuoted = 80;

// What one of them holds.
struct Held {
  std::string_view field;
  std::variant<std::string, element> what;
};

bool has(element from, std::string_view key) { return from[key].error() == simdjson::SUCCESS; }

std::string text_at(element from, std::string_view key) {
  std::string_view text;
  return from[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

// GitHub's "sbom", BuildKit's "SPDX"; empty: neither.
std::string_view sbom_field(element root) {
  for (const std::string_view field : {std::string_view("sbom"), std::string_view("SPDX")}) {
    element sbom;
    if (root[field].get(sbom) == simdjson::SUCCESS && has(sbom, "spdxVersion")) return field;
  }
  return {};
}

// A document that says what it is, is that, whatever stands in it beside.
bool is_wrapper(element root) {
  if (has(root, "bomFormat") || has(root, "spdxVersion") || has(root, "@context")) return false;
  return has(root, "payloadType") || has(root, "dsseEnvelope") || has(root, "predicateType") ||
         !sbom_field(root).empty();
}

Result<Held> payload_of(element envelope) {
  const std::string type = text_at(envelope, "payloadType");
  if (type != kStatement) {
    return fail(Errc::unsupported,
                "payloadType: " + printable(std::string_view(type).substr(0, kMostQuoted)) + " where " +
                    std::string(kStatement) + " should be");
  }
  std::string text = text_at(envelope, "payload");
  std::ranges::replace(text, '-', '+');  // both alphabets are allowed
  std::ranges::replace(text, '_', '/');
  std::optional<std::string> payload = base64_decoded(text);
  if (!payload || payload->empty()) return fail(Errc::damaged, "payload: not base64");
  return Held{"payload", *std::move(payload)};
}

// Early cosign has wrapped it once more: {"predicate": {"Data": .., "Timestamp": ".."}}.
Result<Held> predicate_of(element statement) {
  element predicate;
  if (statement["predicate"].get(predicate) != simdjson::SUCCESS)
    return fail(Errc::damaged, "predicate: not there");
  if (has(predicate, "Data")) predicate = predicate["Data"].value_unsafe();
  if (std::string_view text; predicate.get(text) == simdjson::SUCCESS)
    return Held{"predicate", std::string(text)};
  if (!predicate.is_object()) return fail(Errc::damaged, "predicate: neither an object nor a text");
  return Held{"predicate", predicate};
}

Result<Held> inside_of(element wrapper) {
  if (has(wrapper, "predicateType")) return predicate_of(wrapper);
  if (const std::string_view field = sbom_field(wrapper); !field.empty())
    return Held{field, wrapper[field].value_unsafe()};
  element envelope = wrapper;
  if (wrapper["dsseEnvelope"].get(envelope) == simdjson::SUCCESS && !envelope.is_object())
    return fail(Errc::damaged, "dsseEnvelope: not an object");
  return payload_of(envelope);
}

Result<element> parse(simdjson::dom::parser& parser, std::string_view text, std::size_t most) {
  if (text.size() > most) return fail(Errc::limit, "JSON of more than " + std::to_string(most) + " bytes");
  element root;
  const auto error = parser.parse(text.data(), text.size()).get(root);
  if (error != simdjson::SUCCESS)
    return fail(Errc::damaged, std::string("not JSON: ") + simdjson::error_message(error));
  return root;
}

}  // namespace

Status unwrap(std::string_view document, std::size_t most,
              const std::function<Status(const Unwrapped&)>& use) {
  simdjson::dom::parser parser;
  Held held{"", std::string()};
  std::string_view text = document;
  for (int wraps = 0; wraps <= kMostWraps; ++wraps) {
    element root;
    if (const element* inside = std::get_if<element>(&held.what)) {
      root = *inside;
      text = {};
    } else {
      text = without_mark(text);
      if (!trim(text).starts_with('{')) return use({.field = held.field, .text = text});
      Result<element> parsed = parse(parser, text, most);
      root = TRY(held.field.empty() ? std::move(parsed) : within(held.field, std::move(parsed)));
    }
    if (!is_wrapper(root)) return use({.field = held.field, .text = text, .json = &root});
    held = TRY(inside_of(root));
    if (const std::string* payload = std::get_if<std::string>(&held.what)) text = *payload;
  }
  return fail(Errc::unsupported, "an attestation about an attestation");
}

}  // namespace peekr
