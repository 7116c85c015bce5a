// SPDX-License-Identifier: Apache-2.0
#include "base/pool.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

namespace peekr {

Pool::Pool(unsigned threads)
    : threads_(threads > 0 ? threads : std::max(1u, std::thread::hardware_concurrency())) {}

void Pool::run(std::size_t count, const std::function<void(std::size_t)>& task) const {
  std::vector<std::exception_ptr> thrown(count);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        task(i);
      } catch (...) {
        thrown[i] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    const std::size_t wanted = std::min<std::size_t>(threads_, count);
    for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(work);
    work();
  }
  const auto first = std::ranges::find_if(thrown, [](const auto& e) { return e != nullptr; });
  if (first != thrown.end()) std::rethrow_exception(*first);
}

}  // namespace peekr
