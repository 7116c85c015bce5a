// SPDX-License-Identifier: Apache-2.0
// Runs of decimal digits, which every scheme orders by value. They are compared as text, so a number may be
// of any length: 20210530193627 is common, and an attacker may write a million digits.
#pragma once

#include <algorithm>
#include <compare>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace peekr {

// Cuts the digits off the front of `rest`; none is an empty view.
inline std::string_view take_digits(std::string_view& rest) {
  const auto end = std::ranges::find_if_not(rest, is_digit);
  const std::string_view digits(rest.begin(), end);
  rest.remove_prefix(digits.size());
  return digits;
}

// By value: leading zeros do not count, and no digits at all are a zero.
inline std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

// Numbers with one separator between any two, by value; of two lists that begin alike the longer is later.
// Nothing where one is no such list.
inline std::optional<std::strong_ordering> compare_number_lists(std::string_view a, std::string_view b,
                                                                std::string_view separators) {
  const auto is_list = [&](std::string_view text) {
    bool digit = false;
    for (const char c : text) {
      if (!is_digit(c) && (!digit || separators.find(c) == std::string_view::npos)) return false;
      digit = is_digit(c);
    }
    return digit;
  };
  if (!is_list(a) || !is_list(b)) return std::nullopt;
  for (;;) {
    if (const auto order = compare_numbers(take_digits(a), take_digits(b)); order != 0) return order;
    if (a.empty() || b.empty()) return b.empty() <=> a.empty();
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
}

}  // namespace peekr
