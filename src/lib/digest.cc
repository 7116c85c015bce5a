// SPDX-License-Identifier: Apache-2.0
#include "lib/digest.h"

#include <nettle/sha2.h>

#include <array>
#include <cassert>
#include <cstdint>

#include "base/text.h"

namespace peekr {

struct Hasher::State {
  bool wide = false;  // sha512
  sha256_ctx narrow_context;
  sha512_ctx wide_context;
};

Hasher::Hasher(std::string_view algorithm) : state_(std::make_unique<State>()) {
  assert(algorithm == "sha256" || algorithm == "sha512");
  state_->wide = algorithm == "sha512";
  sha256_init(&state_->narrow_context);
  sha512_init(&state_->wide_context);
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(std::string_view bytes) {
  // char and unsigned char may alias: the one cast that C libraries ask for.
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  if (state_->wide) {
    sha512_update(&state_->wide_context, bytes.size(), data);
  } else {
    sha256_update(&state_->narrow_context, bytes.size(), data);
  }
}

std::string Hasher::finish() {
  std::array<std::uint8_t, SHA512_DIGEST_SIZE> raw{};
  const std::size_t size = state_->wide ? SHA512_DIGEST_SIZE : SHA256_DIGEST_SIZE;
  if (state_->wide) {
    sha512_digest(&state_->wide_context, size, raw.data());
  } else {
    sha256_digest(&state_->narrow_context, size, raw.data());
  }
  return hex({reinterpret_cast<const char*>(raw.data()), size});
}

std::string hex_digest(std::string_view algorithm, std::string_view bytes) {
  Hasher hasher(algorithm);
  hasher.update(bytes);
  return hasher.finish();
}

}  // namespace peekr
