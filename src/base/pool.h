// SPDX-License-Identifier: Apache-2.0
// Pool: tasks side by side (the only other threads are those that work ahead of one reader, or behind it: image/bytes.cc, image/laying.cc). map(n, f) calls f(0) … f(n-1), several at a time, and returns
// the results in index order, so what comes out does not depend on the number of threads. Tasks start in
// index order. An exception in a task is rethrown by map after all tasks have ended (the first by index).
// Tasks share nothing mutable.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace peekr {

class Pool {
 public:
  // 0 threads: as many as the machine has cores.
  explicit Pool(unsigned threads = 0);

  [[nodiscard]] unsigned threads() const { return threads_; }

  template <class F>
  auto map(std::size_t count, const F& f) const {
    using R = decltype(f(std::size_t{0}));
    std::vector<std::optional<R>> slots(count);
    run(count, [&](std::size_t i) { slots[i].emplace(f(i)); });
    std::vector<R> results;
    results.reserve(count);
    for (std::optional<R>& slot : slots) results.push_back(*std::move(slot));
    return results;
  }

 private:
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const;

  unsigned threads_;
};

}  // namespace peekr
