// SPDX-License-Identifier: Apache-2.0
// Room: so many bytes, of which several threads take parts for a while. Whoever wants more than is left waits.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

namespace peekr {

class Room {
 public:
  explicit Room(std::uint64_t bytes) : most_(bytes), left_(bytes) {}

  // Calls use() while it has so many of the bytes, all of them where it wants more, and returns what it returns. Not to be nested.
  template <class Use>
  auto with(std::uint64_t bytes, Use&& use) {
    const Part part(*this, std::min(bytes, most_));
    return std::forward<Use>(use)();
  }
  // The same with all of them: nobody else has any.
  template <class Use>
  auto with_all(Use&& use) {
    return with(most_, std::forward<Use>(use));
  }

 private:
  class Part {
   public:
    Part(Room& room, std::uint64_t bytes) : room_(room), bytes_(bytes) {
      std::unique_lock lock(room_.mutex_);
      room_.changed_.wait(lock, [&] { return room_.left_ >= bytes_; });
      room_.left_ -= bytes_;
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    ~Part() {
      {
        const std::scoped_lock lock(room_.mutex_);
        room_.left_ += bytes_;
      }
      room_.changed_.notify_all();
    }

   private:
    Room& room_;
    std::uint64_t bytes_;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t most_, left_;
};

}  // namespace peekr
