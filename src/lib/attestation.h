// SPDX-License-Identifier: Apache-2.0
// Attestations, as cosign, Docker's BuildKit, Syft and GitHub write them around a document:
//
//   an in-toto statement (github.com/in-toto/attestation)  {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://spdx.dev/Document", "predicate": {..}}
//   in a DSSE envelope (github.com/secure-systems-lab/dsse)  {"payloadType": "application/vnd.in-toto+json", "payload": BASE64, "signatures": [..]}
//   in a Sigstore bundle                                     {"mediaType": "application/vnd.dev.sigstore.bundle..", "dsseEnvelope": {..}}
//
// And what GitHub exports of a repository's dependencies (docs.github.com/rest/dependency-graph/sboms): {"sbom": {"spdxVersion": ..}}; and what
// docker buildx imagetools inspect --format '{{json .SBOM}}' prints: {"SPDX": {"spdxVersion": ..}}.
//
// Signatures are not checked. What the predicate is, is seen by its contents: writers disagree on the predicateType.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "base/result.h"

namespace simdjson::dom {
class element;
}  // namespace simdjson::dom

namespace peekr {

// What is left when all of that is taken off.
struct Unwrapped {
  std::string_view field;  // that it was in: "predicate"; empty: it was in none
  std::string_view
      text;  // as it stands, without a byte order mark; empty where it is an object in another document
  const simdjson::dom::element* json = nullptr;  // null: the text does not begin as an object
};

// Shows `use` what is in the document, which need not be wrapped; the views end with the call. Errors are those of `use`, or name
// the field. Errc::limit: JSON of more than `most` bytes.
[[nodiscard]] Status unwrap(std::string_view document, std::size_t most,
                            const std::function<Status(const Unwrapped&)>& use);

}  // namespace peekr
