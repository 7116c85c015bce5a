// SPDX-License-Identifier: Apache-2.0
// What the JSON feeds share: reading a document, and fields that may have the wrong type. A gap is a Note
// that names the record and the field: "DSA-1-1: affected[0].ranges[0]: not a list".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/note.h"

namespace simdjson::dom {
class array;
class element;
class object;
class parser;
}  // namespace simdjson::dom

namespace peekr::json {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

// Where notes go, and which record they are about.
struct Gaps {
  Path path;
  std::string record;  // id, or what stands for it
  std::vector<Note>& notes;

  void add(std::string_view field, std::string_view what) const;
};

// "affected[0].ranges[1]", which is put together only where something is amiss.
class Place {
 public:
  explicit Place(std::string_view field, std::optional<std::size_t> index = {})
      : field_(field), index_(index) {}
  Place(const Place& in, std::string_view field, std::optional<std::size_t> index = {})
      : in_(&in), field_(field), index_(index) {}
  [[nodiscard]] std::string text() const;

 private:
  const Place* in_ = nullptr;
  std::string_view field_;
  std::optional<std::size_t> index_;
};

// The document's root, which lives as long as the parser. An error is a Note, then the result is false.
bool parse(simdjson::dom::parser& parser, std::string_view bytes, const Gaps& gaps, element& root);

// The field's value where it is there and of that type; an absent or null field is empty; another type is
// empty and a Note. Several fields of one name: the first. `where` is the field's name for the Note, the key
// where it is empty.
[[nodiscard]] std::string text(object from, std::string_view key, const Gaps& gaps,
                               std::string_view where = {});
[[nodiscard]] std::vector<std::string> texts(object from, std::string_view key, const Gaps& gaps,
                                             std::string_view where = {});
// The items of a list; absent or null: none.
[[nodiscard]] std::vector<element> list(object from, std::string_view key, const Gaps& gaps,
                                        std::string_view where = {});
// The same of a field of what is at that place.
[[nodiscard]] std::string text(object from, std::string_view key, const Gaps& gaps, const Place& in);
[[nodiscard]] std::vector<std::string> texts(object from, std::string_view key, const Gaps& gaps,
                                             const Place& in);
[[nodiscard]] std::vector<element> list(object from, std::string_view key, const Gaps& gaps, const Place& in);

// An object with an id in that field, which is what notes are about from here on; empty: it is none, and a Note.
[[nodiscard]] std::string record(element item, std::string_view key, Gaps& gaps, object& fields);

// The field as it stands: false when it is absent, null or of another type. No Note: for publishers' own
// fields.
bool find(object from, std::string_view key, object& value);
bool find(object from, std::string_view key, std::string_view& value);

}  // namespace peekr::json
