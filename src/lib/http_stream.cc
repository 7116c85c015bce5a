// SPDX-License-Identifier: Apache-2.0
// Each stream has a multi handle of its own: so it can be driven by whoever pulls, and rests while nobody does.
#include "lib/http_stream.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>

#include "base/file.h"
#include "base/guarded.h"
#include "base/text.h"
#include "lib/curl_library.h"

namespace peekr {
namespace {

constexpr std::size_t kEnough = 262144;      // bytes waiting to be pulled: no more are taken from the line
constexpr std::size_t kMostHeaders = 65536;  // bytes
constexpr std::uint64_t kMostAuthorities = 16 << 20;
constexpr const char* kMorePatience = " (PEEKR_FETCH_PATIENCE allows for more)";

// What is used of libcurl here, by name.
struct Library {
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_setopt) setopt = nullptr;
  decltype(&::curl_easy_getinfo) getinfo = nullptr;
  decltype(&::curl_easy_reset) reset = nullptr;
  decltype(&::curl_easy_pause) pause = nullptr;
  decltype(&::curl_easy_cleanup) cleanup = nullptr;
  decltype(&::curl_easy_strerror) text = nullptr;
  decltype(&::curl_slist_append) append = nullptr;
  decltype(&::curl_slist_free_all) free_all = nullptr;
  decltype(&::curl_multi_init) multi_init = nullptr;
  decltype(&::curl_multi_add_handle) multi_add = nullptr;
  decltype(&::curl_multi_remove_handle) multi_remove = nullptr;
  decltype(&::curl_multi_perform) multi_perform = nullptr;
  decltype(&::curl_multi_poll) multi_poll = nullptr;
  decltype(&::curl_multi_info_read) multi_info = nullptr;
  decltype(&::curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&::curl_version_info) version = nullptr;
};

// Empty functions where it is not there.
Library open_library() {
  Library all;
  const bool whole =
      find_curl("curl_easy_init", all.easy_init) && find_curl("curl_easy_setopt", all.setopt) &&
      find_curl("curl_easy_getinfo", all.getinfo) && find_curl("curl_easy_reset", all.reset) &&
      find_curl("curl_easy_pause", all.pause) && find_curl("curl_easy_cleanup", all.cleanup) &&
      find_curl("curl_easy_strerror", all.text) && find_curl("curl_slist_append", all.append) &&
      find_curl("curl_slist_free_all", all.free_all) && find_curl("curl_multi_init", all.multi_init) &&
      find_curl("curl_multi_add_handle", all.multi_add) &&
      find_curl("curl_multi_remove_handle", all.multi_remove) &&
      find_curl("curl_multi_perform", all.multi_perform) && find_curl("curl_multi_poll", all.multi_poll) &&
      find_curl("curl_multi_info_read", all.multi_info) &&
      find_curl("curl_multi_cleanup", all.multi_cleanup) && find_curl("curl_version_info", all.version);
  return whole ? all : Library();
}

const Library& library() {
  static const Library once = open_library();
  return once;
}

// A multi handle, which keeps connections, and the one easy handle in it.
struct Line {
  CURLM* multi = library().multi_init();
  CURL* easy = library().easy_init();

  Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() {
    if (easy != nullptr) library().cleanup(easy);
    if (multi != nullptr) library().multi_cleanup(multi);
  }
};

Errc code_of(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION: return Errc::mismatch;
    case CURLE_SSL_CONNECT_ERROR: return Errc::unsupported;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE: return Errc::usage;
    default: return Errc::io;
  }
}

}  // namespace

struct HttpClient::State {
  Guarded<std::vector<std::unique_ptr<Line>>> idle;
  std::atomic<bool> file_wanted = false;  // somebody's certificate is vouched for by the system's file alone
};

namespace {

// "host:1" of "http://user:password@host:1/path"
std::string_view host_of(std::string_view url) {
  const std::string_view rest = cut(url, ':').second;
  const std::string_view all = rest.substr(0, rest.find_first_of("/?#", 2));
  const std::size_t user = all.rfind('@');
  return all.substr(user == std::string_view::npos ? std::min<std::size_t>(2, all.size()) : user + 1);
}

// Where the system's certificates are looked for: in its folder, that has each under the hash of its name, or in its file, too. To
// read the file takes OpenSSL 40 ms, once a line.
enum class Trust { folder, file };

bool has_folder() {
  const curl_version_info_data* const about = library().version(CURLVERSION_NOW);
  return about->age >= CURLVERSION_SEVENTH && about->capath != nullptr;
}

class CurlStream : public HttpStream {
 public:
  CurlStream(HttpClient::State& client, std::unique_ptr<Line> line, const HttpAsk& ask, Trust trust)
      : client_(client), line_(std::move(line)), ask_(ask), trust_(trust) {}
  CurlStream(const CurlStream&) = delete;
  CurlStream& operator=(const CurlStream&) = delete;

  ~CurlStream() override {
    if (added_) library().multi_remove(line_->multi, line_->easy);
    library().reset(line_->easy);
    library().free_all(headers_);
    client_.idle.with([&](auto& idle) { idle.push_back(std::move(line_)); });
  }

  // Until the head is whole.
  Status start() {
    set_options();
    if (library().multi_add(line_->multi, line_->easy) != CURLM_OK)
      return fail(Errc::internal, "curl_multi_add_handle");
    added_ = true;
    TRY(wait_for_the_first());
    if (coming_.empty() && !broken_) return broken_;
    char* redirect = nullptr;
    long status = 0;
    library().getinfo(line_->easy, CURLINFO_REDIRECT_URL, &redirect);
    library().getinfo(line_->easy, CURLINFO_RESPONSE_CODE, &status);
    if (redirect != nullptr) head_.redirect = redirect;
    head_.status = static_cast<unsigned>(status);
    count_patience();
    const bool of_proxy = status == 407;  // no server has said so
    return of_proxy ? Status(fail(Errc::usage, shown_url(ask_.url) + ": " + why_proxy_refuses(status)))
                    : Status();
  }

  [[nodiscard]] const HttpHead& head() const override { return head_; }

  Result<std::string_view> next() override {
    handed_.clear();
    while (!ended_ && coming_.empty()) TRY(drive());
    if (coming_.empty() && !broken_) return fail(broken_.error());
    std::swap(handed_, coming_);
    return std::string_view(handed_);
  }

 private:
  static std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* data) {
    return static_cast<CurlStream*>(data)->take_header({bytes, count}) ? count : 0;
  }
  static std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* data) {
    CurlStream& at = *static_cast<CurlStream*>(data);
    if (at.coming_.size() >= kEnough) {
      at.paused_ = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    at.coming_.append(bytes, count);
    return count;
  }

  bool take_header(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // of a proxy, or "100 Continue", before the real one
      head_.headers.clear();
      header_bytes_ = 0;
    }
    header_bytes_ += line.size();
    const auto [name, rest] = cut(line, ':');
    if (name.size() < line.size()) head_.headers.emplace_back(lower(name), trim(rest));
    return header_bytes_ <= kMostHeaders;
  }

  // libcurl has one measure for all of an answer.
  Status wait_for_the_first() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(ask_.for_the_first);
    while (!ended_ && coming_.empty()) {
      TRY(drive());
      if (ask_.for_the_first > 0 && !ended_ && coming_.empty() && std::chrono::steady_clock::now() > end)
        return fail(Errc::io, shown_url(ask_.url) + ": nothing came for " +
                                  std::to_string(ask_.for_the_first) + " seconds" + kMorePatience);
    }
    if (ask_.for_the_first > 0)
      library().setopt(line_->easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(ask_.patience));
    return {};
  }

  // "Retry-After: Thu, 26 Nov 2026 19:00:00 GMT" in seconds from now.
  void count_patience() {
    curl_off_t seconds = 0;
    library().getinfo(line_->easy, CURLINFO_RETRY_AFTER, &seconds);
    for (auto& [name, value] : head_.headers) {
      if (name == "retry-after" && seconds > 0) value = std::to_string(seconds);
    }
  }

  void set_options() {
    const auto set = [&](CURLoption option, auto value) { library().setopt(line_->easy, option, value); };
    const auto set_text = [&](CURLoption option, const std::string& value) {
      if (!value.empty()) set(option, value.c_str());  // libcurl copies texts
    };
    set(CURLOPT_URL, ask_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    // see lib/curl.cc
    set(CURLOPT_SOCKS5_AUTH, CURLAUTH_BASIC);
    set(CURLOPT_PROXYAUTH, CURLAUTH_BASIC);
    set(CURLOPT_USERAGENT, "peekr/" PEEKR_VERSION);
    set(CURLOPT_BUFFERSIZE, 131072L);
    set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(ask_.patience));
    set(CURLOPT_LOW_SPEED_LIMIT, 1000L);
    if (ask_.for_the_first == 0) set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(ask_.patience));
    for (const std::string& one : ask_.headers) headers_ = library().append(headers_, one.c_str());
    set(CURLOPT_HTTPHEADER, headers_);
    if (!ask_.form.empty()) {
      set(CURLOPT_POSTFIELDSIZE, static_cast<long>(ask_.form.size()));
      set(CURLOPT_COPYPOSTFIELDS, ask_.form.c_str());
    }
    set_text(CURLOPT_UNIX_SOCKET_PATH, ask_.socket);
    if (is_loopback(host_of(ask_.url))) set(CURLOPT_NOPROXY, "*");
    if (trust_ == Trust::folder) set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
    if (const char* system = std::getenv("SSL_CERT_FILE"); system != nullptr)
      set_text(CURLOPT_CAINFO, system);
    if (!ask_.authorities.empty()) {  // in the place of any file; the system's folder stays
      curl_blob blob{ask_.authorities.data(), ask_.authorities.size(), CURL_BLOB_COPY};
      set(CURLOPT_CAINFO_BLOB, &blob);
    }
    set_text(CURLOPT_SSLCERT, ask_.certificate);
    set_text(CURLOPT_SSLKEY, ask_.key);
    if (ask_.peer == Peer::anybody) {
      set(CURLOPT_SSL_VERIFYPEER, 0L);
      set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_ERRORBUFFER, reason_.data());
  }

  // One step: waits until something happens on the line, and takes it.
  Status drive() {
    if (std::exchange(paused_, false)) library().pause(line_->easy, CURLPAUSE_CONT);
    int running = 0;
    if (coming_.empty() && library().multi_perform(line_->multi, &running) != CURLM_OK) {
      return fail(Errc::io, shown_url(ask_.url) + ": curl_multi_perform");
    }
    int left = 0;
    while (const CURLMsg* message = library().multi_info(line_->multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      ended_ = true;
      if (message->data.result != CURLE_OK) broken_ = why_broken(message->data.result);
    }
    if (!ended_ && coming_.empty()) library().multi_poll(line_->multi, nullptr, 0, 1000, nullptr);
    return {};
  }

  [[nodiscard]] Status why_broken(CURLcode code) const {
    long proxy = 0;
    library().getinfo(line_->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
    if (const std::string refused = why_proxy_refuses(proxy); !refused.empty())
      return fail(Errc::usage, shown_url(ask_.url) + ": " + refused);
    const std::string why = reason_[0] != '\0' ? std::string(reason_.data()) : library().text(code);
    const std::string what = ask_.socket.empty() ? shown_url(ask_.url) : ask_.socket;
    const std::string more = code == CURLE_OPERATION_TIMEDOUT && ask_.socket.empty() ? kMorePatience : "";
    return fail(code_of(code), what + ": " + printable(why) + more);
  }

  HttpClient::State& client_;
  std::unique_ptr<Line> line_;
  HttpAsk ask_;
  Trust trust_;
  HttpHead head_;
  curl_slist* headers_ = nullptr;
  std::string coming_, handed_;
  std::size_t header_bytes_ = 0;
  Status broken_;  // told when all that came before has been handed out
  bool added_ = false, paused_ = false, ended_ = false;
  std::array<char, CURL_ERROR_SIZE> reason_{};
};

}  // namespace

std::string_view HttpHead::header(std::string_view name) const {
  const auto at = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
  return at == headers.end() ? std::string_view() : std::string_view(at->second);
}

HttpClient::HttpClient() : state_(std::make_unique<State>()) {}
HttpClient::~HttpClient() = default;

namespace {

Result<std::unique_ptr<HttpStream>> open_once(HttpClient::State& client, const HttpAsk& ask, Trust trust) {
  std::unique_ptr<Line> line = client.idle.with([](auto& idle) {
    std::unique_ptr<Line> last;
    if (!idle.empty()) {
      last = std::move(idle.back());
      idle.pop_back();
    }
    return last;
  });
  if (line == nullptr) line = std::make_unique<Line>();
  auto stream = std::make_unique<CurlStream>(client, std::move(line), ask, trust);
  TRY(stream->start());
  return stream;
}

// The file of certificates that libcurl would take; empty: none.
std::string system_file() {
  if (const char* named = std::getenv("SSL_CERT_FILE"); named != nullptr && *named != '\0') return named;
  const curl_version_info_data* const about = library().version(CURLVERSION_NOW);
  return about->age >= CURLVERSION_SEVENTH && about->cainfo != nullptr ? about->cainfo : "";
}

// libcurl takes a file or a text: with authorities of the caller's, what is in the file comes behind them, where it is named or wanted.
Result<std::unique_ptr<HttpStream>> open_beside_system(HttpClient::State& client, const HttpAsk& ask) {
  const bool named = std::getenv("SSL_CERT_FILE") != nullptr;
  Result<std::unique_ptr<HttpStream>> stream = nullptr;
  if (!named && !client.file_wanted) {
    stream = open_once(client, ask, Trust::folder);
    if (stream || stream.error().code != Errc::mismatch) return stream;
  }
  const Result<std::string> file = read_file(system_file(), kMostAuthorities);
  if (!file) return stream ? fail(Errc::usage, "SSL_CERT_FILE: " + file.error().message) : std::move(stream);
  HttpAsk all = ask;
  all.authorities += "\n" + *file;
  stream = open_once(client, all, Trust::folder);
  if (stream) client.file_wanted = true;
  return stream;
}

}  // namespace

Result<std::unique_ptr<HttpStream>> HttpClient::open(const HttpAsk& ask) {
  if (library().easy_init == nullptr) {
    return fail(Errc::usage, shown_url(ask.url) + ": libcurl.so.4 is not installed (package libcurl4)");
  }
  if (!ask.authorities.empty() && ask.url.starts_with("https:")) return open_beside_system(*state_, ask);
  const bool other_file = std::getenv("SSL_CERT_FILE") != nullptr;
  if (state_->file_wanted || other_file || !has_folder()) return open_once(*state_, ask, Trust::file);
  Result<std::unique_ptr<HttpStream>> stream = open_once(*state_, ask, Trust::folder);
  if (stream || stream.error().code != Errc::mismatch) return stream;
  // The file may have more than the folder: people append to it.
  stream = open_once(*state_, ask, Trust::file);
  if (stream) state_->file_wanted = true;
  return stream;
}

bool is_loopback(std::string_view host) {
  if (host == "[::1]" || host.starts_with("[::1]:")) return true;
  const std::string_view name = host.substr(0, host.find(':'));
  return equal_ignoring_case(name, "localhost") ||
         (name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string_view::npos);
}

std::string shown_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  std::string_view rest = url.substr(0, url.find_first_of("?#"));
  if (scheme == std::string_view::npos) return printable(rest);
  const std::string_view head = rest.substr(0, scheme + 3);
  rest.remove_prefix(head.size());
  // A password that has a "/" ends behind it: then what is before that is no host with its port.
  const std::string_view host = rest.substr(0, rest.find('/'));
  const std::size_t colon = host.rfind(':');
  const bool port = colon == std::string_view::npos || host.ends_with(']') ||
                    to_number(host.substr(colon + 1)).value_or(65536) <= 65535;
  const std::size_t at = (port ? host : rest).rfind('@');
  if (at != std::string_view::npos) rest.remove_prefix(at + 1);
  return printable(std::string(head) + std::string(rest));
}

}  // namespace peekr
