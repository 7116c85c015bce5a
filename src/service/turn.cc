// SPDX-License-Identifier: Apache-2.0
#include "service/turn.h"

#include <thread>
#include <utility>

namespace peekr {
namespace {

constexpr auto kLookAgain = std::chrono::milliseconds(200);

}  // namespace

Result<DbWriter> in_turn(const Turn& turn, const std::function<Result<DbWriter>()>& open) {
  const auto until = std::chrono::steady_clock::now() + turn.most;
  for (bool told = false;;) {
    Result<DbWriter> writer = open();
    if (writer || writer.error().code != Errc::busy) return writer;
    if (std::chrono::steady_clock::now() >= until) {
      const std::string still = ", and still is after " + std::to_string(turn.most.count()) + " seconds";
      return fail(Errc::busy, writer.error().message + (told ? still : ""));
    }
    if (!std::exchange(told, true) && turn.tell) turn.tell("waiting: " + writer.error().message);
    std::this_thread::sleep_for(kLookAgain);
  }
}

}  // namespace peekr
