// SPDX-License-Identifier: Apache-2.0
#include "lib/ed25519.h"

#include <dlfcn.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <memory>

namespace peekr {
namespace {

// What is used of libcrypto, by name.
struct Library {
  decltype(&::EVP_PKEY_CTX_new_id) new_context = nullptr;
  decltype(&::EVP_PKEY_CTX_free) free_context = nullptr;
  decltype(&::EVP_PKEY_keygen_init) keygen_init = nullptr;
  decltype(&::EVP_PKEY_keygen) keygen = nullptr;
  decltype(&::EVP_PKEY_free) free_key = nullptr;
  decltype(&::EVP_PKEY_get_base_id) kind = nullptr;
  decltype(&::EVP_PKEY_new_raw_public_key) from_raw = nullptr;
  decltype(&::EVP_PKEY_get_raw_public_key) to_raw = nullptr;
  decltype(&::EVP_MD_CTX_new) new_digest = nullptr;
  decltype(&::EVP_MD_CTX_free) free_digest = nullptr;
  decltype(&::EVP_DigestSignInit) sign_init = nullptr;
  decltype(&::EVP_DigestSign) sign = nullptr;
  decltype(&::EVP_DigestVerifyInit) verify_init = nullptr;
  decltype(&::EVP_DigestVerify) verify = nullptr;
  decltype(&::BIO_new) new_bio = nullptr;
  decltype(&::BIO_s_mem) memory = nullptr;
  decltype(&::BIO_new_mem_buf) bio_of = nullptr;
  decltype(&::BIO_read) read = nullptr;
  decltype(&::BIO_free) free_bio = nullptr;
  decltype(&::PEM_read_bio_PrivateKey) read_private = nullptr;
  decltype(&::PEM_read_bio_PUBKEY) read_public = nullptr;
  decltype(&::PEM_write_bio_PrivateKey) write_private = nullptr;
  decltype(&::PEM_write_bio_PUBKEY) write_public = nullptr;
  bool whole = false;
};

template <class F>
bool find(void* library, const char* name, F& function) {
  function = reinterpret_cast<F>(::dlsym(library, name));
  return function != nullptr;
}

Library open_library() {
  Library all;
  void* const at = ::dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
  if (at == nullptr) return {};
  all.whole = find(at, "EVP_PKEY_CTX_new_id", all.new_context) &&
              find(at, "EVP_PKEY_CTX_free", all.free_context) &&
              find(at, "EVP_PKEY_keygen_init", all.keygen_init) && find(at, "EVP_PKEY_keygen", all.keygen) &&
              find(at, "EVP_PKEY_free", all.free_key) && find(at, "EVP_PKEY_get_base_id", all.kind) &&
              find(at, "EVP_PKEY_new_raw_public_key", all.from_raw) &&
              find(at, "EVP_PKEY_get_raw_public_key", all.to_raw) &&
              find(at, "EVP_MD_CTX_new", all.new_digest) && find(at, "EVP_MD_CTX_free", all.free_digest) &&
              find(at, "EVP_DigestSignInit", all.sign_init) && find(at, "EVP_DigestSign", all.sign) &&
              find(at, "EVP_DigestVerifyInit", all.verify_init) && find(at, "EVP_DigestVerify", all.verify) &&
              find(at, "BIO_new", all.new_bio) && find(at, "BIO_s_mem", all.memory) &&
              find(at, "BIO_new_mem_buf", all.bio_of) && find(at, "BIO_read", all.read) &&
              find(at, "BIO_free", all.free_bio) && find(at, "PEM_read_bio_PrivateKey", all.read_private) &&
              find(at, "PEM_read_bio_PUBKEY", all.read_public) &&
              find(at, "PEM_write_bio_PrivateKey", all.write_private) &&
              find(at, "PEM_write_bio_PUBKEY", all.write_public);
  return all;
}

const Library& library() {
  static const Library once = open_library();
  return once;
}

Result<const Library*> there() {
  if (library().whole) return &library();
  return fail(Errc::unsupported, "signatures: libcrypto.so.3 of OpenSSL (Debian's libssl3) is not there");
}

struct Free {
  void operator()(EVP_PKEY* key) const { library().free_key(key); }
  void operator()(EVP_PKEY_CTX* context) const { library().free_context(context); }
  void operator()(EVP_MD_CTX* context) const { library().free_digest(context); }
  void operator()(BIO* bio) const { library().free_bio(bio); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// A key that is encrypted would be asked for at the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

Owned<BIO> bio_of(std::string_view bytes) {
  return Owned<BIO>(library().bio_of(bytes.data(), static_cast<int>(bytes.size())));
}

std::string content(BIO* bio) {
  std::string out;
  std::array<char, 4096> some{};
  for (int got = 0; (got = library().read(bio, some.data(), static_cast<int>(some.size()))) > 0;)
    out.append(some.data(), static_cast<std::size_t>(got));
  return out;
}

constexpr std::size_t kLongestPem = 64 << 10;

Result<Owned<EVP_PKEY>> private_key(std::string_view pem) {
  const Library* const use = TRY(there());
  Owned<EVP_PKEY> key;
  if (pem.size() <= kLongestPem)
    key.reset(use->read_private(bio_of(pem).get(), nullptr, no_password, nullptr));
  if (!key || use->kind(key.get()) != EVP_PKEY_ED25519)
    return fail(Errc::damaged, "not a private Ed25519 key in PEM without a password");
  return key;
}

}  // namespace

Result<KeyPair> make_ed25519_keys() {
  const Library* const use = TRY(there());
  const Owned<EVP_PKEY_CTX> context(use->new_context(EVP_PKEY_ED25519, nullptr));
  EVP_PKEY* made = nullptr;
  if (!context || use->keygen_init(context.get()) != 1 || use->keygen(context.get(), &made) != 1)
    return fail(Errc::internal, "signatures: libcrypto makes no key");
  const Owned<EVP_PKEY> key(made);
  const Owned<BIO> secret(use->new_bio(use->memory())), open(use->new_bio(use->memory()));
  if (use->write_private(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      use->write_public(open.get(), key.get()) != 1)
    return fail(Errc::internal, "signatures: libcrypto writes no key");
  return KeyPair{content(secret.get()), content(open.get())};
}

Result<std::string> ed25519_signature(std::string_view private_pem, std::string_view message) {
  const Library* const use = TRY(there());
  const Owned<EVP_PKEY> key = TRY(private_key(private_pem));
  const Owned<EVP_MD_CTX> context(use->new_digest());
  std::array<unsigned char, 64> out{};
  std::size_t size = out.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  if (use->sign_init(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      use->sign(context.get(), out.data(), &size, bytes, message.size()) != 1)
    return fail(Errc::internal, "signatures: libcrypto does not sign");
  return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
}

Result<std::string> ed25519_public_key(std::string_view pem) {
  const Library* const use = TRY(there());
  Owned<EVP_PKEY> key;
  if (pem.size() <= kLongestPem)
    key.reset(use->read_public(bio_of(pem).get(), nullptr, no_password, nullptr));
  if (!key) {
    Result<Owned<EVP_PKEY>> secret = private_key(pem);
    if (!secret) return fail(Errc::damaged, "not an Ed25519 key in PEM");
    key = *std::move(secret);
  }
  std::array<unsigned char, 32> out{};
  std::size_t size = out.size();
  if (use->kind(key.get()) != EVP_PKEY_ED25519 || use->to_raw(key.get(), out.data(), &size) != 1)
    return fail(Errc::damaged, "not an Ed25519 key in PEM");
  return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
}

Status check_ed25519(std::string_view public_key, std::string_view message, std::string_view signature) {
  const Library* const use = TRY(there());
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  const Owned<EVP_PKEY> key(use->from_raw(EVP_PKEY_ED25519, nullptr, bytes(public_key), public_key.size()));
  const Owned<EVP_MD_CTX> context(use->new_digest());
  const bool right =
      key && use->verify_init(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      use->verify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
  return right ? Status{} : fail(Errc::mismatch, "the signature is not of this key and these bytes");
}

}  // namespace peekr
