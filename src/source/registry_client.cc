// SPDX-License-Identifier: Apache-2.0
#include "source/registry_client.h"

#include <algorithm>
#include <array>
#include <thread>

#include "base/text.h"
#include "base/timer.h"
#include "source/link.h"

namespace peekr {
namespace {

constexpr unsigned kMostRedirects = 10, kLongestWait = 120;  // seconds that a server may ask for
constexpr unsigned kLongerForTheFirst = 4;                   // times: before the first byte of a blob
constexpr std::size_t kMostPages = 20;                       // of one list
constexpr std::uint64_t kSmallBody = 1 << 20;                // of an error, or of a token
constexpr std::uint64_t kProgress = 65536;                   // bytes that make a new beginning of tries
constexpr std::array kManifestTypes = {
    "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"};

// "https://host:1" of "https://host:1/path"
std::string_view origin(std::string_view url) {
  return url.substr(0, url.find_first_of("/?#", url.find("://") + 3));
}

bool has_port(std::string_view host) { return host.find(':', host.find(']') + 1) != std::string_view::npos; }

unsigned patience_in(const HttpHead& head) {
  return static_cast<unsigned>(
      std::min<std::uint64_t>(to_number(head.header("retry-after")).value_or(0), 0xFFFF));
}

// What a server that wants TLS says to http is nothing of a registry. Who wants to know who asks is asked again with TLS, before
// there is a secret to send.
bool is_of_registry(const HttpHead& head) {
  if (head.status != 200 && head.status != 404) return false;
  const std::string_view type = trim(cut(head.header("content-type"), ';').first);
  return !head.header("docker-distribution-api-version").empty() ||
         std::ranges::find(kManifestTypes, type) != kManifestTypes.end();
}

// Follows where a token server leads; `ask` is what was asked last then.
Result<std::unique_ptr<HttpStream>> ask_token_server(HttpClient& http, HttpAsk& ask) {
  for (unsigned hops = 0;; ++hops) {
    Result<std::unique_ptr<HttpStream>> stream = http.open(ask);
    if (!stream && stream.error().code == Errc::unsupported)
      return fail(Errc::usage, "the token server does not speak https: " + stream.error().message);
    if (!stream) return fail(stream.error().within("token server"));
    if ((*stream)->head().redirect.empty()) return stream;
    if (hops == kMostRedirects)
      return fail(Errc::usage, "token server " + shown_url(ask.url) + ": more than " +
                                   std::to_string(kMostRedirects) + " redirects");
    ask = TRY(token_ask_at(std::move(ask), (*stream)->head()));
  }
}

Result<std::string> read_body(HttpStream& stream, std::uint64_t most) {
  std::string all;
  for (;;) {
    const std::string_view part = TRY(stream.next());
    if (part.empty()) return all;
    if (all.size() + part.size() > most)
      return fail(Errc::limit, "larger than " + std::to_string(most) + " bytes");
    all += part;
  }
}

// The code of an error of the API, " (MANIFEST_UNKNOWN)": its words may repeat what we have sent.
std::string api_code(std::string_view body) {
  std::size_t at = body.find("\"code\"");
  if (at == std::string_view::npos) return "";
  at = body.find('"', at + 6);
  if (at == std::string_view::npos) return "";
  const std::string_view code = body.substr(at + 1, body.find('"', at + 1) - at - 1);
  const auto inside = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
  const bool word = !code.empty() && code.size() < 60 && std::ranges::all_of(code, inside);
  return word ? " (" + std::string(code) + ")" : "";
}

}  // namespace

// Counts what failed in a row, and waits before the next try.
class RegistryClient::Tries {
 public:
  explicit Tries(const Access& access) : access_(access) {}

  // Whether to try again after that error; `place`: how many bytes there are by now.
  bool again(const Error& error, unsigned retry_after, std::uint64_t place = 0) {
    if (place >= place_ + kProgress) failed_ = 0;
    place_ = std::max(place, place_);
    const bool may_help = error.code == Errc::io && retry_after <= kLongestWait && ++failed_ < access_.tries;
    if (!may_help) return false;
    const auto backoff = access_.backoff * (1u << std::min(failed_ - 1, 10u));
    std::this_thread::sleep_for(
        std::max<std::chrono::milliseconds>(backoff, std::chrono::seconds(retry_after)));
    return true;
  }
  [[nodiscard]] Error last(const Error& error, unsigned retry_after) const {
    if (retry_after > kLongestWait)
      return {error.code,
              error.message + ", and asks for " + std::to_string(retry_after) + " seconds of patience"};
    if (failed_ < 2) return error;
    return {error.code, error.message + ", at the last of " + std::to_string(failed_) + " tries"};
  }

 private:
  const Access& access_;
  unsigned failed_ = 0;
  std::uint64_t place_ = 0;
};

// A blob, or a part of one, on its way over the line. Where the line breaks, the next request asks for the rest.
class RegistryBlob : public ByteSource {
 public:
  struct Part {
    std::uint64_t from = 0, end = 0;  // both 0: all of it
  };
  RegistryBlob(RegistryClient& client, std::string path, Part part)
      : client_(client), path_(std::move(path)), tries_(client.access_), end_(part.end), place_(part.from) {}
  RegistryBlob(const RegistryBlob&) = delete;
  RegistryBlob& operator=(const RegistryBlob&) = delete;
  ~RegistryBlob() override {
    coming_.ended = true;
    if (coming_.bytes > 0) client_.access_.watch(coming_);
  }

  Status start() {
    const Timer timer("source/registry blob");
    for (;;) {
      RegistryClient::Get what{.path = path_, .slow = true, .again = is_part()};
      if (is_part() || place_ > 0)
        what.headers.push_back("Range: bytes=" + std::to_string(place_) + "-" +
                               (is_part() ? std::to_string(end_ - 1) : ""));
      Result<std::unique_ptr<HttpStream>> opened = client_.get_once(what);
      Status status = opened ? take(*std::move(opened)) : fail(opened.error());
      if (status) return {};
      // Nothing is left of it: the line broke behind its last byte. Whether those are all, who reads it finds out.
      if (!is_part() && place_ > 0 && what.status == 416) return {};
      // What servers that know no ranges say of one: GCS 400, zot 416, GHCR 501.
      if (is_part() && (what.status == 400 || what.status == 416 || what.status == 501))
        return fail(Errc::unsupported, kNoRanges + (": " + status.error().message));
      if (!tries_.again(status.error(), what.retry_after, place_))
        return fail(tries_.last(status.error(), what.retry_after));
    }
  }

 private:
  static constexpr const char* kNoRanges = "the server knows no ranges";
  [[nodiscard]] bool is_part() const { return end_ > 0; }

  Status take(std::unique_ptr<HttpStream> stream) {
    stream_ = std::move(stream);
    left_out_ = 0;
    if (is_part() && stream_->head().status != 206) {  // all of it is on its way: no more of that
      stream_.reset();
      return fail(Errc::unsupported, kNoRanges);
    }
    if (place_ == 0 && !is_part()) {
      coming_.total = to_number(stream_->head().header("content-length")).value_or(0);
      return {};
    }
    if (stream_->head().status != 206) {  // it knows no ranges: all from the start
      left_out_ = place_;
      return {};
    }
    const std::string_view range = stream_->head().header("content-range");  // "bytes 100-199/200"
    const auto begin = to_number(cut(cut(range, ' ').second, '-').first);
    if (begin && *begin == place_) return {};
    stream_.reset();
    return fail(Errc::damaged, "asked for the rest from byte " + std::to_string(place_) +
                                   ", the server sends " + printable(range));
  }

  Result<std::string_view> fill() override {
    if (is_part() && place_ == end_) return std::string_view();
    for (;;) {
      if (stream_ == nullptr) return std::string_view();
      Result<std::string_view> bytes = stream_->next();
      if (!bytes) {
        stream_.reset();
        client_.forget(path_);  // the next try asks at home
        if (!tries_.again(bytes.error(), 0, place_)) return fail(tries_.last(bytes.error(), 0));
        TRY(start());
        continue;
      }
      client_.fetched_ += bytes->size();
      const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(left_out_, bytes->size()));
      left_out_ -= known;
      if (known > 0 && known == bytes->size()) continue;
      bytes->remove_prefix(known);
      if (is_part() && bytes->size() > end_ - place_)
        return fail(Errc::damaged, "the server sends more than the range that was asked for");
      place_ += bytes->size();
      if (!is_part()) watch();
      return bytes;
    }
  }

  // "sha256:0123456789ab", as engines shorten it.
  void watch() {
    constexpr std::size_t kShown = 12;
    const std::string_view digest = cut(std::string_view(path_), '/').second;
    if (coming_.name.empty()) coming_.name = digest.substr(0, digest.find(':') + 1 + kShown);
    coming_.bytes = place_;
    client_.access_.watch(coming_);
  }

  RegistryClient& client_;
  std::string path_;
  RegistryClient::Tries tries_;
  std::unique_ptr<HttpStream> stream_;
  std::uint64_t end_;           // of a part; 0: it is none
  std::uint64_t place_;         // in the blob, of what comes next
  std::uint64_t left_out_ = 0;  // of what comes, so much has been handed out before
  Coming coming_;
};

RegistryClient::RegistryClient(Endpoint endpoint, Access access)
    : endpoint_(std::move(endpoint)), access_(std::move(access)) {
  endpoint_.insecure = endpoint_.insecure || access_.insecure;
  named_ = !access_.token.empty();
  if (named_) authorization_.with([&](std::string& value) { value = "Bearer " + access_.token; });
}

// On this machine nearly all do without TLS, and to set it up costs 3 ms, and 40 more where the certificates are in one file. So
// http is tried there first, once, where no secret is sent; without a port that would be another server. Null: it is not, or there is
// no answer.
std::unique_ptr<HttpStream> RegistryClient::without_tls(const HttpAsk& ask) {
  const bool tls_is_meant = !ask.certificate.empty() || !ask.authorities.empty();
  const bool secret = !authorization_.with([](const std::string& value) { return value.empty(); });
  const bool meant = is_loopback(endpoint_.host) && has_port(endpoint_.host);
  if (tls_is_meant || secret || !meant || plain_tried_.exchange(true)) return nullptr;
  Result<std::unique_ptr<HttpStream>> stream = http_.open(ask);
  return stream ? *std::move(stream) : nullptr;
}

// At the registry itself; the first request finds out whether it speaks TLS, where it may do without.
Result<std::unique_ptr<HttpStream>> RegistryClient::at_home(const std::string& path, HttpAsk& ask) {
  const std::string rest =
      "://" + endpoint_.host + (path.starts_with('/') ? path : "/v2/" + endpoint_.repository + "/" + path);
  ask.url = "http" + rest;
  std::unique_ptr<HttpStream> plain = without_tls(ask);
  if (plain != nullptr && is_of_registry(plain->head())) {
    plain_ = true;
    return plain;
  }
  ask.url = (plain_ ? "http" : "https") + rest;
  Result<std::unique_ptr<HttpStream>> stream = http_.open(ask);
  const bool may_do_without = !plain_ && (endpoint_.insecure || is_loopback(endpoint_.host));
  if (stream || stream.error().code == Errc::usage || stream.error().code == Errc::mismatch) return stream;
  if (!may_do_without) {
    if (stream.error().code == Errc::unsupported) return fail(Errc::io, stream.error().message);
    return stream;
  }
  if (stream.error().code != Errc::unsupported && !endpoint_.insecure) return stream;
  ask.url = "http" + rest;
  Result<std::unique_ptr<HttpStream>> again = std::move(plain);
  if (*again == nullptr) again = http_.open(ask);
  if (again) plain_ = true;
  return again ? std::move(again) : std::move(stream);
}

// Where the registry has led to for this path. Null: it has not, or that address is good no more, as signed ones are for minutes only.
std::unique_ptr<HttpStream> RegistryClient::where_it_was(const Get& what, HttpAsk ask) {
  const auto known = [&](auto& all) {
    const auto at = all.find(what.path);
    return at == all.end() ? std::string() : at->second;
  };
  ask.url = led_to_.with(known);
  if (ask.url.empty()) return nullptr;
  ask.certificate.clear();
  ask.key.clear();
  Result<std::unique_ptr<HttpStream>> stream = http_.open(ask);
  if (stream && (*stream)->head().status == 206) return *std::move(stream);
  forget(what.path);
  return nullptr;
}

void RegistryClient::forget(const std::string& path) {
  led_to_.with([&](auto& all) { all.erase(path); });
}

HttpAsk RegistryClient::ask_for(const Get& what) const {
  return {.headers = what.headers,
          .authorities = endpoint_.certificates.authorities,
          .certificate = endpoint_.certificates.certificate,
          .key = endpoint_.certificates.key,
          .peer = endpoint_.insecure ? Peer::anybody : Peer::verified,
          .patience = access_.patience,
          .for_the_first = what.slow ? access_.patience * kLongerForTheFirst : 0};
}

Result<std::unique_ptr<HttpStream>> RegistryClient::follow(Get& what) {
  what.elsewhere.clear();
  HttpAsk ask = ask_for(what);
  if (what.again) {
    if (std::unique_ptr<HttpStream> stream = where_it_was(what, ask)) return stream;
  }
  what.authorization = authorization_.with([](const std::string& value) { return value; });
  if (!what.authorization.empty()) ask.headers.push_back("Authorization: " + what.authorization);
  std::unique_ptr<HttpStream> stream = TRY(at_home(what.path, ask));
  const std::string home(origin(ask.url));
  for (unsigned hops = 0; !stream->head().redirect.empty(); ++hops) {
    const std::string to = stream->head().redirect;
    if (hops == kMostRedirects)
      return fail(Errc::usage,
                  shown_url(ask.url) + ": more than " + std::to_string(kMostRedirects) + " redirects");
    TRY(check_redirect(ask.url, to));
    ask.url = to;
    what.elsewhere = origin(to) == home ? "" : shown_url(origin(to));
    if (!what.elsewhere.empty()) {
      ask.headers = what.headers;
      ask.certificate.clear();
      ask.key.clear();
    }
    stream = TRY(http_.open(ask));
  }
  if (what.again && origin(ask.url) != home && stream->head().status == 206)
    led_to_.with([&](auto& all) { all[what.path] = ask.url; });
  return stream;
}

Credentials RegistryClient::credentials() {
  if (!access_.username.empty()) return {.username = access_.username, .password = access_.password};
  Result<Credentials> found = find_credentials(
      endpoint_.host == "registry-1.docker.io" ? "docker.io" : endpoint_.host, endpoint_.repository);
  if (found) return *std::move(found);
  access_.tell("no credentials for " + endpoint_.host + ": " + found.error().message);
  return {};
}

Result<std::string> RegistryClient::buy_token(const Challenge& challenge, const Credentials& who,
                                              Get& what_for) {
  HttpAsk ask = TRY(token_ask(challenge, who, "repository:" + endpoint_.repository + ":pull"));
  // Behind a proxy that does TLS for them, some call their own address http.
  if (!plain_ && ask.url.starts_with("http://")) ask.url.insert(4, "s");
  ask.authorities = endpoint_.certificates.authorities;
  ask.peer = endpoint_.insecure ? Peer::anybody : Peer::verified;
  ask.patience = access_.patience;
  const std::unique_ptr<HttpStream> stream = TRY(ask_token_server(http_, ask));
  const unsigned status = stream->head().status;
  const std::string what =
      "token server " + shown_url(ask.url) + ": the server says " + std::to_string(status);
  if (status == 400 || status == 401 || status == 403)
    return refused("the credentials for " + endpoint_.host + " are refused", what);
  if (status != 200) what_for.retry_after = patience_in(stream->head());
  if (status != 200) return fail(status == 429 || status >= 500 ? Errc::io : Errc::usage, what);
  return parse_token(TRY(within("token server", read_body(*stream, kSmallBody))));
}

// Answers a 401. Of requests side by side that are refused for a token which has run out, one gets another.
Status RegistryClient::authorize(const HttpHead& head, Get& what, std::optional<Credentials> known) {
  const Timer timer("source/registry token");
  const std::scoped_lock lock(authorizing_);
  if (authorization_.with([&](const std::string& held) { return held != what.authorization; })) return {};
  if (!access_.token.empty()) return fail(Errc::usage, "the registry token is refused");
  std::vector<Challenge> all;
  for (const auto& [name, value] : head.headers) {
    if (name == "www-authenticate") std::ranges::move(parse_challenges(value), std::back_inserter(all));
  }
  const auto of = [&](std::string_view scheme) { return std::ranges::find(all, scheme, &Challenge::scheme); };
  const Credentials who = known ? *std::move(known) : credentials();
  named_ = !who.empty();
  std::string value;
  if (!who.registry_token.empty()) {
    value = "Bearer " + who.registry_token;
  } else if (of("bearer") != all.end()) {
    value = "Bearer " + TRY(buy_token(*of("bearer"), who, what));
  } else if (of("basic") != all.end() && !who.username.empty()) {
    value = basic_authorization(who);
  } else if (of("basic") != all.end()) {
    return fail(Errc::usage, "authentication is required: " + login());
  } else {
    return fail(Errc::unsupported, "the registry wants a kind of authentication that is not known here");
  }
  authorization_.with([&](std::string& held) { held = std::move(value); });
  return {};
}

// Some registries challenge at their door alone, and say to nobody in particular of what he may not see that it is not there.
// Whether there is a name now to ask by once more.
bool RegistryClient::named_at_the_door(const HttpHead& head, Get& what) {
  const bool hidden = (head.status == 403 || head.status == 404) && what.elsewhere.empty() &&
                      what.authorization.empty() && what.path.starts_with("manifests/");
  if (!hidden || door_asked_.exchange(true)) return false;
  Credentials who = credentials();
  if (who.empty()) return false;
  named_ = true;
  HttpAsk ask = ask_for({});
  ask.url = (plain_ ? "http://" : "https://") + endpoint_.host + "/v2/";
  const Result<std::unique_ptr<HttpStream>> door = http_.open(ask);
  if (!door || (*door)->head().status != 401) return false;
  const Status status = authorize((*door)->head(), what, std::move(who));
  if (!status) be_nobody(what, status.error().message);
  return status.has_value();
}

// An old login takes from nobody what he may have: what he was told counts, and blobs are asked for without it, too.
void RegistryClient::be_nobody(Get& what, const std::string& refusal) {
  authorization_.with([&](std::string& held) {
    if (held == what.authorization) held.clear();
  });
  what.refusal = "; by name: " + refusal;
  access_.tell(endpoint_.host + ": " + refusal + ": it is asked without a name");
}

std::string RegistryClient::login() const {
  const std::string host = endpoint_.host == "registry-1.docker.io" ? "docker.io" : endpoint_.host;
  return "docker login " + host + ", podman login " + host + ", or --username NAME --password-stdin";
}

// Many registries say to nobody in particular the same of what is not there and of what he may not see.
std::unexpected<Error> RegistryClient::refused(const std::string& why, const std::string& says) const {
  if (named_) return fail(Errc::usage, why + ": " + says);
  return fail(Errc::usage, "it is not there, or needs a login (" + login() + "): " + says);
}

// What a status means. io: another try may help.
Status RegistryClient::judge(HttpStream& stream, Get& what) const {
  const HttpHead& head = stream.head();
  what.status = head.status;
  if (head.status == 200 || head.status == 206) return {};
  what.retry_after = patience_in(head);
  const Result<std::string> body = read_body(stream, kSmallBody);
  const std::string who = what.elsewhere.empty() ? "the server" : what.elsewhere + ", where that leads,";
  const std::string says =
      who + " says " + std::to_string(head.status) + (body ? api_code(*body) : "") + what.refusal;
  constexpr unsigned kUnknown[] = {400, 403, 405, 406, 501};
  if (what.may_be_unknown && std::ranges::find(kUnknown, head.status) != std::end(kUnknown)) {
    if (head.status == 403)
      access_.tell(endpoint_.host + ": the list of what is attached: " + says + ": its tags are asked for");
    return fail(Errc::not_found, says);
  }
  const bool first_asked = what.elsewhere.empty() && what.path.starts_with("manifests/");
  switch (head.status) {
    case 401:
    case 403: {
      const bool not_believed = head.status == 401 && named_ && what.elsewhere.empty();
      const std::string why = not_believed ? "the credentials are refused" : "access is denied";
      return first_asked ? refused(why, says) : fail(Errc::usage, why + ": " + says);
    }
    case 404: return fail(Errc::not_found, "not there: " + says);
    case 429:
      return fail(Errc::io, "too many requests" +
                                (named_ || !what.elsewhere.empty()
                                     ? ""
                                     : " (a login may have a larger quota: " + login() + ")") +
                                ": " + says);
    case 408:
    case 425: return fail(Errc::io, says);
    default: return fail(head.status >= 500 ? Errc::io : Errc::usage, says);
  }
}

void RegistryClient::tell_quota(const HttpHead& head) {
  const std::string_view left = head.header("ratelimit-remaining");  // "98;w=21600"
  if (left.empty() || quota_told_.exchange(true)) return;
  const auto [count, window] = cut(left, ';');
  std::string text = endpoint_.host + ": " + printable(count) + " more pulls are allowed";
  if (const auto seconds = to_number(cut(window, '=').second))
    text += " within " + std::to_string(*seconds / 3600) + " hours";
  access_.tell(text);
}

Result<std::unique_ptr<HttpStream>> RegistryClient::get_once(Get& what) {
  const auto context = [&](const Error& error) { return error.within(endpoint_.host); };
  bool token_bought = false, address_asked = false;
  std::unique_ptr<HttpStream> nobodys;  // what nobody in particular was told
  what.retry_after = 0;
  for (;;) {
    Result<std::unique_ptr<HttpStream>> stream = follow(what);
    if (!stream) return fail(stream.error());
    const unsigned said = (*stream)->head().status;
    bool& done = what.elsewhere.empty() ? token_bought : address_asked;
    if (nobodys != nullptr && what.elsewhere.empty() && (said == 401 || said == 403)) {
      be_nobody(what, std::string(said == 401 ? "the credentials are refused" : "access is denied") +
                          ": the server says " + std::to_string(said));
      stream = std::move(nobodys);
    } else if (said == 401 && !done) {
      done = true;
      // Who we are is told to the registry only. Another host may have found its address too old: there is a new one at home.
      const Status status = what.elsewhere.empty() ? authorize((*stream)->head(), what) : Status();
      if (!status) return fail(context(status.error()));
      continue;
    } else if (named_at_the_door((*stream)->head(), what)) {
      nobodys = *std::move(stream);
      continue;
    }
    if (what.elsewhere.empty()) tell_quota((*stream)->head());
    const Status status = judge(**stream, what);
    if (!status) return fail(context(status.error()));
    return stream;
  }
}

Result<std::unique_ptr<HttpStream>> RegistryClient::get(Get& what) {
  for (Tries tries(access_);;) {
    Result<std::unique_ptr<HttpStream>> stream = get_once(what);
    if (stream || !tries.again(stream.error(), what.retry_after))
      return stream ? std::move(stream) : fail(tries.last(stream.error(), what.retry_after));
  }
}

// The path below the repository; `path`: of the page at hand.
Result<std::string> RegistryClient::next_page(const std::string& path, const HttpHead& head) const {
  std::string target;
  for (const auto& [name, value] : head.headers) {
    if (name == "link" && target.empty()) target = link_target(value, "next");
  }
  if (target.empty()) return std::string();
  if (target.starts_with('?')) return path.substr(0, path.find('?')) + target;
  const std::string home = "/v2/" + endpoint_.repository + "/";
  if (const std::size_t at = target.find(home); at != std::string::npos)
    return target.substr(at + home.size());
  if (target.starts_with('/') && !target.starts_with("//")) return target;
  // "sha256:ab?n=1" is no URL, whatever RFC 3986 has to say of its colon.
  if (!target.contains("//")) return path.substr(0, path.substr(0, path.find('?')).rfind('/') + 1) + target;
  const std::string_view place = origin(target);
  if (!place.ends_with("://" + endpoint_.host))
    return fail(Errc::unsupported, "its next page is elsewhere: " + printable(target));
  return target.substr(place.size());
}

Result<RegistryClient::Document> RegistryClient::document(Get what, std::uint64_t most) {
  std::string accept = "Accept: ";  // one header: some proxies keep but the last of several
  for (const char* type : kManifestTypes) accept += (accept.ends_with(' ') ? "" : ", ") + std::string(type);
  what.headers.push_back(std::move(accept));
  for (Tries tries(access_);;) {
    const std::unique_ptr<HttpStream> stream = TRY(get(what));
    Result<std::string> bytes = read_body(*stream, most);
    if (bytes) {
      const std::string type(trim(cut(stream->head().header("content-type"), ';').first));
      std::string next = TRY(next_page(what.path, stream->head()));
      return Document{*std::move(bytes), type, std::string(stream->head().header("docker-content-digest")),
                      std::move(next)};
    }
    if (bytes.error().code == Errc::limit)
      return fail(Errc::limit, bytes.error().message + " (limit manifest_bytes)");
    if (!tries.again(bytes.error(), 0)) return fail(tries.last(bytes.error(), 0));
  }
}

Result<RegistryClient::Document> RegistryClient::manifest(const std::string& name, std::uint64_t most) {
  const Timer timer("source/registry manifest");
  return document({.path = "manifests/" + name}, most);
}

Result<std::vector<RegistryClient::Document>> RegistryClient::referrers(const Digest& manifest,
                                                                        std::uint64_t most) {
  const Timer timer("source/registry referrers");
  std::vector<Document> pages;
  for (std::string path = "referrers/" + manifest.str(); !path.empty(); path = pages.back().next) {
    if (pages.size() == kMostPages)
      return fail(Errc::limit, "referrers: more than " + std::to_string(kMostPages) + " pages");
    Result<Document> page = document({.path = path, .may_be_unknown = pages.empty()}, most);
    // Only of the first page "not found" means that the registry does not know the request.
    if (!page && !pages.empty())
      return fail(Errc::damaged, "page " + std::to_string(pages.size() + 1) + ": " + page.error().message);
    pages.push_back(TRY(std::move(page)));
  }
  return pages;
}

Result<std::unique_ptr<ByteSource>> RegistryClient::blob(const Digest& digest) {
  auto source = std::make_unique<RegistryBlob>(*this, "blobs/" + digest.str(), RegistryBlob::Part());
  TRY(source->start());
  return source;
}

Result<std::unique_ptr<ByteSource>> RegistryClient::part(const Digest& digest, std::uint64_t from,
                                                         std::uint64_t size) {
  if (size == 0) return memory_bytes({});
  auto source = std::make_unique<RegistryBlob>(*this, "blobs/" + digest.str(),
                                               RegistryBlob::Part{.from = from, .end = from + size});
  TRY(source->start());
  return source;
}

}  // namespace peekr
