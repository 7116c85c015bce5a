// SPDX-License-Identifier: Apache-2.0
// RecordWriter: what report/record.h describes, into a JSON document. What was no UTF-8 text is not lost: beside "path", in which
// such bytes are U+FFFD, stands "path_bytes", all of it in base64.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"
#include "report/json_writer.h"

namespace peekr {

// For fields(), which takes both what it is to read and what it is to write.
template <class T>
T& to_write(const T& value) {
  return const_cast<T&>(value);
}

// What every document of ours begins with. version: of peekr; created: RFC 3339.
void write_head(JsonWriter& json, std::uint64_t schema, std::string_view version, std::string_view created);

class RecordWriter {
 public:
  RecordWriter(JsonWriter& json, const Report& report) : json_(json), report_(report) {}

  void text(std::string_view key, std::string_view value);
  void text(std::string_view key, const Path& value) { text(key, value.str()); }
  void text(std::string_view key, const Digest& value) { json_.text(key, value.str()); }
  template <class Texts>
  void texts(std::string_view key, const Texts& all, std::string_view field) {
    json_.list(key, all, [&](std::string_view one) { text(field, one); });
  }
  void number(std::string_view key, std::integral auto value) {
    json_.number(key, static_cast<std::uint64_t>(value));
  }
  template <class T>
  void number(std::string_view key, const std::optional<T>& value) {
    value ? json_.number(key, *value) : json_.null(key);
  }
  void score(std::string_view key, double value, double /*most*/) { json_.exact(key, value); }
  void score(std::string_view key, const std::optional<double>& value, double /*most*/) {
    value ? json_.exact(key, *value) : json_.null(key);
  }
  void flag(std::string_view key, bool value) { json_.flag(key, value); }
  // One of two words.
  void flag(std::string_view key, bool value, std::string_view no, std::string_view yes) {
    json_.text(key, value ? yes : no);
  }
  // By its name(); `last` is the greatest that there is.
  template <class Word>
  void word(std::string_view key, Word value, Word /*last*/) {
    json_.text(key, name(value));
  }
  template <class Fields>
  void record(std::string_view key, const Fields& fields) {
    json_.record(key, fields);
  }
  // Null where it is not there.
  template <class T, class Fields>
  void record(std::string_view key, const std::optional<T>& value, const Fields& fields) {
    if (!value) return json_.null(key);
    json_.record(key, [&] { fields(to_write(*value)); });
  }
  template <class T, class Fields>
  void list(std::string_view key, const std::vector<T>& all, const Fields& fields) {
    json_.list(key, all, [&](const T& one) { fields(to_write(one)); });
  }
  // Reports of older versions may lack it.
  [[nodiscard]] static bool has(std::string_view /*key*/) { return true; }
  // What only a reader does: fields() changes nothing of what is written.
  template <class Take>
  void taken(const Take& /*take*/) {}
  // What follows from the rest, for those who read the document: no reader of ours asks for it.
  template <class Write>
  void shown(const Write& write) {
    write(json_, report_);
  }

 private:
  JsonWriter& json_;
  const Report& report_;
};

}  // namespace peekr
