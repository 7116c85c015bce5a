// SPDX-License-Identifier: Apache-2.0
// RegistryClient: the documents and blobs of one repository of one registry
// (github.com/opencontainers/distribution-spec 1.1, which the Docker registry's HTTP API v2 became). It asks again where that may
// help, proves who the user is when it is asked to, and follows redirects, with credentials for the registry's own host
// only. What the user may see of a secret is nothing: not in messages either.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "image/bytes.h"
#include "lib/http_stream.h"
#include "source/access.h"
#include "source/certificates.h"
#include "source/credentials.h"
#include "source/registry_auth.h"

namespace peekr {

// Where a repository is to be had: a registry, or a mirror of one.
struct Endpoint {
  std::string host;        // with its port
  std::string repository;  // its name there
  bool insecure = false;   // certificates are not verified, and http will do
  Certificates certificates;
};

class RegistryClient {
 public:
  RegistryClient(Endpoint endpoint, Access access);

  struct Document {
    std::string bytes, media_type;
    std::string digest;  // that the registry states; may be empty
    std::string next;    // the path of the next page of a list; may be empty
  };
  // By tag or digest. Errc::not_found: there is none; limit: over `most` bytes.
  Result<Document> manifest(const std::string& name, std::uint64_t most);
  // The pages of the index of what is attached to that manifest. Errc::not_found: the registry does not know this request.
  Result<std::vector<Document>> referrers(const Digest& manifest, std::uint64_t most);
  // Opens it from its start: the error of a blob that is not there is known at once. A broken line goes on where it
  // stopped. The client must outlive it.
  Result<std::unique_ptr<ByteSource>> blob(const Digest& digest);
  // So many of its bytes from there, in one request for one range: of several, registries make all sorts of things. Errc::unsupported:
  // the server does not know ranges.
  Result<std::unique_ptr<ByteSource>> part(const Digest& digest, std::uint64_t from, std::uint64_t size);
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  // Of blobs, so far.
  [[nodiscard]] std::uint64_t fetched() const { return fetched_; }

 private:
  friend class RegistryBlob;
  struct Get {
    std::string path;  // below /v2/REPOSITORY/, or on the host: "/a/b"
    std::vector<std::string> headers;
    bool may_be_unknown =
        false;  // a request that older registries refuse in one way or another: Errc::not_found
    unsigned retry_after = 0;  // out: what the server asks for, seconds
    unsigned status = 0;       // out
    std::string elsewhere{};   // out: the origin that has answered; empty: the registry itself
    bool slow = false;         // a proxy may have to get it first
    bool again = false;        // one of many for the same path: where it was led the last time is asked first
    std::string authorization;  // out: what the registry was sent
    std::string refusal{};      // out: why the answer is that to nobody in particular
  };
  class Tries;

  Result<Document> document(Get what, std::uint64_t most);
  Result<std::string> next_page(const std::string& path, const HttpHead& head) const;
  Result<std::unique_ptr<HttpStream>> get(Get& what);
  Result<std::unique_ptr<HttpStream>> get_once(Get& what);
  Result<std::unique_ptr<HttpStream>> follow(Get& what);
  std::unique_ptr<HttpStream> where_it_was(const Get& what, HttpAsk ask);
  void forget(const std::string& path);  // where that was
  std::unique_ptr<HttpStream> without_tls(const HttpAsk& ask);
  Result<std::unique_ptr<HttpStream>> at_home(const std::string& path, HttpAsk& ask);
  HttpAsk ask_for(const Get& what) const;
  Status authorize(const HttpHead& head, Get& what, std::optional<Credentials> known = {});
  Result<std::string> buy_token(const Challenge& challenge, const Credentials& credentials, Get& what);
  bool named_at_the_door(const HttpHead& head, Get& what);
  void be_nobody(Get& what, const std::string& refusal);
  Status judge(HttpStream& stream, Get& what) const;
  [[nodiscard]] std::string login() const;
  [[nodiscard]] std::unexpected<Error> refused(const std::string& why, const std::string& says) const;
  Credentials credentials();
  void tell_quota(const HttpHead& head);

  Endpoint endpoint_;
  Access access_;
  HttpClient http_;
  std::atomic<bool> plain_ = false;  // http, not https
  std::atomic<bool> plain_tried_ = false;
  Guarded<std::string> authorization_;  // the header's value; empty: nobody has asked
  std::mutex authorizing_;
  Guarded<std::map<std::string, std::string>> led_to_;  // by path: elsewhere
  std::atomic<bool> named_ = false;                     // credentials have been sent, or nobody wanted them
  std::atomic<bool> door_asked_ = false;
  std::atomic<bool> quota_told_ = false;
  std::atomic<std::uint64_t> fetched_ = 0;
};

}  // namespace peekr
