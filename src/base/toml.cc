// SPDX-License-Identifier: Apache-2.0
#include "base/toml.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "base/text.h"

namespace peekr {
namespace {

// How long the text at the start is, with its quotes; npos where it does not end.
std::size_t text_size(std::string_view from) {
  const char quote = from.front();
  const std::string three(3, quote);
  const bool lines = from.starts_with(three);
  for (std::size_t i = lines ? 3 : 1; i < from.size() && (lines || from[i] != '\n'); ++i) {
    if (from[i] == '\\' && quote == '"') {
      if (!from.substr(i + 1).starts_with('\n')) ++i;
    } else if (from[i] == quote && !lines) {
      return i + 1;
    } else if (lines && from.substr(i).starts_with(three)) {
      // The last three end it: up to two before them are of the text.
      const std::size_t end = std::min(from.find_first_not_of(quote, i), from.size());
      return std::min(end, i + 5);
    }
  }
  return std::string_view::npos;
}

// As UTF-8; false: there is no such character.
bool add_character(std::uint64_t code, std::string& out) {
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
  const auto byte = [&](std::uint64_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
  if (code < 0x80) {
    byte(code);
    return true;
  }
  const unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  byte((0xF0u << (3 - more)) | (code >> (6 * more)));
  for (unsigned left = more; left-- > 0;) byte(0x80u | ((code >> (6 * left)) & 0x3Fu));
  return true;
}

// Takes what follows a backslash off the front; false: that is no escape.
bool take_escape(std::string_view& from, std::string& out) {
  constexpr std::string_view kNames = "btnfr\"\\", kMeant = "\b\t\n\f\r\"\\";
  const char name = from.empty() ? '\0' : from.front();
  if (const std::size_t at = kNames.find(name); at != std::string_view::npos) {
    out += kMeant[at];
    from.remove_prefix(1);
    return true;
  }
  if (name == 'u' || name == 'U') {
    const std::string_view digits = from.substr(1, name == 'u' ? 4 : 8);
    const std::optional<std::uint64_t> code = to_number(digits, 16);
    if (digits.size() != (name == 'u' ? 4 : 8) || !code || !add_character(*code, out)) return false;
    from.remove_prefix(1 + digits.size());
    return true;
  }
  // At the end of a line, of which only texts in three quotes have several: on to the next that is not blank.
  const std::size_t next = std::min(from.find_first_not_of(" \t\r\n"), from.size());
  const bool ends_line = from.substr(0, next).contains('\n');
  if (ends_line) from.remove_prefix(next);
  return ends_line;
}

// Without its quotes and escapes (toml.io/en/v1.0.0#string); nothing: an escape that there is not.
std::optional<std::string> unquoted(std::string_view text) {
  const bool lines = text.size() >= 6 && text.substr(0, 3) == std::string(3, text[0]);
  const std::size_t marks = lines ? 3 : 1;
  const bool raw = text.front() == '\'';
  text = text.substr(marks, text.size() - 2 * marks);
  if (lines && text.starts_with(text.starts_with('\r') ? "\r\n" : "\n"))
    text.remove_prefix(text.starts_with('\r') ? 2 : 1);
  std::string out;
  for (;;) {
    const std::size_t plain = raw ? std::string_view::npos : text.find('\\');
    out += text.substr(0, plain);
    if (plain == std::string_view::npos) return out;
    text.remove_prefix(plain + 1);
    if (!take_escape(text, out)) return std::nullopt;
  }
}

bool is_quoted(std::string_view value) {
  return value.size() > 1 && (value.front() == '"' || value.front() == '\'');
}

// A key or the name of a table that needs no quotes without them; any other stays as it is written.
std::string_view bare(std::string_view key) {
  if (!is_quoted(key) || text_size(key) != key.size()) return key;
  const std::string_view inside = key.substr(1, key.size() - 2);
  const auto is_bare = [](char c) { return is_alpha(c) || is_digit(c) || c == '_' || c == '-'; };
  return !inside.empty() && std::ranges::all_of(inside, is_bare) ? inside : key;
}

// Whether a value from its first byte to `end` is one, of which the first text or list ends at `closed` (npos: there is none).
bool is_one(std::string_view value, std::size_t closed) {
  const bool opens = std::string_view("\"'[{").contains(value.front());
  return opens == (closed != std::string_view::npos) && (!opens || trim(value.substr(closed)).empty());
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
  return behind.empty() || behind.starts_with('#') ? bare(name) : std::string_view();
}

}  // namespace

std::string_view TomlTable::raw(std::string_view key) const {
  const auto found = std::ranges::find(fields, key, [](const auto& field) { return field.first; });
  return found == fields.end() ? std::string_view() : found->second;
}

std::string TomlTable::text(std::string_view key) const {
  const std::string_view value = raw(key);
  return is_quoted(value) ? unquoted(value).value_or("") : std::string(value);
}

Result<bool> TomlTable::flag(std::string_view key) const {
  const std::string_view value = raw(key);
  if (value.empty() || value == "false") return false;
  if (value == "true") return true;
  return fail(Errc::damaged, std::string(key) + ": want true or false");
}

std::vector<std::string> TomlTable::texts(std::string_view key) const {
  std::vector<std::string> all;
  const std::string_view value = raw(key);
  for (std::size_t at = value.find_first_of("\"'"); at != std::string_view::npos;) {
    const std::size_t size = text_size(value.substr(at));
    if (size == std::string_view::npos) break;
    all.push_back(unquoted(value.substr(at, size)).value_or(""));
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
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t at = from.find_first_not_of(" \t"), open = 0, end = from.size(), closed = kNone;
  const std::size_t start = at = std::min(at, from.size());
  while (at < from.size()) {
    const char c = from[at];
    if (c == '"' || c == '\'') {
      const std::size_t size = text_size(from.substr(at));
      if (size == kNone || !unquoted(from.substr(at, size))) {  // the line is lost
        bad(from.substr(at));
        rest_ = from.substr(std::min(from.find('\n', at), from.size()));
        return std::nullopt;
      }
      at += size;
      if (open == 0) closed = std::min(closed, at);
      continue;
    }
    if (c == '#') {
      if (open == 0) end = std::min(end, at);
      at = std::min(from.find('\n', at), from.size());
      continue;
    }
    if (c == '\n' && open == 0) break;
    if (c == '[' || c == '{') ++open;
    ++at;
    if (c != ']' && c != '}') continue;
    if (open > 0) --open;
    if (open == 0) closed = std::min(closed, at);
  }
  rest_ = from.substr(std::min(at + 1, from.size()));
  const std::string_view value = from.substr(start, std::min(at, end) - start);
  if (open == 0 && !trim(value).empty() && is_one(value, closed == kNone ? kNone : closed - start))
    return trim(value);
  bad(from);
  return std::nullopt;
}

bool TomlReader::next(TomlTable& table) {
  table = {};
  std::set<std::string_view> keys;
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
      const std::string_view key = bare(trim(before.substr(0, std::min(equals, before.size()))));
      if (equals == std::string_view::npos || key.empty()) {
        bad(before);
        continue;
      }
      rest_ = before.substr(equals + 1);
      const std::optional<std::string_view> found = value();
      if (found && !keys.insert(key).second) {
        bad(before);
      } else if (found) {
        table.fields.emplace_back(key, *found);
      }
    }
  }
  return any;
}

}  // namespace peekr
