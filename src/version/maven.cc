// SPDX-License-Identifier: Apache-2.0
// Maven, as the ComparableVersion of 3.8 orders (maven.apache.org/pom.html, "Version Order Specification"). "."
// separates items of one list; "-" and each change between digits and letters begin a new list, which is the
// last item of the one before it: a version is a chain of lists. A word with a number behind it begins one,
// too: 1.0.RC2 is 1.0-RC2. Zeros and words that mean the release ("final", "ga") at the end of a list do not
// count.
#include <array>
#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "version/digits.h"
#include "version/scheme.h"

namespace peekr {
namespace {

struct Item {
  bool number = false;
  std::string text;  // a number's digits, or a word in its one spelling
};
using List = std::vector<Item>;
using Chain = std::vector<List>;  // each but the last has the next one behind its items

// In their order; every other word is after them all, in the order of the alphabet.
constexpr std::array<std::string_view, 7> kWords = {"alpha", "beta", "milestone", "rc", "snapshot", "", "sp"};
constexpr std::size_t kRelease = 5;

std::string spelled(std::string word, bool digit_follows) {
  if (digit_follows && word == "a") return "alpha";
  if (digit_follows && word == "b") return "beta";
  if (digit_follows && word == "m") return "milestone";
  if (word == "ga" || word == "final" || word == "release") return "";
  return word == "cr" ? "rc" : word;
}

std::size_t rank(const std::string& word) {
  std::size_t at = 0;
  while (at < kWords.size() && kWords[at] != word) ++at;
  return at;
}

std::strong_ordering compare_words(const std::string& a, const std::string& b) {
  const std::size_t left = rank(a), right = rank(b);
  return left != right || left < kWords.size() ? left <=> right : a <=> b;
}

std::strong_ordering compare_items(const Item& a, const Item& b) {
  if (a.number != b.number) return a.number <=> b.number;
  return a.number ? compare_numbers(a.text, b.text) : compare_words(a.text, b.text);
}

std::strong_ordering against_nothing(const Item& item) {
  if (item.number) return compare_numbers(item.text, "0");
  return rank(item.text) <=> kRelease;
}

bool is_null(const Item& item) { return against_nothing(item) == 0; }

class Parser {
 public:
  Chain parse(const std::string& text) {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const char c = i < text.size() ? text[i] : '\0';
      const bool end = i == text.size();
      if (end || c == '.' || c == '-') {
        separator(c, end);
      } else if (!run_.empty() && is_digit(c) != digits_) {
        change();
      }
      if (end || c == '.' || c == '-') continue;
      digits_ = is_digit(c);
      run_ += c;
    }
    normalise();
    return std::move(chain_);
  }

 private:
  void separator(char c, bool end) {
    if (!run_.empty()) {
      // So does a word at the end.
      if (!digits_ && end && !chain_.back().empty()) chain_.emplace_back();
      add();
    } else if (!end) {
      chain_.back().push_back({true, "0"});
    }
    if (c == '-' && !end) chain_.emplace_back();
  }
  void change() {
    if (!digits_ && !chain_.back().empty()) chain_.emplace_back();
    add(!digits_);
    chain_.emplace_back();
  }
  void add(bool digit_follows = false) {
    chain_.back().push_back({digits_, digits_ ? run_ : spelled(run_, digit_follows)});
    run_.clear();
  }
  // From the back: what means nothing at the end of a list, and a last list without items.
  void normalise() {
    for (std::size_t i = chain_.size(); i-- > 0;) {
      while (!chain_[i].empty() && is_null(chain_[i].back())) chain_[i].pop_back();
      if (i > 0 && i + 1 == chain_.size() && chain_[i].empty()) chain_.pop_back();
    }
  }

  Chain chain_ = Chain(1);
  std::string run_;
  bool digits_ = false;
};

// The lists from `at` on against nothing at all.
std::strong_ordering rest_against_nothing(const Chain& chain, std::size_t at) {
  for (; at < chain.size(); ++at) {
    for (const Item& item : chain[at]) {
      if (const auto order = against_nothing(item); order != 0) return order;
    }
  }
  return std::strong_ordering::equal;
}

constexpr std::strong_ordering reversed(std::strong_ordering order) { return 0 <=> order; }

// An item against the list that follows in the other version: 1.1 > 1-1 > 1-sp.
std::strong_ordering against_list(const Item& item) {
  return item.number ? std::strong_ordering::greater : std::strong_ordering::less;
}

// The items of a list from `k` on, where the list beside it has no more: against the list that follows there,
// if one does, else against nothing. Nothing: they decide nothing.
std::optional<std::strong_ordering> leftover(const List& items, std::size_t k, bool list_follows) {
  if (k >= items.size()) return std::nullopt;
  if (list_follows) return against_list(items[k]);
  for (; k < items.size(); ++k) {
    if (const auto order = against_nothing(items[k]); order != 0) return order;
  }
  return std::nullopt;
}

std::strong_ordering compare_chains(const Chain& a, const Chain& b) {
  for (std::size_t at = 0;; ++at) {
    if (at >= a.size() || at >= b.size()) {
      return at < a.size() ? rest_against_nothing(a, at) : reversed(rest_against_nothing(b, at));
    }
    const List &left = a[at], &right = b[at];
    std::size_t k = 0;
    for (; k < left.size() && k < right.size(); ++k) {
      if (const auto order = compare_items(left[k], right[k]); order != 0) return order;
    }
    if (const auto order = leftover(left, k, at + 1 < b.size())) return *order;
    if (const auto order = leftover(right, k, at + 1 < a.size())) return reversed(*order);
  }
}

std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return std::nullopt;
  return compare_chains(Parser().parse(lower(a)), Parser().parse(lower(b)));
}

}  // namespace

namespace schemes {
extern const Scheme maven;
constexpr Scheme maven = {
    .name = "maven", .about = "Java packages, as Maven orders them", .compare = compare};
}  // namespace schemes
}  // namespace peekr
