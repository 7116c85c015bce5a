// SPDX-License-Identifier: Apache-2.0
#include "feed/json.h"

#include <simdjson.h>

#include "base/text.h"

namespace peekr::json {
namespace {

// Whether the field is there and not null.
bool present(object from, std::string_view key, element& value) {
  return from.at_key(key).get(value) == simdjson::SUCCESS && !value.is_null();
}

std::string_view named(std::string_view where, std::string_view key) { return where.empty() ? key : where; }

}  // namespace

void Gaps::add(std::string_view field, std::string_view what) const {
  std::string message;
  for (const std::string_view part : {std::string_view(record), field}) {
    if (!part.empty()) message += printable(part) + ": ";
  }
  notes.push_back({path, Why::damaged, message + std::string(what)});
}

bool parse(simdjson::dom::parser& parser, std::string_view bytes, const Gaps& gaps, element& root) {
  const simdjson::error_code error = parser.parse(bytes.data(), bytes.size()).get(root);
  if (error == simdjson::SUCCESS) return true;
  gaps.add("", std::string("not JSON: ") + simdjson::error_message(error));
  return false;
}

std::string Place::text() const {
  std::string out = in_ == nullptr ? "" : in_->text() + ".";
  out += field_;
  if (index_) out += "[" + std::to_string(*index_) + "]";
  return out;
}

namespace {

// where(): the name of the field, for a gap.
template <class Where>
std::string text_of(object from, std::string_view key, const Gaps& gaps, const Where& where) {
  element value;
  if (!present(from, key, value)) return {};
  std::string_view found;
  if (value.get(found) == simdjson::SUCCESS) return std::string(found);
  gaps.add(where(), "not a text");
  return {};
}

// False: it is absent, null or no list.
template <class Where>
bool find_list(object from, std::string_view key, const Gaps& gaps, const Where& where, array& items) {
  element value;
  if (!present(from, key, value)) return false;
  if (value.get(items) == simdjson::SUCCESS) return true;
  gaps.add(where(), "not a list");
  return false;
}

template <class Where>
std::vector<element> list_of(object from, std::string_view key, const Gaps& gaps, const Where& where) {
  std::vector<element> found;
  array items;
  if (!find_list(from, key, gaps, where, items)) return found;
  found.reserve(items.size());
  for (const element one : items) found.push_back(one);
  return found;
}

template <class Where>
std::vector<std::string> texts_of(object from, std::string_view key, const Gaps& gaps, const Where& where) {
  std::vector<std::string> found;
  array items;
  if (!find_list(from, key, gaps, where, items)) return found;
  found.reserve(items.size());
  for (const element item : items) {
    std::string_view one;
    if (item.get(one) == simdjson::SUCCESS) {
      found.emplace_back(one);
    } else {
      gaps.add(where(), "an item is not a text");
    }
  }
  return found;
}

}  // namespace

std::string text(object from, std::string_view key, const Gaps& gaps, std::string_view where) {
  return text_of(from, key, gaps, [&] { return named(where, key); });
}
std::vector<element> list(object from, std::string_view key, const Gaps& gaps, std::string_view where) {
  return list_of(from, key, gaps, [&] { return named(where, key); });
}
std::vector<std::string> texts(object from, std::string_view key, const Gaps& gaps, std::string_view where) {
  return texts_of(from, key, gaps, [&] { return named(where, key); });
}

std::string text(object from, std::string_view key, const Gaps& gaps, const Place& in) {
  return text_of(from, key, gaps, [&] { return Place(in, key).text(); });
}
std::vector<element> list(object from, std::string_view key, const Gaps& gaps, const Place& in) {
  return list_of(from, key, gaps, [&] { return Place(in, key).text(); });
}
std::vector<std::string> texts(object from, std::string_view key, const Gaps& gaps, const Place& in) {
  return texts_of(from, key, gaps, [&] { return Place(in, key).text(); });
}

std::string record(element item, std::string_view key, Gaps& gaps, object& fields) {
  if (item.get(fields) != simdjson::SUCCESS) {
    gaps.add("", "not an object");
    return {};
  }
  std::string id = text(fields, key, gaps);
  if (id.empty() || printable(id) != id) {
    gaps.add(key, "none");
    return {};
  }
  gaps.record = id;
  return id;
}

bool find(object from, std::string_view key, object& value) {
  return from.at_key(key).get(value) == simdjson::SUCCESS;
}
bool find(object from, std::string_view key, std::string_view& value) {
  return from.at_key(key).get(value) == simdjson::SUCCESS;
}

}  // namespace peekr::json
