// SPDX-License-Identifier: Apache-2.0
#include "lib/digest.h"

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include <array>
#include <cassert>
#include <cstdint>
#include <variant>

#include "base/text.h"

namespace peekr {

namespace {

template <class Context>
struct Functions {
  std::string_view name;
  std::size_t size;
  void (*init)(Context*);
  void (*update)(Context*, std::size_t, const std::uint8_t*);
  void (*digest)(Context*, std::size_t, std::uint8_t*);
};
constexpr Functions<md5_ctx> kMd5 = {"md5", MD5_DIGEST_SIZE, md5_init, md5_update, md5_digest};
constexpr Functions<sha1_ctx> kSha1 = {"sha1", SHA1_DIGEST_SIZE, sha1_init, sha1_update, sha1_digest};
constexpr Functions<sha256_ctx> kSha256 = {"sha256", SHA256_DIGEST_SIZE, sha256_init, sha256_update,
                                           sha256_digest};
constexpr Functions<sha512_ctx> kSha512 = {"sha512", SHA512_DIGEST_SIZE, sha512_init, sha512_update,
                                           sha512_digest};

}  // namespace

struct Hasher::State {
  std::variant<md5_ctx, sha1_ctx, sha256_ctx, sha512_ctx> context;

  // Calls f(context, its functions).
  template <class F>
  void with(const F& f) {
    if (auto* md5 = std::get_if<md5_ctx>(&context)) return f(md5, kMd5);
    if (auto* sha1 = std::get_if<sha1_ctx>(&context)) return f(sha1, kSha1);
    if (auto* sha256 = std::get_if<sha256_ctx>(&context)) return f(sha256, kSha256);
    f(std::get_if<sha512_ctx>(&context), kSha512);
  }
};

Hasher::Hasher(std::string_view algorithm) : state_(std::make_unique<State>()) {
  if (algorithm == kMd5.name) {
    state_->context.emplace<md5_ctx>();
  } else if (algorithm == kSha1.name) {
    state_->context.emplace<sha1_ctx>();
  } else if (algorithm == kSha256.name) {
    state_->context.emplace<sha256_ctx>();
  } else {
    assert(algorithm == kSha512.name);
    state_->context.emplace<sha512_ctx>();
  }
  state_->with([](auto* context, const auto& functions) { functions.init(context); });
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(std::string_view bytes) {
  // char and unsigned char may alias: the one cast that C libraries ask for.
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  state_->with([&](auto* context, const auto& functions) { functions.update(context, bytes.size(), data); });
}

std::string Hasher::finish() {
  std::array<std::uint8_t, SHA512_DIGEST_SIZE> raw{};
  std::size_t size = 0;
  state_->with([&](auto* context, const auto& functions) {
    size = functions.size;
    functions.digest(context, size, raw.data());
  });
  return hex({reinterpret_cast<const char*>(raw.data()), size});
}

std::string hex_digest(std::string_view algorithm, std::string_view bytes) {
  Hasher hasher(algorithm);
  hasher.update(bytes);
  return hasher.finish();
}

}  // namespace peekr
