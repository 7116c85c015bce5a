// SPDX-License-Identifier: Apache-2.0
#include "lib/curl.h"

#include <curl/curl.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "base/text.h"
#include "lib/curl_library.h"
#include "lib/http_stream.h"

namespace peekr {
namespace {

// What is used of libcurl here, by name.
struct Library {
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_setopt) setopt = nullptr;
  decltype(&::curl_easy_perform) perform = nullptr;
  decltype(&::curl_easy_getinfo) getinfo = nullptr;
  decltype(&::curl_easy_reset) reset = nullptr;
  decltype(&::curl_easy_cleanup) cleanup = nullptr;
  decltype(&::curl_easy_strerror) text = nullptr;
  decltype(&::curl_slist_append) append = nullptr;
  decltype(&::curl_slist_free_all) free_all = nullptr;
};

// Empty functions where it is not there.
Library open_library() {
  Library all;
  const bool whole =
      find_curl("curl_easy_init", all.easy_init) && find_curl("curl_easy_setopt", all.setopt) &&
      find_curl("curl_easy_perform", all.perform) && find_curl("curl_easy_getinfo", all.getinfo) &&
      find_curl("curl_easy_reset", all.reset) && find_curl("curl_easy_cleanup", all.cleanup) &&
      find_curl("curl_easy_strerror", all.text) && find_curl("curl_slist_append", all.append) &&
      find_curl("curl_slist_free_all", all.free_all);
  return whole ? all : Library();
}

const Library& library() {
  static const Library once = open_library();
  return once;
}

// One request under way.
struct Transfer {
  const HttpRequest& request;
  const HttpSink& sink;
  CURL* handle = nullptr;
  HttpReply& reply;
  std::uint64_t offset = 0;  // where the next bytes of the body belong
  Status sunk = {};
};

// A header line of any reply on the way; a status line begins the next one.
void take_header(Transfer& at, std::string_view line) {
  if (line.starts_with("HTTP/")) {
    at.reply.etag.clear();
    at.reply.last_modified.clear();
    at.reply.retry_after = 0;
    at.reply.total = 0;
    at.offset = 0;
    return;
  }
  const auto [name, rest] = cut(line, ':');
  const std::string_view value = trim(rest);
  if (equal_ignoring_case(name, "etag")) at.reply.etag = value;
  if (equal_ignoring_case(name, "last-modified")) at.reply.last_modified = value;
  if (equal_ignoring_case(name, "retry-after")) {
    at.reply.retry_after = static_cast<unsigned>(to_number(value).value_or(0) & 0xFFFFu);
  }
  if (equal_ignoring_case(name, "content-length") && at.reply.total == 0) {
    at.reply.total = to_number(value).value_or(0);
  }
  if (equal_ignoring_case(name, "content-range")) {  // "bytes 100-199/200"
    at.offset = to_number(cut(cut(value, ' ').second, '-').first).value_or(0);
    at.reply.total = to_number(cut(value, '/').second).value_or(0);
  }
}

std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* data) {
  take_header(*static_cast<Transfer*>(data), {bytes, count});
  return count;
}

Status take_body(Transfer& at, std::string_view bytes) {
  long status = 0;
  library().getinfo(at.handle, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200 && status != 206) return {};  // an error's page
  if (status == 206 && at.offset > at.request.from && at.reply.bytes == 0) {
    return fail(Errc::io, "the server goes on at byte " + std::to_string(at.offset) + ", asked for " +
                              std::to_string(at.request.from));
  }
  at.reply.bytes += bytes.size();
  if (at.offset + bytes.size() > at.request.limit) {
    return fail(Errc::limit, "larger than " + std::to_string(at.request.limit) + " bytes");
  }
  TRY(at.sink(at.offset, bytes));
  at.offset += bytes.size();
  return {};
}

std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* data) {
  Transfer& at = *static_cast<Transfer*>(data);
  at.sunk = take_body(at, {bytes, count});
  return at.sunk ? count : CURL_WRITEFUNC_ERROR;
}

curl_slist* headers_of(const HttpRequest& request) {
  curl_slist* list = nullptr;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) list = library().append(list, (name + value).c_str());
  };
  if (request.packed && request.to == 0) add("Accept-Encoding: ", "gzip");
  if (request.from > 0) {
    add("If-Range: ", request.etag.empty() ? request.last_modified : request.etag);
    return list;
  }
  add("If-None-Match: ", request.etag);
  add("If-Modified-Since: ", request.last_modified);
  return list;
}

Errc code_of(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION: return Errc::mismatch;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_SSL_CACERT_BADFILE: return Errc::usage;
    default: return Errc::io;
  }
}

void set_options(Transfer& at, const std::string& range) {
  const auto set = [&](CURLoption option, auto value) { library().setopt(at.handle, option, value); };
  const HttpRequest& request = at.request;
  const char* protocols = request.url.starts_with("http://") ? "http,https" : "https";
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, protocols);
  set(CURLOPT_REDIR_PROTOCOLS_STR, protocols);
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 10L);
  set(CURLOPT_NOSIGNAL, 1L);
  // A SOCKS proxy would be offered Kerberos, too: tools/peekr.openvex.json says that nobody is.
  set(CURLOPT_SOCKS5_AUTH, CURLAUTH_BASIC);
  set(CURLOPT_PROXYAUTH, CURLAUTH_BASIC);
  set(CURLOPT_USERAGENT, "peekr/" PEEKR_VERSION);
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(request.patience));
  set(CURLOPT_LOW_SPEED_LIMIT, 1000L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.patience));
  if (request.from > 0 || request.to > 0) set(CURLOPT_RANGE, range.c_str());
  const char* system = std::getenv("SSL_CERT_FILE");
  const std::string ca = request.ca_file.empty() && system != nullptr ? system : request.ca_file;
  if (!ca.empty()) set(CURLOPT_CAINFO, ca.c_str());  // libcurl copies texts
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, &at);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, &at);
}

// Kept for the next request of this thread: a connection is dear, a handle keeps it.
CURL* this_thread_handle() {
  if (library().free_all == nullptr) return nullptr;
  thread_local const std::unique_ptr<CURL, decltype(Library::cleanup)> handle(library().easy_init(),
                                                                              library().cleanup);
  return handle.get();
}

}  // namespace

bool has_curl() { return curl_function("curl_easy_init") != nullptr; }

Status http_get(const HttpRequest& request, const HttpSink& sink, HttpReply& reply) {
  reply = {.url = request.url};
  CURL* const handle = this_thread_handle();
  if (handle == nullptr)
    return fail(Errc::usage, "fetch " + shown_url(request.url) + ": libcurl.so.4 is not installed");
  const std::unique_ptr<curl_slist, decltype(Library::free_all)> headers(headers_of(request),
                                                                         library().free_all);
  Transfer at{request, sink, handle, reply};
  set_options(at,
              std::to_string(request.from) + "-" + (request.to > 0 ? std::to_string(request.to - 1) : ""));
  library().setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  std::array<char, CURL_ERROR_SIZE> reason{};
  library().setopt(handle, CURLOPT_ERRORBUFFER, reason.data());
  const CURLcode code = library().perform(handle);
  long status = 0, proxy = 0;
  char* url = nullptr;
  library().getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  library().getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &proxy);
  library().getinfo(handle, CURLINFO_EFFECTIVE_URL, &url);
  reply.status = static_cast<unsigned>(status);
  if (url != nullptr) reply.url = url;
  library().reset(handle);
  if (!at.sunk) return fail(at.sunk.error().within(shown_url(request.url)));
  const std::string refused = why_proxy_refuses(status == 407 ? status : proxy);
  if (!refused.empty()) return fail(Errc::usage, shown_url(request.url) + ": " + refused);
  if (code == CURLE_OK) return {};
  const std::string why = reason[0] != '\0' ? std::string(reason.data()) : library().text(code);
  return fail(code_of(code), shown_url(request.url) + ": " + printable(why));
}

}  // namespace peekr
