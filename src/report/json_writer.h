// SPDX-License-Identifier: Apache-2.0
// JsonWriter: appends one JSON document (RFC 8259) to a string, in the order in which it is told, indented by
// two. Every list item is a record, so that fields can be added later. Bytes that are not UTF-8 become
// U+FFFD; control characters are escaped. The names are no overloads of one: a `const char*` would silently
// become a bool.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  // The whole document: `fields` writes what is in it.
  template <class Fields>
  void document(const Fields& fields) {
    open('{');
    fields();
    close('}');
    out_ += '\n';
  }
  template <class Fields>
  void record(std::string_view key, const Fields& fields) {
    name(key);
    open('{');
    fields();
    close('}');
  }
  // One record for each item: `fields(item)` writes what is in it.
  template <class Items, class Fields>
  void list(std::string_view key, const Items& items, const Fields& fields) {
    name(key);
    open('[');
    for (const auto& item : items) {
      next();
      open('{');
      fields(item);
      close('}');
    }
    close(']');
  }
  // A list of records of several kinds: `items` calls item() for each.
  template <class Items>
  void items(std::string_view key, const Items& items) {
    name(key);
    open('[');
    items();
    close(']');
  }
  template <class Fields>
  void item(const Fields& fields) {
    next();
    open('{');
    fields();
    close('}');
  }
  // A list of one record.
  template <class Fields>
  void only(std::string_view key, const Fields& fields) {
    list(key, std::initializer_list<int>{0}, [&](int) { fields(); });
  }
  // Each item of a list of texts becomes a record with that one field.
  template <class Items>
  void texts(std::string_view key, const Items& items, std::string_view field) {
    list(key, items, [&](const auto& item) { text(field, item); });
  }

  // Lists of texts and numbers as they are: of formats that others have laid down.
  template <class Items>
  void strings(std::string_view key, const Items& items) {
    name(key);
    open('[');
    for (const auto& item : items) {
      next();
      quoted(item);
    }
    close(']');
  }
  void strings(std::string_view key, std::initializer_list<std::string_view> items) {
    strings<std::initializer_list<std::string_view>>(key, items);
  }
  void numbers(std::string_view key, const std::vector<std::uint64_t>& items);

  void text(std::string_view key, std::string_view value);
  void given(std::string_view key, std::string_view value);  // left out where it is empty
  void number(std::string_view key, std::uint64_t value);
  void integer(std::string_view key, std::int64_t value);
  void decimal(std::string_view key, double value);   // one digit after the point
  void fraction(std::string_view key, double value);  // five
  // As few digits as it takes to read the same number back, one behind the point at least.
  void exact(std::string_view key, double value);
  void flag(std::string_view key, bool value);
  void null(std::string_view key);

 private:
  void line();
  void next();
  void name(std::string_view key);
  void quoted(std::string_view value);
  void open(char bracket);
  void close(char bracket);

  std::string& out_;
  unsigned depth_ = 0;
  bool empty_ = true;  // nothing yet in the innermost object or list
};

}  // namespace peekr
