// SPDX-License-Identifier: Apache-2.0
// HTTP requests by libcurl whose body the caller pulls, at its own speed: what is not taken is not sent. Redirects are
// replies like others: only the caller knows which of its headers may go where. Proxies as in curl.h, but never for this machine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace peekr {

enum class Peer { verified, anybody };  // anybody: a certificate that nobody vouches for will do

struct HttpAsk {
  std::string url;                   // https or http
  std::vector<std::string> headers;  // "Accept: application/json"
  std::string form;                  // not empty: a POST of it (application/x-www-form-urlencoded)
  std::string socket;                // of a server on this machine: the path of its Unix socket
  std::string authorities;           // PEM: certificates to trust, beside those of the system
  std::string certificate, key;      // files: who we are
  Peer peer = Peer::verified;
  unsigned patience =
      30;  // seconds without a connection, or below 1,000 bytes a second ($PEEKR_FETCH_PATIENCE)
  unsigned for_the_first = 0;  // that, until the first byte of the body has come; 0: the same
};

struct HttpHead {
  unsigned status = 0;
  std::string redirect;                                      // where to, absolute; empty: it is none
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in their order

  // The value of the first header of that name; "" without one.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

class HttpStream {
 public:
  virtual ~HttpStream() = default;
  [[nodiscard]] virtual const HttpHead& head() const = 0;
  // The next bytes of the body, valid until the next call; empty at its end. Errors as in HttpClient::open.
  virtual Result<std::string_view> next() = 0;
};

// Connections that are kept for the next request. May be used by several threads; streams must not outlive it.
class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Waits for the head of the reply; every status is one. Errc::io: the line or the server failed, another try may do;
  // unsupported: no TLS could be agreed on; mismatch: the server is not who it says it is; usage: no other try will do.
  Result<std::unique_ptr<HttpStream>> open(const HttpAsk& ask);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

// Whether a host, "localhost:5000", is this machine: Docker, too, lets those go without TLS. No request to one goes through a proxy.
[[nodiscard]] bool is_loopback(std::string_view host);

// A URL as it may be shown: without user, password and query, which may be secrets.
[[nodiscard]] std::string shown_url(std::string_view url);

}  // namespace peekr
