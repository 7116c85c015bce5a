// SPDX-License-Identifier: Apache-2.0
// An entry is a file named by its key: the CRC-32 of what follows in hex, a newline, the bytes. The checksum is for disks that
// lose something: whoever may write here could write any digest, too. Its time of modification is that of its last use. It
// is written to a file without a name, which is given its name when it is whole: so nothing is left of a process that is
// killed. Where the file system knows no such files, it is ".part-...", which pruning removes after an hour.
#include "image/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <memory>

#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"
#include "base/timer.h"
#include "lib/digest.h"
#include "lib/inflate.h"

namespace peekr {
namespace {

constexpr std::size_t kHead = 9;  // hex and newline
constexpr std::uint64_t kLargest = std::uint64_t{1} << 30;
constexpr std::int64_t kPartSeconds = 3600;
constexpr std::int64_t kSecond = 1'000'000'000;  // in nanoseconds
constexpr std::string_view kPart = ".part-";
constexpr std::size_t kHalf = 32;  // of a key

// What an entry begins with.
std::string head_of(std::string_view body) { return fmt::format("{:08x}\n", crc32_of(body)); }

Status write_all(const Fd& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("write");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

// Calls f(name, status) for each file of the directory whose name begins so.
template <class F>
Status for_each_file(const std::string& directory, std::string_view prefix, const F& f) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(directory.c_str()), &::closedir);
  if (open == nullptr) return errno == ENOENT ? Status() : fail_errno(directory);
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(open.get());
    if (entry == nullptr) return errno == 0 ? Status() : fail_errno(directory);
    struct stat status{};
    if (!std::string_view(entry->d_name).starts_with(prefix)) continue;
    if (::fstatat(::dirfd(open.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;  // somebody has removed it
      return fail_errno(directory + "/" + entry->d_name);
    }
    if (S_ISREG(status.st_mode)) f(std::string(entry->d_name), status);
  }
}

bool is_key(std::string_view name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Those used longest ago first.
Result<std::vector<Cache::Entry>> entries_of(const std::string& directory, std::string_view prefix) {
  std::vector<Cache::Entry> all;
  TRY(for_each_file(directory, prefix, [&](std::string name, const struct stat& status) {
    if (is_key(name))
      all.push_back({std::move(name), static_cast<std::uint64_t>(status.st_size),
                     kSecond * status.st_mtim.tv_sec + status.st_mtim.tv_nsec});
  }));
  std::ranges::sort(all, [](const Cache::Entry& a, const Cache::Entry& b) {
    return std::tie(a.used, a.name) < std::tie(b.used, b.name);
  });
  return all;
}

}  // namespace

Cache::Cache(std::string directory, std::uint64_t limit) : directory_(std::move(directory)), limit_(limit) {}

std::string Cache::key(std::string_view text) { return hex_digest("sha256", text); }

std::string Cache::key(std::string_view family, std::string_view text) {
  return key(family).substr(0, kHalf) + key(text).substr(0, kHalf);
}

std::vector<std::string> Cache::keys_of(std::string_view family) {
  const std::string half = key(family).substr(0, kHalf);
  std::vector<std::string> keys;
  if (directory_.empty()) {
    memory_.with([&](const auto& all) {
      for (auto one = all.lower_bound(half); one != all.end() && one->first.starts_with(half); ++one)
        keys.push_back(one->first);
    });
    return keys;
  }
  Result<std::vector<Entry>> all = entries_of(directory_, half);
  // Where there can be no such folder, whoever saves something there says so, and what follows.
  if (!all && ::access((directory_ + "/.").c_str(), F_OK) == 0) note_trouble(all.error().message);
  if (all) {
    for (Entry& one : *all) keys.push_back(std::move(one.name));
  }
  std::ranges::reverse(keys);
  return keys;
}

bool Cache::use(const std::string& key) {
  if (directory_.empty()) {
    return memory_.with([&](const auto& all) { return all.contains(key); });
  }
  const std::string path = directory_ + "/" + key;
  return ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0 || ::access(path.c_str(), F_OK) == 0;
}

std::optional<std::string> Cache::load(const std::string& key) {
  const Timer timer("image/cache load");
  if (directory_.empty()) {
    return memory_.with([&](const auto& all) {
      const auto at = all.find(key);
      return at == all.end() ? std::nullopt : std::optional(at->second);
    });
  }
  const std::string path = directory_ + "/" + key;
  const Result<Fd> file = Fd::open(path, O_RDONLY);
  if (!file && file.error().code != Errc::not_found)
    note_trouble(file.error().message + ": what it has is read again");
  if (!file) return std::nullopt;
  std::array<char, kHead> head{};
  const bool long_enough = ::read(file->get(), head.data(), head.size()) == ssize_t{kHead};
  Result<std::string> body = read_rest(*file, path, kLargest);
  if (!body) {
    note_trouble(body.error().message + ": what it has is read again");
    return std::nullopt;
  }
  if (!long_enough || std::string_view(head.data(), head.size()) != head_of(*body)) {
    remove_damaged(key);
    return std::nullopt;
  }
  ::futimens(file->get(), nullptr);
  return *std::move(body);
}

void Cache::remove_damaged(const std::string& key) {
  ++damaged_;
  if (directory_.empty()) {
    memory_.with([&](auto& all) { all.erase(key); });
  } else {
    remove(key);
  }
}

Cache::Removal Cache::remove(const std::string& name) {
  const std::string path = directory_ + "/" + name;
  if (::unlink(path.c_str()) == 0) return Removal::done;
  if (errno == ENOENT) return Removal::by_another;
  note_trouble(fail_errno(path + ": cannot be removed").error().message);
  return Removal::failed;
}

void Cache::note_trouble(const std::string& what) {
  trouble_.with([&](std::string& first) {
    if (first.empty()) first = "cache " + what;
  });
}

Status Cache::write(const std::string& key, std::string_view bytes) const {
  std::error_code error;
  std::filesystem::create_directories(directory_, error);
  if (error) return fail(Errc::io, error.message());
  const std::string path = directory_ + "/" + key;
  const Result<Fd> unnamed = Fd::open(directory_, O_TMPFILE | O_WRONLY);
  if (unnamed) {
    TRY(write_all(*unnamed, head_of(bytes)));
    TRY(write_all(*unnamed, bytes));
    const std::string self = "/proc/self/fd/" + std::to_string(unnamed->get());
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0 || errno == EEXIST)
      return {};
  }
  std::string part = directory_ + "/" + std::string(kPart) + "XXXXXX";
  const Fd file(::mkostemp(part.data(), O_CLOEXEC));
  if (!file.valid()) return fail_errno("make a file");
  Status status = write_all(file, head_of(bytes));
  if (status) status = write_all(file, bytes);
  if (status && ::rename(part.c_str(), path.c_str()) != 0) status = fail_errno("rename");
  if (!status) ::unlink(part.c_str());
  return status;
}

void Cache::save(const std::string& key, std::string_view bytes) {
  const Timer timer("image/cache save");
  if (directory_.empty()) {
    memory_.with([&](auto& all) { all.emplace(key, bytes); });
    return;
  }
  if (use(key)) return;
  if (bytes.size() + kHead > std::min(limit_, kLargest)) return;
  const Status status = within(directory_, write(key, bytes));
  if (status) saved_ = true;
  if (!status) note_trouble(status.error().message + ": what was found is not kept for the next time");
}

std::string Cache::trouble() {
  return trouble_.with([](const std::string& first) { return first; });
}

std::vector<Cache::Entry> Cache::entries() {
  Result<std::vector<Entry>> all = entries_of(directory_, "");
  if (!all) note_trouble(all.error().message);
  return all ? *std::move(all) : std::vector<Entry>();
}

std::size_t Cache::prune(std::uint64_t most) {
  const std::vector<Entry> all = entries();
  std::uint64_t bytes = 0;
  for (const Entry& one : all) bytes += one.bytes;
  std::size_t removed = 0;
  for (const Entry& one : all) {
    if (bytes <= most) break;
    const Removal removal = remove(one.name);
    if (removal == Removal::failed) continue;
    if (removal == Removal::done) ++removed;
    bytes -= one.bytes;
  }
  const std::int64_t now = std::time(nullptr);
  const auto forgotten = for_each_file(directory_, kPart, [&](const std::string& name, const auto& status) {
    if (now - status.st_mtime > kPartSeconds) remove(name);
  });
  if (!forgotten) note_trouble(forgotten.error().message);
  return removed;
}

void Cache::keep_to_limit() {
  if (saved_) prune(limit_);
}

}  // namespace peekr
