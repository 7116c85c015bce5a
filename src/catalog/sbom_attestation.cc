// SPDX-License-Identifier: Apache-2.0
// Attestations, as cosign, Docker's BuildKit, Syft and GitHub write them around an SBOM:
//
//   an in-toto statement (github.com/in-toto/attestation)  {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://spdx.dev/Document", "predicate": {..}}
//   in a DSSE envelope (github.com/secure-systems-lab/dsse)  {"payloadType": "application/vnd.in-toto+json", "payload": BASE64, "signatures": [..]}
//   in a Sigstore bundle                                     {"mediaType": "application/vnd.dev.sigstore.bundle..", "dsseEnvelope": {..}}
//
// Signatures are not checked. What the predicate is, is seen by its contents: writers disagree on the predicateType.
#include <simdjson.h>

#include <algorithm>

#include "base/base64.h"
#include "catalog/json_file.h"
#include "catalog/sbom.h"

namespace peekr {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kStatement = "application/vnd.in-toto+json";

bool has(object from, std::string_view key) { return from.at_key(key).error() == simdjson::SUCCESS; }

Result<Attested> statement_of(object envelope) {
  const std::string type = json_text(envelope, "payloadType");
  if (type != kStatement) {
    return fail(Errc::unsupported,
                "payloadType: " + peekr::quoted(type) + " where " + std::string(kStatement) + " should be");
  }
  std::string text = json_text(envelope, "payload");
  std::ranges::replace(text, '-', '+');  // both alphabets are allowed
  std::ranges::replace(text, '_', '/');
  std::optional<std::string> payload = base64_decoded(text);
  if (!payload || payload->empty()) return fail(Errc::damaged, "payload: not base64");
  return Attested{.field = "payload", .text = *std::move(payload)};
}

// Early cosign has wrapped it once more: {"predicate": {"Data": .., "Timestamp": ".."}}.
Result<Attested> predicate_of(object statement) {
  element predicate;
  if (statement.at_key("predicate").get(predicate) != simdjson::SUCCESS)
    return fail(Errc::damaged, "predicate: not there");
  if (object inside; predicate.get(inside) == simdjson::SUCCESS && has(inside, "Data"))
    predicate = inside.at_key("Data").value_unsafe();
  if (std::string_view text; predicate.get(text) == simdjson::SUCCESS)
    return Attested{.field = "predicate", .text = std::string(text)};
  if (!predicate.is_object()) return fail(Errc::damaged, "predicate: neither an object nor a text");
  return Attested{.field = "predicate", .text = simdjson::minify(predicate)};
}

}  // namespace

bool is_attestation(object root) {
  return has(root, "payloadType") || has(root, "dsseEnvelope") || has(root, "predicateType");
}

Result<Attested> attested(object root) {
  if (has(root, "predicateType")) return predicate_of(root);
  object envelope = root;
  if (has(root, "dsseEnvelope") && root.at_key("dsseEnvelope").get(envelope) != simdjson::SUCCESS)
    return fail(Errc::damaged, "dsseEnvelope: not an object");
  return statement_of(envelope);
}

}  // namespace peekr
