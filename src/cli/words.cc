// SPDX-License-Identifier: Apache-2.0
#include "cli/words.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::size_t kLongest = 40;  // of words that are compared
constexpr std::size_t kLeastPrefix = 3, kMostLeftOut = 3;

// How many letters are to be put in, taken out, changed or swapped with the next (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last, row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  if (word.size() > kLongest) return {};
  std::size_t least = std::max<std::size_t>(1, word.size() / 4) + 1;
  std::string best;
  for (const std::string& name : names) {
    const bool begun =
        word.size() >= kLeastPrefix && name.starts_with(word) && name.size() <= word.size() + kMostLeftOut;
    const std::size_t changes = begun ? 1 : distance(word, name);
    if (changes >= least) continue;
    least = changes;
    best = name;
  }
  return best;
}

std::string meant(std::string_view word, const std::vector<std::string>& names, std::string_view prefix) {
  std::vector<std::string> behind;
  for (const std::string& name : names) behind.push_back(name.substr(prefix.size()));
  const std::string name = nearest(word.substr(prefix.size()), behind);
  return name.empty() ? "" : "; did you mean " + std::string(prefix) + name + "?";
}

// A password may have / and ? in it, as it stands: all up to the last @ may be one, and behind a ? nobody knows which of both it is.
std::string without_secrets(const std::string& value) {
  const std::size_t scheme = value.find("://");
  if (scheme == std::string::npos) return value;
  const std::string head = value.substr(0, scheme + 3);
  const std::size_t query = value.find_first_of("?#", head.size()), at = value.rfind('@');
  const bool login = at != std::string::npos && at >= head.size();
  if (login && at > query) return head + "...";
  const std::string tail = query == std::string::npos ? "" : "?...";
  const std::size_t from = login ? at : head.size();
  return head + (login ? "..." : "") + value.substr(from, query - from) + tail;
}

}  // namespace peekr
