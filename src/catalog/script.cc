// SPDX-License-Identifier: Apache-2.0
#include "catalog/script.h"

#include <algorithm>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::size_t kMost = 1'000'000;

class WordReader {
 public:
  WordReader(std::string_view bytes, const Script& script) : rest_(bytes), script_(script) {}

  bool next(ScriptToken& token) {
    skip_blank();
    if (rest_.empty()) return false;
    if (!script_.long_open.empty() && rest_.starts_with(script_.long_open)) {
      rest_.remove_prefix(script_.long_open.size());
      const std::size_t end = std::min(rest_.find(script_.long_close), rest_.size());
      token = {ScriptToken::Kind::quoted, std::string(rest_.substr(0, end))};
      rest_.remove_prefix(std::min(end + script_.long_close.size(), rest_.size()));
    } else if (script_.quotes.find(rest_.front()) != std::string_view::npos) {
      token = {ScriptToken::Kind::quoted, quoted()};
    } else if (is_word(rest_.front())) {
      const auto end = std::ranges::find_if_not(rest_, [this](char c) { return is_word(c); });
      const auto size = static_cast<std::size_t>(end - rest_.begin());
      token = {ScriptToken::Kind::word, std::string(rest_.substr(0, size))};
      rest_.remove_prefix(size);
    } else {
      token = {ScriptToken::Kind::mark, std::string(1, rest_.front())};
      rest_.remove_prefix(1);
    }
    return true;
  }

 private:
  [[nodiscard]] bool is_word(char c) const {
    return is_alpha(c) || is_digit(c) || script_.word.find(c) != std::string_view::npos;
  }

  void skip_blank() {
    while (!rest_.empty()) {
      if (is_space(rest_.front())) {
        rest_.remove_prefix(1);
      } else if (rest_.starts_with(script_.comment)) {
        next_line(rest_);
      } else {
        return;
      }
    }
  }

  std::string quoted() {
    const char close = rest_.front();
    std::string text;
    std::size_t at = 1;
    for (; at < rest_.size() && rest_[at] != close; ++at) {
      if (rest_[at] == '\\' && at + 1 < rest_.size()) ++at;
      text += rest_[at];
    }
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return text;
  }

  std::string_view rest_;
  const Script& script_;
};

}  // namespace

std::vector<ScriptToken> tokens(std::string_view bytes, const Script& script, FileNotes& notes) {
  std::vector<ScriptToken> all;
  WordReader reader(bytes, script);
  ScriptToken token;
  while (all.size() < kMost && reader.next(token)) all.push_back(std::move(token));
  if (all.size() == kMost && reader.next(token))
    notes.add(Why::too_big, "more than " + std::to_string(kMost) + " words: the rest was not read");
  return all;
}

}  // namespace peekr
