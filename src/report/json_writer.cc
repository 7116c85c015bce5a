// SPDX-License-Identifier: Apache-2.0
#include "report/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace peekr {
namespace {

// The first bytes of a line, as deep as documents mostly are.
constexpr std::string_view kLine = "\n                                        ";

enum class Class : std::uint8_t { plain, escaped, control, other };  // other: DEL, and all beyond ASCII

constexpr Class class_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20) return Class::control;
  if (byte >= 0x7F) return Class::other;
  return c == '"' || c == '\\' ? Class::escaped : Class::plain;
}

// How many bytes at the beginning are written alike.
std::size_t run_of(std::string_view value) {
  const Class first = class_of(value.front());
  if (first == Class::escaped || first == Class::control) return 1;
  std::size_t run = 1;
  while (run < value.size() && class_of(value[run]) == first) ++run;
  return run;
}

// All at once, as nearly all are: without a way out of the loop it is done for many bytes at a time.
bool is_plain(std::string_view value) {
  bool all = true;
  for (const char c : value) all &= class_of(c) == Class::plain;
  return all;
}

}  // namespace

void JsonWriter::line() {
  const std::size_t size = 1 + std::size_t{2} * depth_;
  out_ += kLine.substr(0, size);
  if (size > kLine.size()) out_.append(size - kLine.size(), ' ');
}

void JsonWriter::next() {
  if (!empty_) out_ += ',';
  line();
  empty_ = false;
}

// In one piece: there is one for every field.
void JsonWriter::name(std::string_view key) {
  const std::string_view comma = empty_ ? "" : ",";
  const std::size_t indent = 1 + std::size_t{2} * depth_, before = out_.size();
  if (indent > kLine.size() || !is_plain(key)) {
    next();
    quoted(key);
    out_ += ": ";
    return;
  }
  const std::size_t end = before + comma.size() + indent + key.size() + 4;
  out_.resize_and_overwrite(end, [&](char* data, std::size_t /*room*/) {  // of libstdc++ 12 all that there is
    char* at = data + before;
    for (const std::string_view part :
         {comma, kLine.substr(0, indent), std::string_view("\""), key, std::string_view("\": ")})
      at += part.copy(at, part.size());  // std::ranges::copy() goes byte by byte
    return end;
  });
  empty_ = false;
}

void JsonWriter::open(char bracket) {
  out_ += bracket;
  ++depth_;
  empty_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  if (!empty_) line();
  out_ += bracket;
  empty_ = false;
}

void JsonWriter::numbers(std::string_view key, const std::vector<std::uint64_t>& items) {
  name(key);
  open('[');
  for (const std::uint64_t item : items) {
    next();
    out_ += std::to_string(item);
  }
  close(']');
}

// Else a run of one class after the other.
void JsonWriter::quoted(std::string_view value) {
  out_ += '"';
  if (is_plain(value)) {
    out_ += value;
    value = {};
  }
  while (!value.empty()) {
    const std::size_t run = run_of(value);
    const std::string_view bytes = value.substr(0, run);
    switch (class_of(value.front())) {
      case Class::plain: out_ += bytes; break;
      case Class::escaped: (out_ += '\\') += bytes; break;
      // Not printable(), which would turn a tab of a build instruction into U+FFFD.
      case Class::control:
        fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned char>(bytes.front()));
        break;
      case Class::other: out_ += printable(bytes); break;
    }
    value.remove_prefix(run);
  }
  out_ += '"';
}

void JsonWriter::text(std::string_view key, std::string_view value) {
  name(key);
  quoted(value);
}

void JsonWriter::given(std::string_view key, std::string_view value) {
  if (!value.empty()) text(key, value);
}

void JsonWriter::number(std::string_view key, std::uint64_t value) {
  name(key);
  out_ += std::to_string(value);
}

void JsonWriter::integer(std::string_view key, std::int64_t value) {
  name(key);
  out_ += std::to_string(value);
}

void JsonWriter::decimal(std::string_view key, double value) {
  name(key);
  fmt::format_to(std::back_inserter(out_), "{:.1f}", value);
}

void JsonWriter::fraction(std::string_view key, double value) {
  name(key);
  fmt::format_to(std::back_inserter(out_), "{:.5f}", value);
}

void JsonWriter::exact(std::string_view key, double value) {
  name(key);
  const std::string shortest = fmt::format("{}", value);
  const bool whole = shortest.find_first_of(".e") == std::string::npos;
  out_ += whole ? shortest + ".0" : shortest;
}

void JsonWriter::flag(std::string_view key, bool value) {
  name(key);
  out_ += value ? "true" : "false";
}

void JsonWriter::null(std::string_view key) {
  name(key);
  out_ += "null";
}

}  // namespace peekr
