// SPDX-License-Identifier: Apache-2.0
#include "lib/digest.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

#include <array>
#include <cassert>
#include <variant>

#include "base/text.h"

namespace peekr {

namespace {

template <class Context>
struct Functions {
  std::string_view name;
  std::size_t size;
  int (*init)(Context*);
  int (*update)(Context*, const void*, std::size_t);
  int (*final)(unsigned char*, Context*);
};
constexpr Functions<MD5_CTX> kMd5 = {"md5", MD5_DIGEST_LENGTH, MD5_Init, MD5_Update, MD5_Final};
constexpr Functions<SHA_CTX> kSha1 = {"sha1", SHA_DIGEST_LENGTH, SHA1_Init, SHA1_Update, SHA1_Final};
constexpr Functions<SHA256_CTX> kSha256 = {"sha256", SHA256_DIGEST_LENGTH, SHA256_Init, SHA256_Update,
                                           SHA256_Final};
constexpr Functions<SHA512_CTX> kSha512 = {"sha512", SHA512_DIGEST_LENGTH, SHA512_Init, SHA512_Update,
                                           SHA512_Final};

}  // namespace

struct Hasher::State {
  std::variant<MD5_CTX, SHA_CTX, SHA256_CTX, SHA512_CTX> context;

  // Calls f(context, its functions).
  template <class F>
  void with(const F& f) {
    if (auto* md5 = std::get_if<MD5_CTX>(&context)) return f(md5, kMd5);
    if (auto* sha1 = std::get_if<SHA_CTX>(&context)) return f(sha1, kSha1);
    if (auto* sha256 = std::get_if<SHA256_CTX>(&context)) return f(sha256, kSha256);
    f(std::get_if<SHA512_CTX>(&context), kSha512);
  }
};

Hasher::Hasher(std::string_view algorithm) : state_(std::make_unique<State>()) {
  if (algorithm == kMd5.name) {
    state_->context.emplace<MD5_CTX>();
  } else if (algorithm == kSha1.name) {
    state_->context.emplace<SHA_CTX>();
  } else if (algorithm == kSha256.name) {
    state_->context.emplace<SHA256_CTX>();
  } else {
    assert(algorithm == kSha512.name);
    state_->context.emplace<SHA512_CTX>();
  }
  state_->with([](auto* context, const auto& functions) { functions.init(context); });
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(std::string_view bytes) {
  state_->with(
      [&](auto* context, const auto& functions) { functions.update(context, bytes.data(), bytes.size()); });
}

std::string Hasher::finish() {
  std::array<unsigned char, SHA512_DIGEST_LENGTH> raw{};
  std::size_t size = 0;
  state_->with([&](auto* context, const auto& functions) {
    size = functions.size;
    functions.final(raw.data(), context);
  });
  return hex({reinterpret_cast<const char*>(raw.data()), size});
}

std::string hex_digest(std::string_view algorithm, std::string_view bytes) {
  Hasher hasher(algorithm);
  hasher.update(bytes);
  return hasher.finish();
}

}  // namespace peekr
