// SPDX-License-Identifier: Apache-2.0
// HostGate: how many requests may be under way with one host, and since when it may be asked again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

namespace peekr {

class HostGate {
 public:
  explicit HostGate(unsigned most) : most_(most) {}

  // Waits until the host may be asked; as long as the pass lives, it is.
  class Pass {
   public:
    Pass(HostGate& gate, const std::string& host) : gate_(gate), host_(host) { gate_.enter(host_); }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass() { gate_.leave(host_); }

   private:
    HostGate& gate_;
    std::string host_;
  };

  // Who comes in before that waits: a host that says "later" says it to all.
  void pause(const std::string& host, std::chrono::milliseconds time);

 private:
  struct Host {
    unsigned inside = 0;
    std::chrono::steady_clock::time_point open;
  };
  void enter(const std::string& host);
  void leave(const std::string& host);

  const unsigned most_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::map<std::string, Host> hosts_;
};

}  // namespace peekr
