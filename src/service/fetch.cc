// SPDX-License-Identifier: Apache-2.0
#include "service/fetch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "base/timer.h"
#include "lib/curl.h"

namespace peekr {
namespace {

constexpr std::uint64_t kDocumentBytes = std::uint64_t{16}
                                         << 30;  // the largest known: OSV's all.zip of all, 1 GB
constexpr std::uint64_t kTextBytes = std::uint64_t{512} << 20;
constexpr unsigned kLongestWait =
    120;  // seconds that a server may ask for; else the next update is soon enough

// "https://h/a%20b" -> host "h", path "/a%20b".
struct Parts {
  std::string_view host, path;
};
Parts parts_of(std::string_view url) {
  const std::size_t begin = url.find("://") + 3;
  const std::size_t slash = std::min(url.find('/', begin), url.size());
  return {url.substr(begin, slash - begin), url.substr(slash)};
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::optional<std::uint64_t> code =
        text[i] == '%' && i + 2 < text.size() ? to_number(text.substr(i + 1, 2), 16) : std::nullopt;
    out += code ? static_cast<char>(*code) : text[i];
    if (code) i += 2;
  }
  return out;
}

bool is_url(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

// Where the document of that URL lies in the mirror: a URL or a path.
std::string in_mirror(std::string mirror, const std::string& url) {
  const auto [host, path] = parts_of(url);
  constexpr std::string_view kHost = "{host}";
  if (const std::size_t at = mirror.find(kHost); at != std::string::npos)
    mirror.replace(at, kHost.size(), host);
  while (mirror.ends_with('/')) mirror.pop_back();
  return mirror + (is_url(mirror) ? std::string(path) : percent_decoded(path));
}

// A file of a mirror that is a folder: its size and time are its tag.
Result<Fetched> open_file(const std::string& path, const Validators& have) {
  Fetched out;
  out.file = TRY(Fd::open(path, O_RDONLY));
  struct stat status{};
  if (::fstat(out.file.get(), &status) != 0) return fail_errno(path);
  if (!S_ISREG(status.st_mode)) return fail(Errc::not_found, path + ": is no file");
  out.bytes = static_cast<std::uint64_t>(status.st_size);
  out.validators.etag = "file-" + std::to_string(status.st_size) + "-" +
                        std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec);
  out.changed = out.validators.etag != have.etag;
  out.path = path;
  return out;
}

Status write_at(const Fd& file, std::uint64_t offset, std::string_view bytes) {
  if (offset == 0 && ::ftruncate(file.get(), 0) != 0) return fail_errno("write a temporary file");
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(Errc::usage, fail_errno("write a temporary file").error().message);
    bytes.remove_prefix(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

// What a status means: fine, or why not. io: another try may help.
Status judged(const HttpReply& reply) {
  const std::string what = reply.url + ": the server says " + std::to_string(reply.status);
  switch (reply.status) {
    case 200:
    case 206:
    case 304: return {};
    case 404:
    case 410: return fail(Errc::not_found, what);
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504: return fail(Errc::io, what);
    default: return fail(Errc::usage, what);
  }
}

// One document on its way over the line, from its first try to its last.
class Download {
 public:
  Download(const FetchOptions& options, std::string url, const Validators& have)
      : options_(options),
        request_{.url = std::move(url),
                 .etag = have.etag,
                 .last_modified = have.last_modified,
                 .limit = kDocumentBytes,
                 .ca_file = options.ca_file,
                 .patience = options.patience} {}

  Result<Fetched> run(Fd file) {
    for (unsigned tried = 1;; ++tried) {
      HttpReply reply;
      Status status = http_get(
          request_, [&](std::uint64_t offset, std::string_view bytes) { return take(file, offset, bytes); },
          reply);
      if (status) status = judged(reply);
      if (status) return done(std::move(file), reply);
      const bool again = status.error().code == Errc::io && reply.retry_after <= kLongestWait;
      if (!again || tried >= options_.tries) return fail(tries_text(status.error(), tried));
      resume(reply);
      wait(tried, reply);
    }
  }

 private:
  Status take(const Fd& file, std::uint64_t offset, std::string_view bytes) {
    TRY(write_at(file, offset, bytes));
    at_hand_ = offset + bytes.size();
    return {};
  }
  // The next try asks for the rest, where the server has said which document the bytes at hand are of.
  void resume(const HttpReply& reply) {
    if ((reply.status != 200 && reply.status != 206) || at_hand_ == 0) return;
    const bool named = !reply.etag.empty() || !reply.last_modified.empty();
    request_.from = named ? at_hand_ : 0;
    request_.etag = named ? reply.etag : "";
    request_.last_modified = named ? reply.last_modified : "";
  }
  void wait(unsigned tried, const HttpReply& reply) const {
    const auto backoff = options_.backoff * (1u << std::min(tried - 1, 10u));
    std::this_thread::sleep_for(
        std::max<std::chrono::milliseconds>(backoff, std::chrono::seconds(reply.retry_after)));
  }
  static Error tries_text(const Error& error, unsigned tried) {
    if (tried == 1) return error;
    return {error.code, error.message + ", at the last of " + std::to_string(tried) + " tries"};
  }
  Result<Fetched> done(Fd file, const HttpReply& reply) const {
    Fetched out{.changed = reply.status != 304, .bytes = at_hand_};
    out.validators = {reply.etag, reply.last_modified};
    if (!out.changed) return out;
    if (at_hand_ == 0) TRY(write_at(file, 0, {}));  // an empty document
    out.path = "/proc/self/fd/" + std::to_string(file.get());
    out.file = std::move(file);
    return out;
  }

  const FetchOptions& options_;
  HttpRequest request_;
  std::uint64_t at_hand_ = 0;
};

// A file without a name: it is gone with the process, however that ends.
Result<Fd> unnamed_file(const std::string& directory) {
  Result<Fd> file = Fd::open(directory, O_TMPFILE | O_RDWR);
  if (file) return file;
  std::string pattern = directory + "/.fetch-XXXXXX";  // a file system without such files
  const int fd = ::mkostemp(pattern.data(), O_CLOEXEC);
  if (fd < 0) return fail_errno("make a temporary file in " + directory);
  ::unlink(pattern.c_str());
  return Fd(fd);
}

}  // namespace

Result<Fetched> Fetcher::get(const std::string& url, const Validators& have) const {
  const Timer timer("service/fetch");
  const std::string place = mirrored() ? in_mirror(options_.mirror, url) : url;
  if (!is_url(place)) return open_file(place, have);
  Fd file = TRY(unnamed_file(directory_));
  return Download(options_, place, have).run(std::move(file));
}

Result<std::string> Fetcher::text(const std::string& url) const {
  const Fetched fetched = TRY(get(url, {}));
  return within(url, read_file(fetched.path, kTextBytes));
}

std::string url_part(std::string_view value) {
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : value) {
    const bool plain = is_digit(c) || is_alpha(c) || kPlain.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : "%" + hex(std::string_view(&c, 1));
  }
  return out == ".." || out == "." ? "%2e" : out;
}

}  // namespace peekr
