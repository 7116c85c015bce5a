// SPDX-License-Identifier: Apache-2.0
#include "report/dockerfile_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

namespace peekr {
namespace {

constexpr std::size_t kContext = 3;

// A unified diff; edits that share lines of context are one hunk.
class Diff {
 public:
  explicit Diff(const Dockerfile& file) : lines_(file.lines), ended_(file.ended), line_end_(file.line_end) {}

  // In their order.
  std::string of(const std::vector<Edit>& edits) {
    for (std::size_t i = 0; i < edits.size();) {
      std::size_t end = i + 1;
      while (end < edits.size() && edits[end].at <= edits[end - 1].at + edits[end - 1].removes + 2 * kContext)
        ++end;
      hunk(std::span(edits).subspan(i, end - i));
      i = end;
    }
    return std::move(out_);
  }

 private:
  void add(char sign, std::string_view line, bool last) {
    body_ += fmt::format("{}{}\n", sign, line);
    (sign == '+' ? added_ : removed_) += 1;
    if (sign == ' ') ++added_;
    if (last && !ended_) body_ += "\\ No newline at end of file\n";
  }
  // As they are; lines behind a last one that has no end give it one.
  void keep(std::size_t from, std::size_t to, bool more) {
    for (std::size_t i = from; i < to; ++i) {
      const bool last = i + 1 == lines_.size(), gets_end = last && more && !ended_;
      add(gets_end ? '-' : ' ', lines_[i], last);
      if (gets_end) add('+', std::string(lines_[i]).append(line_end_), false);
    }
  }
  void hunk(std::span<const Edit> edits) {
    body_.clear();
    added_ = removed_ = 0;
    const std::size_t from = edits.front().at > kContext ? edits.front().at - kContext : 0;
    std::size_t at = from;
    for (const Edit& one : edits) {
      const bool adds = !one.lines.empty();
      keep(at, one.at, adds);
      at = one.at + one.removes;
      for (std::size_t i = one.at; i < at; ++i) add('-', lines_[i], i + 1 == lines_.size());
      for (std::size_t i = 0; i < one.lines.size(); ++i)
        add('+', one.lines[i],
            one.removes > 0 && at == lines_.size() && &one == &edits.back() && i + 1 == one.lines.size());
    }
    keep(at, std::min(lines_.size(), at + kContext), false);
    out_ += fmt::format("@@ -{},{} +{},{} @@\n", from + 1, removed_, from + 1 + shift_, added_) + body_;
    shift_ += added_ - removed_;
  }

  const std::vector<std::string_view>& lines_;
  bool ended_;
  std::string_view line_end_;
  std::string out_, body_;
  std::size_t added_ = 0, removed_ = 0, shift_ = 0;
};

// As git writes it: in quotes what would end a line, or a quote. Behind other names with blanks patch(1) wants a tab to end them.
std::string header_name(const std::string& name) {
  constexpr std::string_view kEscaped = "\a\b\t\n\v\f\r\"\\", kLetters = "abtnvfr\"\\";
  std::string out;
  bool quoted = false;
  for (const char c : name) {
    const std::size_t at = kEscaped.find(c);
    const auto byte = static_cast<unsigned char>(c);
    const bool other = at == std::string_view::npos && (byte < 0x20 || byte == 0x7f);
    quoted |= other || at != std::string_view::npos;
    if (other) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += at == std::string_view::npos ? std::string(1, c) : std::string("\\") + kLetters[at];
    }
  }
  if (quoted) return "\"" + out + "\"";
  return out + (out.find(' ') == std::string::npos ? "" : "\t");
}

}  // namespace

std::string unified_diff(const Dockerfile& file, const std::string& name, const std::vector<Edit>& edits) {
  const std::string hunks = Diff(file).of(edits);
  if (hunks.empty()) return {};
  return fmt::format("--- {}\n+++ {}\n", header_name("a/" + name), header_name("b/" + name)) + hunks;
}

}  // namespace peekr
