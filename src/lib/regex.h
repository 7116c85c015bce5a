// SPDX-License-Identifier: Apache-2.0
// Regex: regular expressions over bytes, in time that grows with the bytes only: the door to RE2
// (github.com/google/re2/wiki/Syntax). A byte is a character (Latin-1), "." is any byte.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

class Regex {
 public:
  explicit Regex(std::string_view pattern);  // one of ours: it compiles
  // Of anybody's; nothing: it does not compile, or takes too much.
  [[nodiscard]] static std::optional<Regex> compile(std::string_view pattern);
  Regex(Regex&&) noexcept;
  ~Regex();

  // What the groups (up to three) take of the first match; nothing: there is none.
  [[nodiscard]] std::vector<std::string> find(std::string_view bytes) const;
  // Whether it matches the text from its first byte to its last.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  struct State;
  explicit Regex(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekr
