// SPDX-License-Identifier: Apache-2.0
#include "report/json_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "base/text.h"

namespace peekr {

void JsonWriter::next() {
  if (!empty_) out_ += ',';
  out_ += '\n';
  out_.append(std::size_t{2} * depth_, ' ');
  empty_ = false;
}

void JsonWriter::name(std::string_view key) {
  next();
  quoted(key);
  out_ += ": ";
}

void JsonWriter::open(char bracket) {
  out_ += bracket;
  ++depth_;
  empty_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  if (!empty_) {
    out_ += '\n';
    out_.append(std::size_t{2} * depth_, ' ');
  }
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

void JsonWriter::quoted(std::string_view value) {
  out_ += '"';
  while (!value.empty()) {
    // Runs without control characters go through printable(); it would turn a tab of a build instruction into
    // U+FFFD.
    std::size_t run = 0;
    while (run < value.size() && static_cast<unsigned char>(value[run]) >= 0x20) ++run;
    for (const char c : printable(value.substr(0, run))) {
      if (c == '"' || c == '\\') out_ += '\\';
      out_ += c;
    }
    if (run < value.size()) {
      fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned char>(value[run]));
      ++run;
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
