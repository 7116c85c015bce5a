// SPDX-License-Identifier: Apache-2.0
#include "lib/regex.h"

#include <re2/re2.h>

#include <array>
#include <cassert>
#include <utility>

namespace peekr {
namespace {

constexpr int kMostGroups = 3;
constexpr std::int64_t kMemory = 1 << 20;  // of one expression, for its states

RE2::Options options() {
  RE2::Options out;
  out.set_encoding(RE2::Options::EncodingLatin1);
  out.set_dot_nl(true);
  out.set_log_errors(false);
  out.set_max_mem(kMemory);
  return out;
}

}  // namespace

struct Regex::State {
  explicit State(std::string_view pattern)
      : expression(re2::StringPiece(pattern.data(), pattern.size()), options()) {}
  RE2 expression;
};

Regex::Regex(std::string_view pattern) : state_(std::make_unique<State>(pattern)) {
  assert(state_->expression.ok());
  const int groups = state_->expression.NumberOfCapturingGroups();
  assert(groups >= 1 && groups <= kMostGroups);
}
Regex::Regex(std::unique_ptr<State> state) : state_(std::move(state)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex::~Regex() = default;

std::optional<Regex> Regex::compile(std::string_view pattern) {
  auto state = std::make_unique<State>(pattern);
  if (!state->expression.ok()) return std::nullopt;
  return Regex(std::move(state));
}

bool Regex::matches(std::string_view text) const {
  return RE2::FullMatchN(re2::StringPiece(text.data(), text.size()), state_->expression, nullptr, 0);
}

std::vector<std::string> Regex::find(std::string_view bytes) const {
  std::array<re2::StringPiece, 1 + kMostGroups> groups;
  const auto count = static_cast<std::size_t>(state_->expression.NumberOfCapturingGroups());
  const re2::StringPiece text(bytes.data(), bytes.size());
  if (!state_->expression.Match(text, 0, text.size(), RE2::UNANCHORED, groups.data(),
                                static_cast<int>(1 + count))) {
    return {};
  }
  std::vector<std::string> found;
  for (std::size_t i = 1; i <= count; ++i) found.emplace_back(groups[i].data(), groups[i].size());
  return found;
}

}  // namespace peekr
