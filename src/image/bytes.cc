// SPDX-License-Identifier: Apache-2.0
#include "image/bytes.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "lib/digest.h"

namespace peekr {
namespace {

class FileBytes : public ByteSource {
 public:
  FileBytes(std::shared_ptr<const Fd> file, std::uint64_t offset, std::uint64_t size)
      : file_(std::move(file)), offset_(offset), left_(size), buffer_(kLargest) {}

 private:
  // After a jump only a tar header may be wanted, so the first read is small; a steady reader gets the large
  // buffer soon. 256 KiB and pread were fastest (and smaller in memory than mmap).
  static constexpr std::size_t kSmallest = 16384, kLargest = 262144;

  Result<std::string_view> fill() override {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(window_, left_));
    window_ = std::min(window_ * 2, kLargest);
    for (;;) {
      const ssize_t count = ::pread(file_->get(), buffer_.data(), wanted, static_cast<off_t>(offset_));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return fail_errno("read");
      if (count == 0 && wanted > 0) return fail(Errc::damaged, "the file ends too early");
      offset_ += static_cast<std::uint64_t>(count);
      left_ -= static_cast<std::uint64_t>(count);
      return std::string_view(buffer_.data(), static_cast<std::size_t>(count));
    }
  }

  Result<std::uint64_t> jump(std::uint64_t count) override {
    const std::uint64_t jumped = std::min(count, left_);
    offset_ += jumped;
    left_ -= jumped;
    window_ = kSmallest;
    return jumped;
  }

  std::shared_ptr<const Fd> file_;
  std::uint64_t offset_, left_;
  std::size_t window_ = kSmallest;
  std::vector<char> buffer_;
};

class MemoryBytes : public ByteSource {
 public:
  explicit MemoryBytes(std::string_view bytes) : bytes_(bytes) {}

 private:
  Result<std::string_view> fill() override { return std::exchange(bytes_, {}); }

  std::string_view bytes_;
};

class LimitedBytes : public ByteSource {
 public:
  LimitedBytes(std::unique_ptr<ByteSource> source, std::uint64_t most, std::string limit)
      : source_(std::move(source)), most_(most), left_(most), limit_(std::move(limit)) {}

 private:
  Result<std::string_view> fill() override {
    const std::string_view bytes = TRY(source_->next());
    if (bytes.size() > left_)
      return fail(Errc::limit, "more than " + std::to_string(most_) + " bytes (limit " + limit_ + ")");
    left_ -= bytes.size();
    return bytes;
  }

  std::unique_ptr<ByteSource> source_;
  std::uint64_t most_, left_;
  std::string limit_;
};

// While the reader works on a chunk, the helper hashes it. The next chunk is fetched when both are done with
// it, because the source reuses its buffer; if the helper has not even begun by then (all cores are busy),
// the reader hashes it itself, so nobody ever waits for a thread to be woken.
class HashedBytes : public ByteSource {
 public:
  HashedBytes(std::unique_ptr<ByteSource> source, std::string algorithm,
              std::function<Status(const Digest&)> done)
      : source_(std::move(source)),
        algorithm_(std::move(algorithm)),
        done_(std::move(done)),
        hasher_(algorithm_),
        helper_([this] { run(); }) {}

  ~HashedBytes() override {
    settle();
    state_ = kClosing;
    state_.notify_one();
  }

 private:
  enum State : int { kIdle, kOffered, kHashing, kClosing };

  void run() {
    for (;;) {
      state_.wait(kIdle);
      int expected = kOffered;
      if (state_.compare_exchange_strong(expected, kHashing)) {
        hasher_.update(chunk_);
        state_ = kIdle;
        state_.notify_one();
      } else if (expected == kClosing) {
        return;
      }
    }
  }

  // Until the chunk at hand is hashed, by whoever gets to it first.
  void settle() {
    int expected = kOffered;
    if (state_.compare_exchange_strong(expected, kIdle)) {
      hasher_.update(chunk_);
    } else {
      state_.wait(kHashing);
    }
  }

  Result<std::string_view> fill() override {
    if (ended_) return std::string_view();
    settle();
    const Result<std::string_view> bytes = source_->next();
    if (!bytes) return bytes;
    if (bytes->empty()) {
      ended_ = true;
      TRY(done_({algorithm_, hasher_.finish()}));
      return std::string_view();
    }
    chunk_ = *bytes;
    state_ = kOffered;
    state_.notify_one();
    return bytes;
  }

  std::unique_ptr<ByteSource> source_;
  std::string algorithm_;
  std::function<Status(const Digest&)> done_;
  Hasher hasher_;
  std::string_view chunk_;
  bool ended_ = false;
  std::atomic<int> state_{kIdle};
  std::jthread helper_;
};

// A ring of chunks: the reader has one of them, and the helper fetches the others. Several, because the reader is slow where
// executables are and fast between them: with two, each would wait for the other at nearly every chunk. Who waits is woken when half of
// the ring is his, not one chunk: to wake a thread takes as long as to unpack one, where tars are mostly headers.
class AheadBytes : public ByteSource {
 public:
  explicit AheadBytes(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), helper_([this] { run(); }) {}

  ~AheadBytes() override {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    changed_.notify_one();
  }

 private:
  static constexpr std::size_t kHalf = kChunksAhead / 2;

  void run() {
    for (std::size_t i = 0; wait_for_room(); i = (i + 1) % kChunksAhead) {
      bool last = true;
      try {
        last = !load(chunks_[i]);
      } catch (...) {
        thrown_ = std::current_exception();
      }
      add(last);
      if (last) return;
    }
  }

  // False: nobody reads any more.
  bool wait_for_room() {
    std::unique_lock lock(mutex_);
    if (full_ == kChunksAhead) changed_.wait(lock, [&] { return closing_ || full_ <= kHalf; });
    return !closing_;
  }

  // False: nothing comes any more.
  bool load(std::string_view& chunk) {
    const Result<std::string_view> bytes = source_->next();
    chunk = bytes ? *bytes : std::string_view();
    if (!bytes) trouble_ = bytes.error();
    return !chunk.empty();
  }

  void add(bool last) {
    const std::scoped_lock lock(mutex_);
    ++full_;
    last_ = last;
    if (full_ == kHalf || last) changed_.notify_one();
  }

  // The next chunk; the one before is given back.
  std::string_view take() {
    std::unique_lock lock(mutex_);
    if (std::exchange(given_, true) && --full_ == kHalf) changed_.notify_one();
    if (full_ == 0) changed_.wait(lock, [&] { return full_ >= kHalf || last_; });
    ended_ = last_ && full_ == 1;
    return chunks_[std::exchange(turn_, (turn_ + 1) % kChunksAhead)];
  }

  Result<std::string_view> fill() override {
    if (ended_) return std::string_view();
    const std::string_view chunk = take();
    if (ended_ && thrown_) std::rethrow_exception(thrown_);
    if (ended_ && trouble_) return fail(*trouble_);
    return chunk;
  }

  std::unique_ptr<ByteSource> source_;
  std::array<std::string_view, kChunksAhead> chunks_;
  std::size_t turn_ = 0;  // which chunk is the next one
  bool given_ = false;    // the reader has one
  bool ended_ = false;
  std::optional<Error> trouble_;  // instead of the bytes of the last chunk
  std::exception_ptr thrown_;
  std::mutex mutex_;
  std::condition_variable
      changed_;           // of whom it is for at most one waits: the ring is not empty and full at once
  std::size_t full_ = 0;  // chunks that are not given back; this and the next two under the mutex
  bool last_ = false;     // nothing comes after them
  bool closing_ = false;
  std::jthread helper_;
};

}  // namespace

Result<std::string_view> ByteSource::next() {
  if (!rest_.empty()) return std::exchange(rest_, {});
  return fetch();
}

Result<std::string_view> ByteSource::fetch() {
  if (trouble_) return fail(*trouble_);
  Result<std::string_view> bytes = fill();
  if (!bytes) trouble_ = bytes.error();
  return bytes;
}

Status ByteSource::skip(std::uint64_t count) {
  for (;;) {
    const std::size_t from_rest = static_cast<std::size_t>(std::min<std::uint64_t>(count, rest_.size()));
    rest_.remove_prefix(from_rest);
    count -= from_rest;
    if (count == 0) return {};
    if (trouble_) return fail(*trouble_);
    const Result<std::uint64_t> jumped = jump(count);
    if (!jumped) return fail(trouble_.emplace(jumped.error()));
    count -= *jumped;
    if (count == 0) return {};
    rest_ = TRY(fetch());
    if (rest_.empty()) return {};
  }
}

std::unique_ptr<ByteSource> file_bytes(std::shared_ptr<const Fd> file, std::uint64_t offset,
                                       std::uint64_t size) {
  return std::make_unique<FileBytes>(std::move(file), offset, size);
}

std::unique_ptr<ByteSource> memory_bytes(std::string_view bytes) {
  return std::make_unique<MemoryBytes>(bytes);
}

std::unique_ptr<ByteSource> limited_bytes(std::unique_ptr<ByteSource> source, std::uint64_t most,
                                          std::string limit) {
  return std::make_unique<LimitedBytes>(std::move(source), most, std::move(limit));
}

std::unique_ptr<ByteSource> hashed_bytes(std::unique_ptr<ByteSource> source, std::string algorithm,
                                         std::function<Status(const Digest&)> done) {
  return std::make_unique<HashedBytes>(std::move(source), std::move(algorithm), std::move(done));
}

std::unique_ptr<ByteSource> ahead_bytes(std::unique_ptr<ByteSource> source) {
  return std::make_unique<AheadBytes>(std::move(source));
}

Status check_digest(const std::string& what, const Digest& digest, std::string_view bytes) {
  const Digest got{digest.algorithm, hex_digest(digest.algorithm, bytes)};
  if (got == digest) return {};
  return fail(Errc::mismatch, what + ": expected " + digest.str() + ", got " + got.str());
}

std::unique_ptr<ByteSource> verified_bytes(std::unique_ptr<ByteSource> source, Digest digest,
                                           std::string what) {
  const std::string algorithm = digest.algorithm;
  return hashed_bytes(std::move(source), algorithm,
                      [digest = std::move(digest), what = std::move(what)](const Digest& got) -> Status {
                        if (got == digest) return {};
                        return fail(Errc::mismatch,
                                    what + ": expected " + digest.str() + ", got " + got.str());
                      });
}

}  // namespace peekr
