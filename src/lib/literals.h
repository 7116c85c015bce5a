// SPDX-License-Identifier: Apache-2.0
// Literals: finds many fixed byte strings in one pass over the bytes. The only door to vectorscan, which was the fastest
// of those measured (docs in ../performance; here: node's 99 MB against 140 literals in 34 ms).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"

namespace peekr {

class Literals {
 public:
  // Compiles the automaton: about 5 ms for 140 literals. Errc::unsupported where the processor has no SSSE3.
  static Result<Literals> make(std::span<const std::string_view> literals);
  Literals(Literals&&) noexcept;
  Literals& operator=(Literals&&) noexcept;
  ~Literals();

  // Calls use(index of the literal, place of its first byte) for each occurrence, in the order of their ends. May be called
  // from several threads.
  void find_all(std::string_view bytes,
                const std::function<void(std::size_t literal, std::size_t at)>& use) const;

 private:
  struct State;
  explicit Literals(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekr
