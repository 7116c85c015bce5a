// SPDX-License-Identifier: Apache-2.0
// Guarded<T>: a T that can be reached only under its lock.
#pragma once

#include <mutex>
#include <utility>

namespace peekr {

template <class T>
class Guarded {
 public:
  constexpr Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  // Calls use(T&) under the lock and returns what it returns.
  template <class Use>
  auto with(Use&& use) {
    const std::scoped_lock lock(mutex_);
    return std::forward<Use>(use)(value_);
  }

 private:
  std::mutex mutex_;
  T value_{};
};

}  // namespace peekr
