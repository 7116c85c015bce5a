// SPDX-License-Identifier: Apache-2.0
#include "service/host_gate.h"

#include <algorithm>

namespace peekr {

void HostGate::enter(const std::string& host) {
  std::unique_lock lock(mutex_);
  Host& at = hosts_[host];  // stays where it is: nothing is erased
  for (;;) {
    if (std::chrono::steady_clock::now() < at.open) {
      left_.wait_until(lock, at.open);
    } else if (at.inside >= most_) {
      left_.wait(lock);
    } else {
      ++at.inside;
      return;
    }
  }
}

void HostGate::leave(const std::string& host) {
  {
    const std::scoped_lock lock(mutex_);
    --hosts_[host].inside;
  }
  left_.notify_all();
}

void HostGate::pause(const std::string& host, std::chrono::milliseconds time) {
  const std::scoped_lock lock(mutex_);
  Host& at = hosts_[host];
  at.open = std::max(at.open, std::chrono::steady_clock::now() + time);
}

}  // namespace peekr
