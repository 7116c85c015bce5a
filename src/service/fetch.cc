// SPDX-License-Identifier: Apache-2.0
#include "service/fetch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <thread>

#include "base/text.h"
#include "base/timer.h"
#include "image/unpack.h"
#include "lib/curl.h"
#include "lib/http_stream.h"
#include "model/purl.h"

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

std::string folder_of(const Fd& file) {
  const int number = errno;
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file.get()), error);
  errno = number;
  return path.parent_path();
}

Status write_at(const Fd& file, std::uint64_t offset, std::string_view bytes) {
  if (offset == 0 && ::ftruncate(file.get(), 0) != 0) return fail_errno("write a temporary file");
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return fail(Errc::usage, fail_errno("write a temporary file in " + folder_of(file)).error().message);
    bytes.remove_prefix(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

// What a status means: fine, or why not. io: another try may help.
Status judged(const HttpReply& reply) {
  const std::string what = shown_url(reply.url) + ": the server says " + std::to_string(reply.status);
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

// What is not packed already may come behind gzip: Debian's tracker is 70 MB, or 7.
bool may_be_packed(std::string_view path) {
  constexpr std::array<std::string_view, 6> kPacked = {".zip", ".gz", ".bz2", ".xz", ".zst", ".tgz"};
  return std::ranges::none_of(kPacked, [&](std::string_view ending) { return path.ends_with(ending); });
}

// One document on its way over the line, from its first try to its last.
class Download {
 public:
  Download(const FetchOptions& options, HostGate& gate, const Want& want, std::string url)
      : options_(options),
        gate_(gate),
        want_(want),
        host_(parts_of(url).host),
        request_{.url = std::move(url),
                 .etag = want.have.etag,
                 .last_modified = want.have.last_modified,
                 .to = want.first,
                 .limit = kDocumentBytes,
                 .ca_file = options.ca_file,
                 .patience = options.patience} {
    request_.packed = may_be_packed(request_.url);
  }

  Result<Fetched> run(Fd file) {
    for (unsigned tried = 1;; ++tried) {
      HttpReply reply;
      Status status = asked(file, reply);
      if (status && reply.status == 416 && request_.to + request_.from > 0) {
        restart();
        continue;
      }
      if (status) status = judged(reply);
      if (status && reply.status == 304 && want_.have.etag.empty() && want_.have.last_modified.empty())
        status = fail(Errc::usage, shown_url(reply.url) + ": the server says 304 to a first request");
      if (status) return done(std::move(file), reply);
      const bool again = status.error().code == Errc::io && reply.retry_after <= kLongestWait;
      if (!again || tried >= options_.tries) return fail(tries_text(status.error(), tried));
      resume(reply);
      wait(tried, reply);
    }
  }

 private:
  Status asked(const Fd& file, HttpReply& reply) {
    const HostGate::Pass pass(gate_, host_);
    const auto take = [&](std::uint64_t offset, std::string_view bytes) -> Status {
      TRY(write_at(file, offset, bytes));
      at_hand_ = offset + bytes.size();
      if (want_.watch) want_.watch(at_hand_, want_.first > 0 ? 0 : reply.total);
      return {};
    };
    return http_get(request_, take, reply);
  }
  // It is shorter than what was asked for: empty; or it was whole, and yet the line broke. What was asked at first is asked again: by the
  // name that resume() took from the server it would be no news.
  void restart() {
    request_.to = request_.from = at_hand_ = 0;
    request_.etag = want_.have.etag;
    request_.last_modified = want_.have.last_modified;
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
    if (reply.retry_after > 0) gate_.pause(host_, std::chrono::seconds(reply.retry_after));
    std::this_thread::sleep_for(backoff);
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
  HostGate& gate_;
  const Want& want_;
  std::string host_;
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

Result<Fetched> Fetcher::get(const Want& want) const {
  const Timer timer("service/fetch");
  const std::string place = mirrored() ? in_mirror(options_.mirror, want.url) : want.url;
  if (!is_url(place)) return open_file(place, want.have);
  Fd file = TRY(unnamed_file(directory_));
  return Download(options_, *gate_, want, place).run(std::move(file));
}

Result<std::string> Fetcher::text(const std::string& url) const {
  const Fetched fetched = TRY(get({.url = url}));
  return within(url, text_of(fetched, kTextBytes));
}

Result<std::string> text_of(const Fetched& fetched, std::uint64_t limit) {
  Fd open = TRY(Fd::open(fetched.path, O_RDONLY));
  auto file = std::make_shared<const Fd>(std::move(open));
  std::vector<Note> notes;
  Limits limits;
  limits.layer_bytes = limit;
  const std::unique_ptr<ByteSource> source =
      TRY(unpack_document(file_bytes(std::move(file), 0, fetched.bytes), limits, notes));
  std::string text;
  for (;;) {
    const std::string_view some = TRY(source->next());
    if (some.empty()) break;
    text += some;
    if (text.size() > limit) return fail(Errc::limit, "larger than " + std::to_string(limit) + " bytes");
  }
  if (!notes.empty()) return fail(Errc::damaged, notes.front().what);
  return text;
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
