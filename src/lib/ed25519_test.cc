// SPDX-License-Identifier: Apache-2.0
#include "lib/ed25519.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace peekr {
namespace {

// RFC 8032, 7.1, TEST 2: the seed behind the PKCS#8 header of RFC 8410.
constexpr const char* kPrivate =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";

TEST(Ed25519, what_was_signed_is_found_to_be_by_that_key_and_of_those_bytes) {
  const KeyPair keys = make_ed25519_keys().value(), other = make_ed25519_keys().value();
  EXPECT_NE(keys.private_pem, other.private_pem);
  const std::string key = ed25519_public_key(keys.public_pem).value();
  EXPECT_EQ(key.size(), 32u);
  EXPECT_EQ(ed25519_public_key(keys.private_pem).value(), key);
  std::string signature = ed25519_signature(keys.private_pem, "message").value();
  EXPECT_EQ(signature.size(), 64u);
  EXPECT_TRUE(check_ed25519(key, "message", signature));
  EXPECT_EQ(check_ed25519(key, "massage", signature).error().code, Errc::mismatch);
  EXPECT_FALSE(check_ed25519(ed25519_public_key(other.public_pem).value(), "message", signature));
  EXPECT_FALSE(check_ed25519("short", "message", signature));
  EXPECT_FALSE(check_ed25519(key, "message", ""));
  signature[5] ^= 1;
  EXPECT_FALSE(check_ed25519(key, "message", signature));
}

TEST(Ed25519, the_example_of_the_rfc) {
  const std::string key = ed25519_public_key(kPrivate).value();
  EXPECT_EQ(hex(key), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(hex(ed25519_signature(kPrivate, "\x72").value()),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(Ed25519, what_is_no_key_is_damaged) {
  for (const char* text : {"", "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n", "PEM"}) {
    EXPECT_EQ(ed25519_signature(text, "m").error().code, Errc::damaged);
    EXPECT_EQ(ed25519_public_key(text).error().code, Errc::damaged);
  }
  EXPECT_EQ(ed25519_public_key(std::string(kPrivate) + std::string(100'000, ' ')).error().code,
            Errc::damaged);
}

}  // namespace
}  // namespace peekr
