// SPDX-License-Identifier: Apache-2.0
// The speed of light of a scan: inflate, hash and walk tar headers, and nothing else. Two layers at a time, largest first;
// SHA-256 of each blob in a thread of its own; bodies are not looked at. Written apart from src/image on purpose: it is the
// yardstick. usage: bench_limit oci DIR | bench_limit docker ARCHIVE (headers of the plain layers in a docker-archive)
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kIn = 262144, kOut = 262144;
std::atomic<std::uint64_t> entries{0};

std::uint64_t octal(const unsigned char* field, std::size_t size) {
  std::uint64_t value = 0;
  if ((field[0] & 0x80u) != 0) {
    for (std::size_t i = 1; i < size; ++i) value = value << 8 | field[i];
    return value;
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (field[i] >= '0' && field[i] <= '7') value = value * 8 + (field[i] - '0');
  }
  return value;
}

// Push-style header walk: eats what comes, skips bodies.
struct Walk {
  std::array<unsigned char, 512> header{};
  std::size_t have = 0;
  std::uint64_t skip = 0;
  void eat(const unsigned char* data, std::size_t size) {
    while (size > 0) {
      if (skip > 0) {
        const auto step = std::min<std::uint64_t>(skip, size);
        skip -= step, data += step, size -= step;
        continue;
      }
      const std::size_t step = std::min(size, 512 - have);
      std::memcpy(header.data() + have, data, step);
      have += step, data += step, size -= step;
      if (have < 512) return;
      have = 0;
      if (header[0] != 0) ++entries, skip = (octal(&header[124], 12) + 511) / 512 * 512;
    }
  }
};

// One hash thread with a double buffer.
class HashThread {
 public:
  HashThread() : worker_([this] { run(); }) { SHA256_Init(&context_); }
  ~HashThread() {
    give(nullptr, 0);
    worker_.join();
  }
  void give(const unsigned char* data, std::size_t size) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !busy_; });
    data_ = data, size_ = size, busy_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !busy_; });
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return busy_; });
      if (size_ > 0) {
        lock.unlock();
        SHA256_Update(&context_, data_, size_);
        lock.lock();
      }
      busy_ = false;
      changed_.notify_all();
      if (size_ == 0) return;
    }
  }
  SHA256_CTX context_;
  const unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
  bool busy_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread worker_;
};

void gunzip(int fd, Walk& walk) {
  std::vector<unsigned char> buffers[2] = {std::vector<unsigned char>(kIn), std::vector<unsigned char>(kIn)};
  std::vector<unsigned char> out(kOut);
  auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  state->crc_flag = ISAL_GZIP;
  HashThread hash;
  off_t at = 0;
  for (int turn = 0;; turn ^= 1) {
    const ssize_t got = ::pread(fd, buffers[turn].data(), kIn, at);
    if (got <= 0) break;
    at += got;
    hash.give(buffers[turn].data(), static_cast<std::size_t>(got));
    state->next_in = buffers[turn].data();
    state->avail_in = static_cast<std::uint32_t>(got);
    do {
      if (state->block_state == ISAL_BLOCK_FINISH)
        isal_inflate_reset(state.get()), state->crc_flag = ISAL_GZIP;
      state->next_out = out.data();
      state->avail_out = kOut;
      if (isal_inflate(state.get()) < 0) std::exit(1);
      walk.eat(out.data(), kOut - state->avail_out);
    } while (state->avail_in > 0 || state->avail_out == 0);
  }
  hash.wait();
}

void unzstd(int fd, Walk& walk) {
  std::vector<unsigned char> buffers[2] = {std::vector<unsigned char>(kIn), std::vector<unsigned char>(kIn)};
  std::vector<unsigned char> out(kOut);
  ZSTD_DCtx* context = ZSTD_createDCtx();
  HashThread hash;
  off_t at = 0;
  for (int turn = 0;; turn ^= 1) {
    const ssize_t got = ::pread(fd, buffers[turn].data(), kIn, at);
    if (got <= 0) break;
    at += got;
    hash.give(buffers[turn].data(), static_cast<std::size_t>(got));
    ZSTD_inBuffer input{buffers[turn].data(), static_cast<std::size_t>(got), 0};
    ZSTD_outBuffer output{out.data(), kOut, 0};
    do {
      output.pos = 0;
      if (ZSTD_isError(ZSTD_decompressStream(context, &output, &input)) != 0) std::exit(1);
      walk.eat(out.data(), output.pos);
    } while (input.pos < input.size || output.pos == kOut);
  }
  hash.wait();
  ZSTD_freeDCtx(context);
}

void blob(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY);
  unsigned char magic[2] = {};
  if (fd < 0 || ::pread(fd, magic, 2, 0) != 2) std::exit(1);
  Walk walk;
  if (magic[0] == 0x1f) gunzip(fd, walk);
  if (magic[0] == 0x28) unzstd(fd, walk);
  ::close(fd);
}

// Headers of a tar in [at, end) of the file, by 16 KiB windows; `deep`: bodies that are tars themselves are walked too.
void headers(int fd, std::uint64_t at, std::uint64_t end, int deep) {
  std::vector<unsigned char> window(16384);
  std::uint64_t start = 0, have = 0;
  while (at + 512 <= end) {
    if (at < start || at + 512 > start + have) {
      start = at;
      const ssize_t got = ::pread(fd, window.data(), window.size(), static_cast<off_t>(at));
      if (got < 512) return;
      have = static_cast<std::uint64_t>(got);
    }
    const unsigned char* header = &window[at - start];
    if (header[0] == 0) return;
    ++entries;
    const std::uint64_t size = octal(header + 124, 12);
    const std::string name(reinterpret_cast<const char*>(header),
                           strnlen(reinterpret_cast<const char*>(header), 100));
    if (deep > 0 && name.ends_with(".tar") && header[156] == '0')
      headers(fd, at + 512, at + 512 + size, deep - 1);
    at += 512 + (size + 511) / 512 * 512;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  if (std::string(argv[1]) == "docker") {
    const int fd = ::open(argv[2], O_RDONLY);
    struct stat status{};
    ::fstat(fd, &status);
    headers(fd, 0, static_cast<std::uint64_t>(status.st_size), 1);
  } else {
    std::vector<std::pair<std::uint64_t, std::string>> blobs;
    for (const auto& file : std::filesystem::directory_iterator(std::string(argv[2]) + "/blobs/sha256")) {
      if (file.file_size() > 100000) blobs.emplace_back(file.file_size(), file.path());
    }
    std::sort(blobs.rbegin(), blobs.rend());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t i = next++; i < blobs.size(); i = next++) blob(blobs[i].second);
    };
    std::thread other(work);
    work();
    other.join();
  }
  std::printf("%llu entries\n", static_cast<unsigned long long>(entries.load()));
  return 0;
}
