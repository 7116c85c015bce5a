// SPDX-License-Identifier: Apache-2.0
// Ed25519 signatures (RFC 8032) and their keys in PEM (RFC 8410, as `openssl genpkey -algorithm ed25519` writes them), by
// OpenSSL's libcrypto: the only door to its keys. It is opened when it is first used (dlopen): linked, it would cost every start of
// the program some milliseconds.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

struct KeyPair {
  std::string private_pem, public_pem;
};

Result<KeyPair> make_ed25519_keys();
// 64 bytes. Errc::damaged where the text holds no such key.
Result<std::string> ed25519_signature(std::string_view private_pem, std::string_view message);
// The 32 bytes of a public key; of a private one the public one that belongs to it.
Result<std::string> ed25519_public_key(std::string_view pem);
// public_key: 32 bytes. Errc::mismatch: it is not the signature of that message by that key.
Status check_ed25519(std::string_view public_key, std::string_view message, std::string_view signature);

}  // namespace peekr
