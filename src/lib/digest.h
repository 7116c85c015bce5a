// SPDX-License-Identifier: Apache-2.0
// SHA-256 and SHA-512, and MD5 and SHA-1, which package databases keep, by OpenSSL: the only door to these parts of libcrypto.
// They are linked statically: the shared library would cost every start 10 ms.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace peekr {

class Hasher {
 public:
  // algorithm: "sha256" or "sha512", as a parsed Digest has it; "sha1", "md5".
  explicit Hasher(std::string_view algorithm);
  Hasher(Hasher&&) noexcept;
  ~Hasher();

  void update(std::string_view bytes);
  // Lower-case hex of all that was updated. Once.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The hex digest of bytes at hand.
[[nodiscard]] std::string hex_digest(std::string_view algorithm, std::string_view bytes);

}  // namespace peekr
