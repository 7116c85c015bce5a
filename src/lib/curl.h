// SPDX-License-Identifier: Apache-2.0
// One HTTP request by libcurl, whose body is handed over as it comes. Proxies are those of the environment (https_proxy,
// no_proxy, ...), as libcurl reads them. A body that the caller takes as it needs it: http_stream.h.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

struct HttpRequest {
  std::string url;                  // https or http
  std::string etag, last_modified;  // of what is at hand: only what differs from it is sent (status 304)
  std::uint64_t from = 0;   // bytes at hand of what has that etag: the rest is sent, if it is still the same
  std::uint64_t to = 0;     // where to stop, of a server that can; 0: at the end
  std::uint64_t limit = 0;  // of the whole body
  bool packed = false;      // may come behind gzip; it is not unpacked here
  std::string ca_file;      // certificates to trust; empty: $SSL_CERT_FILE, else the system's
  unsigned patience = 30;   // seconds without a connection, or below 1,000 bytes a second
};

struct HttpReply {
  unsigned status = 0;
  std::string url;  // where redirects led
  std::string etag, last_modified;
  std::uint64_t bytes = 0;   // of the body, as they came over the line
  std::uint64_t total = 0;   // of the whole body, as the server says; 0: it does not
  unsigned retry_after = 0;  // seconds; 0: not said
};

// Takes bytes of the body at that offset: 0 at first, unless the server goes on behind `from`. Called for statuses 200
// and 206 only. Its error ends the request and is the answer.
using HttpSink = std::function<Status(std::uint64_t offset, std::string_view bytes)>;

// Whether libcurl is installed.
[[nodiscard]] bool has_curl();

// A redirect from https goes to https only, ten at most; credentials in the URL are for its host only. Every status is a
// reply; what came before an error is in it, too. Errc::io: the line or the server failed, another try may do; limit:
// over `limit`; mismatch: the server is not who it says it is; usage: no other try will do. A thread's requests share
// its connections.
Status http_get(const HttpRequest& request, const HttpSink& sink, HttpReply& reply);

}  // namespace peekr
