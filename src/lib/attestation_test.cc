// SPDX-License-Identifier: Apache-2.0
#include "lib/attestation.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <string>

#include "base/base64.h"

namespace peekr {
namespace {

std::string enveloped(const std::string& payload, const std::string& type = "application/vnd.in-toto+json") {
  return R"({"payloadType": ")" + type + R"(", "payload": ")" + base64_encoded(payload) + "\"}";
}

std::string stated(const std::string& predicate) {
  return R"({"_type": "https://in-toto.io/Statement/v1", "predicateType": "a", "predicate": )" + predicate +
         "}";
}

// "field: text", or "field: {a}" of an object that says what a is; or the error.
std::string inside(const std::string& document) {
  std::string out;
  const Status status = unwrap(document, 1000, [&](const Unwrapped& one) -> Status {
    std::string_view a;
    const bool is_object = one.json != nullptr && (*one.json)["a"].get(a) == simdjson::SUCCESS;
    out = std::string(one.field) + ": " + (is_object ? "{" + std::string(a) + "}" : std::string(one.text));
    return {};
  });
  return status ? out : status.error().message;
}

const std::string kDocument = R"({"a":   "~~>"})";

TEST(Attestation, each_wrapper_is_taken_off) {
  EXPECT_EQ(inside(kDocument), ": {~~>}");
  EXPECT_EQ(inside("\xEF\xBB\xBF<a/>"), ": <a/>");
  EXPECT_EQ(inside(stated(kDocument)), "predicate: {~~>}");
  EXPECT_EQ(inside(stated(R"("<a/>")")), "predicate: <a/>");
  EXPECT_EQ(inside(stated(R"({"Data": "{\"a\": \"b\"}", "Timestamp": ""})")), "predicate: {b}");
  EXPECT_EQ(inside(enveloped(stated(kDocument))), "predicate: {~~>}");
  EXPECT_EQ(inside(R"({"mediaType": "bundle", "dsseEnvelope": )" + enveloped(stated(kDocument)) + "}"),
            "predicate: {~~>}");
  EXPECT_EQ(inside(R"({"sbom": {"spdxVersion": "SPDX-2.3", "a": "b"}})"), "sbom: {b}");
  EXPECT_EQ(inside(R"({"a": "b", "sbom": {}})"), ": {b}");
  EXPECT_EQ(inside(R"({"a": "b", "sbom": "x"})"), ": {b}");
}

TEST(Attestation, both_alphabets_of_base64_are_read) {
  std::string document = enveloped(kDocument);
  ASSERT_NE(document.find("fn4+"), std::string::npos);
  document.replace(document.find("fn4+"), 4, "fn4-");
  std::erase(document, '=');
  EXPECT_EQ(inside(document), "payload: {~~>}");
}

TEST(Attestation, what_is_wrong_is_said_with_its_field) {
  EXPECT_EQ(inside(enveloped("{}", "text/plain")),
            "payloadType: text/plain where application/vnd.in-toto+json should be");
  EXPECT_EQ(inside(R"({"payloadType": "application/vnd.in-toto+json", "payload": "?"})"),
            "payload: not base64");
  EXPECT_EQ(inside(enveloped("{")).substr(0, 19), "payload: not JSON: ");
  EXPECT_EQ(inside(R"({"predicateType": "a"})"), "predicate: not there");
  EXPECT_EQ(inside(stated("[]")), "predicate: neither an object nor a text");
  EXPECT_EQ(inside(R"({"dsseEnvelope": 3})"), "dsseEnvelope: not an object");
  EXPECT_EQ(inside(enveloped(stated(stated("{}")))), "an attestation about an attestation");
  EXPECT_EQ(inside("{\"a\": \"" + std::string(1000, 'x') + "\"}"), "JSON of more than 1000 bytes");
}

}  // namespace
}  // namespace peekr
