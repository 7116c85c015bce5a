// SPDX-License-Identifier: Apache-2.0
#include "base/toml.h"

#include <algorithm>

#include "base/text.h"

namespace peekr {
namespace {

// How long the text at the start is, with its quotes; npos where it does not end.
std::size_t text_size(std::string_view from) {
  const char quote = from.front();
  const std::string three(3, quote);
  if (from.starts_with(three)) {
    const std::size_t end = from.find(three, 3);
    return end == std::string_view::npos ? end : end + 3;
  }
  for (std::size_t i = 1; i < from.size() && from[i] != '\n'; ++i) {
    if (from[i] == '\\' && quote == '"') {
      ++i;
    } else if (from[i] == quote) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

// Without quotes; of escapes those that one character replaces.
std::string unquoted(std::string_view text) {
  const std::size_t marks = text.size() >= 6 && text.substr(0, 3) == std::string(3, text[0]) ? 3 : 1;
  const bool raw = text.front() == '\'';
  text = text.substr(marks, text.size() - 2 * marks);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = !raw && text[i] == '\\' && i + 1 < text.size();
    out += text[escape ? ++i : i];
  }
  return out;
}

bool is_quoted(std::string_view value) {
  return value.size() > 1 && (value.front() == '"' || value.front() == '\'');
}

// The name in "[name]" or "[[name]]"; empty: it is none.
std::string_view name_of(std::string_view line) {
  const std::size_t brackets = line.starts_with("[[") ? 2 : 1;
  std::size_t at = brackets;
  while (at < line.size() && line[at] != ']') {
    const bool quoted = line[at] == '"' || line[at] == '\'';
    const std::size_t size = quoted ? text_size(line.substr(at)) : 1;
    if (size == std::string_view::npos) return {};
    at += size;
  }
  const std::string_view name = trim(line.substr(brackets, at - brackets)), end = line.substr(at);
  if (!end.starts_with(brackets == 2 ? "]]" : "]")) return {};
  const std::string_view behind = trim(end.substr(brackets));
  return behind.empty() || behind.starts_with('#') ? name : std::string_view();
}

}  // namespace

std::string_view TomlTable::raw(std::string_view key) const {
  const auto found = std::ranges::find(fields, key, [](const auto& field) { return field.first; });
  return found == fields.end() ? std::string_view() : found->second;
}

std::string TomlTable::text(std::string_view key) const {
  const std::string_view value = raw(key);
  return is_quoted(value) ? unquoted(value) : std::string(value);
}

std::vector<std::string> TomlTable::texts(std::string_view key) const {
  std::vector<std::string> all;
  const std::string_view value = raw(key);
  for (std::size_t at = value.find_first_of("\"'"); at != std::string_view::npos;) {
    const std::size_t size = text_size(value.substr(at));
    if (size == std::string_view::npos) break;
    all.push_back(unquoted(value.substr(at, size)));
    at = value.find_first_of("\"'", at + size);
  }
  return all;
}

void TomlReader::bad(std::string_view from) {
  if (bad_++ > 0) return;
  first_bad_ =
      1 + static_cast<std::size_t>(std::ranges::count(all_.substr(0, all_.size() - from.size()), '\n'));
}

// From the start of a value to its end: the end of the line, outside of texts and brackets. Nothing: it has none.
std::optional<std::string_view> TomlReader::value() {
  const std::string_view from = rest_;
  std::size_t at = 0, open = 0, end = from.size();
  while (at < from.size()) {
    const char c = from[at];
    if (c == '"' || c == '\'') {
      const std::size_t size = text_size(from.substr(at));
      if (size == std::string_view::npos) {  // the line is lost
        bad(from.substr(at));
        rest_ = from.substr(std::min(from.find('\n', at), from.size()));
        return std::nullopt;
      }
      at += size;
      continue;
    }
    if (c == '#') {
      if (open == 0) end = std::min(end, at);
      at = std::min(from.find('\n', at), from.size());
      continue;
    }
    if (c == '\n' && open == 0) break;
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && open > 0) --open;
    ++at;
  }
  rest_ = from.substr(std::min(at + 1, from.size()));
  const std::string_view value = trim(from.substr(0, std::min(at, end)));
  if (open == 0 && !value.empty()) return value;
  bad(from);
  return std::nullopt;
}

bool TomlReader::next(TomlTable& table) {
  table = {};
  bool any = !started_ && !rest_.empty();
  started_ = true;
  while (!rest_.empty()) {
    const std::string_view before = rest_;
    const std::string_view line = trim(next_line(rest_));
    if (line.starts_with('[')) {
      if (any) {
        rest_ = before;  // the next one's
        return true;
      }
      table.name = name_of(line);
      if (table.name.empty()) bad(before);
      any = true;
    } else if (!line.empty() && !line.starts_with('#')) {
      const std::size_t equals = before.substr(0, before.size() - rest_.size()).find('=');
      const std::string_view key = trim(before.substr(0, std::min(equals, before.size())));
      if (equals == std::string_view::npos || key.empty()) {
        bad(before);
        continue;
      }
      rest_ = before.substr(equals + 1);
      if (const std::optional<std::string_view> found = value()) table.fields.emplace_back(key, *found);
    }
  }
  return any;
}

}  // namespace peekr
