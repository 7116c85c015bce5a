// SPDX-License-Identifier: Apache-2.0
#include "policy/tokens.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::size_t kMostBytes = 4096, kMostTokens = 512;
// The longer ones first.
constexpr std::array<std::string_view, 14> kSymbols = {"&&", "||", "==", "!=", "<=", ">=", "<",
                                                       ">",  "=",  "~",  "!",  "(",  ")",  ","};

bool goes_on(char c) { return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; }

std::size_t length_of_word(std::string_view rest) {
  const auto end = std::ranges::find_if(rest, [](char c) { return !goes_on(c); });
  return static_cast<std::size_t>(end - rest.begin());
}

// The token at the front of the rest, which is not empty and begins with no blank.
Result<Token> next(std::string_view rest, std::size_t at) {
  const char first = rest.front();
  if (is_alpha(first)) return Token{Token::Kind::word, rest.substr(0, length_of_word(rest)), at};
  if (is_digit(first)) {
    std::size_t length = length_of_word(rest);
    if (length < rest.size() && rest[length] == '%') ++length;
    return Token{Token::Kind::number, rest.substr(0, length), at};
  }
  if (first == '"' || first == '\'') {
    const std::size_t end = rest.find(first, 1);
    if (end == std::string_view::npos) return fail_at(at, "the quote is not closed");
    return Token{Token::Kind::text, rest.substr(1, end - 1), at};
  }
  for (const std::string_view symbol : kSymbols) {
    if (rest.starts_with(symbol)) return Token{Token::Kind::symbol, rest.substr(0, symbol.size()), at};
  }
  return fail_at(at, "cannot be read: " + printable(rest.substr(0, 12)));
}

}  // namespace

std::unexpected<Error> fail_at(std::size_t at, std::string_view why) {
  return fail(Errc::usage, "character " + std::to_string(at + 1) + ": " + std::string(why));
}

Result<std::vector<Token>> tokens_of(std::string_view expression) {
  if (expression.size() > kMostBytes)
    return fail(Errc::usage, "longer than " + std::to_string(kMostBytes) + " characters");
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (true) {
    while (at < expression.size() && is_space(expression[at])) ++at;
    if (at == expression.size()) break;
    if (tokens.size() == kMostTokens)
      return fail_at(at, "more than " + std::to_string(kMostTokens) + " words and signs");
    const Token token = TRY(next(expression.substr(at), at));
    at += token.text.size() + (token.kind == Token::Kind::text ? 2 : 0);
    tokens.push_back(token);
  }
  tokens.push_back({Token::Kind::end, {}, at});
  return tokens;
}

}  // namespace peekr
