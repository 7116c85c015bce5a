// SPDX-License-Identifier: Apache-2.0
// For the tests only: asking a scheme by name, counting answers, and the laws that every order must obey.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "version/generate.h"
#include "version/scheme.h"

namespace peekr::ordering {

enum class Sign { less, equal, greater, none };  // none: one of the two is no version

inline std::ostream& operator<<(std::ostream& out, Sign sign) {
  constexpr std::array<std::string_view, 4> kWords = {"<", "=", ">", "no version"};
  return out << kWords[static_cast<std::size_t>(sign)];
}

inline Sign sign_of(std::strong_ordering order) {
  return order < 0 ? Sign::less : order > 0 ? Sign::greater : Sign::equal;
}

inline Sign sign(std::string_view scheme, std::string_view a, std::string_view b) {
  const Scheme* row = find_scheme(scheme);
  if (row == nullptr) {
    ADD_FAILURE() << "no scheme " << scheme;
    return Sign::none;
  }
  const std::optional<std::strong_ordering> order = row->compare(a, b);
  return order ? sign_of(*order) : Sign::none;
}

// How often each answer was right. A differential test whose pairs all have one answer proves nothing.
class Tally {
 public:
  void add(Sign sign) { ++count_[static_cast<std::size_t>(sign)]; }
  std::size_t ordered() const { return count_[0] + count_[1] + count_[2]; }
  void expect_varied() const {
    for (const std::size_t count : {count_[0], count_[1], count_[2]}) EXPECT_GT(count, ordered() / 20);
    EXPECT_GT(count_[3], 0u);
  }

 private:
  std::array<std::size_t, 4> count_{};
};

inline Sign reverse(Sign sign) {
  return sign == Sign::less ? Sign::greater : sign == Sign::greater ? Sign::less : sign;
}

// Reflexive, antisymmetric and transitive on that many triples of near versions; equal ones are
// interchangeable.
inline void expect_total(std::string_view scheme, generate::Versions versions, int wanted = 100'000) {
  for (int triples = 0; triples < wanted;) {
    const std::string first = versions.fresh(), second = versions.twin(first);
    std::array<std::string, 3> v = {first, second, versions.twin(versions.below(2) == 0 ? first : second)};
    if (sign(scheme, v[0], v[1]) == Sign::none || sign(scheme, v[1], v[2]) == Sign::none) continue;
    ++triples;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string &a = v[i], &b = v[(i + 1) % 3], &c = v[(i + 2) % 3];
      const Sign ab = sign(scheme, a, b), bc = sign(scheme, b, c), ac = sign(scheme, a, c);
      ASSERT_EQ(sign(scheme, a, a), Sign::equal) << a;
      ASSERT_EQ(sign(scheme, b, a), reverse(ab)) << '[' << a << "] [" << b << ']';
      // What is known of a and c: nothing where the signs differ and none is "=".
      const bool known = ab == bc || ab == Sign::equal || bc == Sign::equal;
      const Sign want = !known ? ac : ab == Sign::equal ? bc : ab;
      ASSERT_EQ(ac, want) << '[' << a << "] [" << b << "] [" << c << ']';
    }
  }
}

}  // namespace peekr::ordering
