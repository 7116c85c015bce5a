// SPDX-License-Identifier: Apache-2.0
// Text to steps in postfix order, by the shunting yard: the open operators lie on a stack, so that nesting costs no
// recursion.
//
//   condition = FLAG | SEVERITY | FIELD ("<" | "<=" | "==" | "!=" | ">=" | ">" | "~") VALUE
//   "!" binds strongest, then "&&" (and), then "||" (or, ",")
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "policy/expression.h"
#include "policy/glob.h"
#include "policy/tokens.h"

namespace peekr {
namespace {

using Compare = Expression::Compare;
using Step = Expression::Step;
using Test = Expression::Test;

constexpr std::array<std::pair<std::string_view, Compare>, 8> kCompares = {{{"<", Compare::less},
                                                                            {"<=", Compare::at_most},
                                                                            {"==", Compare::equal},
                                                                            {"=", Compare::equal},
                                                                            {"!=", Compare::unequal},
                                                                            {">=", Compare::at_least},
                                                                            {">", Compare::more},
                                                                            {"~", Compare::like}}};

// What stands on the stack of operators, the weakest first.
enum class Operator : std::uint8_t { open, either, both, negate };

std::string found(const Token& token) {
  return token.kind == Token::Kind::end ? "found the end" : "found " + printable(token.text);
}

std::string field_names() {
  std::string names;
  for (const FieldRow& row : condition_fields()) names.append(names.empty() ? "" : ", ").append(row.name);
  return names;
}

// "14d" -> 14, "2w" -> 14, "10%" -> 0.1.
std::optional<double> number_in(std::string_view text, FieldRow::Kind kind) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (kind == FieldRow::Kind::days) {
    if (unit == "d") return value;
    if (unit == "w") return value * 7;
    if (unit == "y") return value * 365;
    return std::nullopt;
  }
  if (unit == "%") return value / 100;
  return unit.empty() ? std::optional(value) : std::nullopt;
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<std::vector<Step>> steps() {
    while (true) {
      TRY(operand());
      while (is(")")) TRY(close());
      if (tokens_[at_].kind == Token::Kind::end) break;
      const std::optional<Operator> next = joining();
      if (!next) return fail_at(tokens_[at_].at, "want && or ||, " + found(tokens_[at_]));
      flush(*next);
      operators_.push_back(*next);
      ++at_;
    }
    flush(Operator::either);
    if (!operators_.empty()) return fail_at(tokens_[at_].at, "a parenthesis is not closed");
    return std::move(steps_);
  }

 private:
  [[nodiscard]] bool is(std::string_view symbol) const {
    return tokens_[at_].kind == Token::Kind::symbol && tokens_[at_].text == symbol;
  }
  [[nodiscard]] bool is_comparison() const {
    return tokens_[at_].kind == Token::Kind::symbol &&
           std::ranges::find(kCompares, tokens_[at_].text, &std::pair<std::string_view, Compare>::first) !=
               kCompares.end();
  }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return tokens_[at_].kind == Token::Kind::word && tokens_[at_].text == word;
  }
  [[nodiscard]] std::optional<Operator> joining() const {
    if (is("&&") || is_word("and")) return Operator::both;
    if (is("||") || is(",") || is_word("or")) return Operator::either;
    return std::nullopt;
  }

  // The open operators that bind at least as strongly as the one that comes.
  void flush(Operator coming) {
    constexpr std::array kSteps = {Step::Kind::test, Step::Kind::either, Step::Kind::both,
                                   Step::Kind::negate};
    while (!operators_.empty() && operators_.back() >= coming) {
      steps_.push_back({.kind = kSteps[static_cast<std::size_t>(operators_.back())], .test = {}});
      operators_.pop_back();
    }
  }

  Status close() {
    flush(Operator::either);
    if (operators_.empty()) return fail_at(tokens_[at_].at, "a parenthesis closes that none has opened");
    operators_.pop_back();
    ++at_;
    return {};
  }

  Status operand() {
    while (is("!") || is_word("not") || is("(")) {
      operators_.push_back(is("(") ? Operator::open : Operator::negate);
      ++at_;
    }
    Test asked = TRY(test());
    steps_.push_back({.kind = Step::Kind::test, .test = std::move(asked)});
    return {};
  }

  Result<Test> test() {
    const Token token = tokens_[at_];
    if (token.kind != Token::Kind::word) return fail_at(token.at, "want a condition, " + found(token));
    ++at_;
    const std::string word = lower(token.text);
    const auto fields = condition_fields();
    const auto row = std::ranges::find(fields, word, &FieldRow::name);
    if (row != fields.end() && row->kind != FieldRow::Kind::flag) return comparison(*row);
    if (row != fields.end() && is_comparison())
      return fail_at(tokens_[at_].at, word + " is true or not, and stands alone: " + word + ", or !" + word);
    if (row != fields.end()) return Test{row->field, Compare::at_least, 1, {}};
    const auto severity = severity_called(word);
    if (severity == Severity::unknown)
      return fail_at(token.at,
                     "what nobody has rated counts as low: want low, or severity == unknown for that alone");
    if (severity) return Test{Field::severity, Compare::at_least, static_cast<double>(*severity), {}};
    return fail_at(token.at,
                   "there is no " + printable(token.text) + ": want a severity, or one of " + field_names());
  }

  Result<Test> comparison(const FieldRow& row) {
    const Token sign = tokens_[at_];
    const auto known = std::ranges::find(kCompares, sign.text, &std::pair<std::string_view, Compare>::first);
    if (sign.kind != Token::Kind::symbol || known == kCompares.end())
      return fail_at(sign.at, "want a comparison behind " + std::string(row.name) + ", " + found(sign));
    const bool text = row.kind == FieldRow::Kind::text || row.kind == FieldRow::Kind::word;
    const bool order = known->second != Compare::equal && known->second != Compare::unequal;
    if (order && text != (known->second == Compare::like))
      return fail_at(sign.at,
                     std::string(row.name) + (text ? " wants ==, != or ~" : " is no text, which ~ wants"));
    const Token value = tokens_[++at_];
    if (value.kind == Token::Kind::symbol || value.kind == Token::Kind::end)
      return fail_at(value.at, "want a value, " + found(value));
    ++at_;
    Test test{row.field, known->second, 0, {}};
    if (text) {
      test.text = value.text;
      if (row.kind == FieldRow::Kind::word) test.text = TRY(word(row, value, known->second));
      if (row.field == Field::path && test.text.starts_with('/'))
        test.text.erase(0, 1);  // as reports print it
      return test;
    }
    test.number = TRY(number(row, value));
    return test;
  }

  // A condition that can hold of nothing is a slip: a gate of it would let everything through.
  static Result<std::string> word(const FieldRow& row, const Token& value, Compare compare) {
    const std::string given = lower(value.text);
    const std::string_view ours = row.field == Field::status ? status_called(given) : std::string_view(given);
    const std::vector<std::string_view> words = words_of(row.field);
    const auto same = [&](std::string_view one) {
      return compare == Compare::like ? glob_matches(given, one) : one == ours;
    };
    const auto one = std::ranges::find_if(words, same);
    if (one != words.end()) return compare == Compare::like ? given : std::string(*one);
    std::string want;
    for (std::size_t i = 0; i < words.size(); ++i)
      want.append(i == 0 ? "" : i + 1 == words.size() ? " or " : ", ").append(words[i]);
    return fail_at(value.at, "want " + want + ", " + found(value));
  }

  static Result<double> number(const FieldRow& row, const Token& value) {
    if (row.kind == FieldRow::Kind::severity) {
      const std::optional<Severity> severity = severity_called(lower(value.text));
      if (!severity)
        return fail_at(value.at, "want unknown, negligible, low, medium, high or critical, " + found(value));
      return static_cast<double>(*severity);
    }
    const bool days = row.kind == FieldRow::Kind::days;
    const std::optional<double> number = number_in(value.text, row.kind);
    const std::string want =
        days ? "want a number of days (14d), weeks (2w) or years (1y), "
             : "want a number from 0 to " + std::to_string(static_cast<int>(row.most)) + ", ";
    const bool part_of_more = value.text.ends_with('%') && row.most > 1;
    if (!number || (!days && *number > row.most) || part_of_more)
      return fail_at(value.at, want + found(value));
    return *number;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<Operator> operators_;
  std::vector<Step> steps_;
};

}  // namespace

Result<Expression> Expression::parse(std::string_view text) {
  std::vector<Token> tokens = TRY(tokens_of(text));
  Expression expression;
  expression.steps_ = TRY(Parser(std::move(tokens)).steps());
  expression.text_ = trim(text);
  return expression;
}

}  // namespace peekr
