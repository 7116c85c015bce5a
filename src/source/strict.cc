// SPDX-License-Identifier: Apache-2.0
#include "source/strict.h"

#include <simdjson.h>

#include <algorithm>

#include "base/text.h"

namespace peekr::strict {
namespace {

using simdjson::dom::array;

// In lower case as Go folds it: two letters beyond ASCII, the long s and the Kelvin sign, are an s and a k to it.
std::string folded(std::string_view key) {
  std::string text;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (key.substr(i, 2) == "\u017f") {
      text += 's', i += 1;
    } else if (key.substr(i, 3) == "\u212a") {
      text += 'k', i += 2;
    } else {
      text += key[i];
    }
  }
  return lower(text);
}

// Go reads keys without regard to case and takes the last of equal ones; others take the first. An image that
// shows each of them something else is not read at all.
Status unambiguous(const object& fields, std::string_view what) {
  std::vector<std::string> keys;
  for (const auto& field : fields) keys.push_back(folded(field.key));
  std::ranges::sort(keys);
  const auto twice = std::ranges::adjacent_find(keys);
  if (twice == keys.end()) return {};
  return fail(Errc::damaged, std::string(what) + ": key " + printable(*twice) + " stands twice");
}

}  // namespace

Result<element> parse(simdjson::dom::parser& parser, std::string_view json) {
  element root;
  const simdjson::error_code error = parser.parse(json.data(), json.size()).get(root);
  if (error == simdjson::SUCCESS) return root;
  return fail(Errc::damaged, std::string("not JSON: ") + simdjson::error_message(error));
}

Result<object> as_object(const element& value, std::string_view what) {
  object fields;
  if (value.get(fields) != simdjson::SUCCESS)
    return fail(Errc::damaged, std::string(what) + ": not an object");
  TRY(unambiguous(fields, what));
  return fields;
}

std::optional<element> member(const object& fields, std::string_view key) {
  element value;
  if (fields[key].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

Result<std::string> text(const object& fields, std::string_view key) {
  const std::optional<element> value = member(fields, key);
  std::string_view found;
  if (!value) return std::string();
  if (value->get(found) != simdjson::SUCCESS) return fail(Errc::damaged, std::string(key) + ": not a string");
  return std::string(found);
}

Result<std::vector<element>> items(const element& value, std::string_view what) {
  array found;
  if (value.get(found) != simdjson::SUCCESS) return fail(Errc::damaged, std::string(what) + ": not a list");
  return std::vector<element>(found.begin(), found.end());
}

Result<std::vector<element>> list(const object& fields, std::string_view key) {
  const std::optional<element> value = member(fields, key);
  return value ? items(*value, key) : std::vector<element>();
}

Result<std::vector<std::string>> texts(const object& fields, std::string_view key) {
  std::vector<std::string> all;
  for (const element& item : TRY(list(fields, key))) {
    std::string_view found;
    if (item.get(found) != simdjson::SUCCESS) return fail(Errc::damaged, std::string(key) + ": not strings");
    all.emplace_back(found);
  }
  return all;
}

Result<std::map<std::string, std::string>> text_map(const object& fields, std::string_view key) {
  std::map<std::string, std::string> all;
  const std::optional<element> value = member(fields, key);
  if (!value) return all;
  object entries;
  if (value->get(entries) != simdjson::SUCCESS)
    return fail(Errc::damaged, std::string(key) + ": not an object");
  for (const auto& entry : entries) {
    std::string_view found;
    if (entry.value.get(found) != simdjson::SUCCESS) continue;
    if (!all.emplace(entry.key, found).second) {
      return fail(Errc::damaged, std::string(key) + ": key " + printable(entry.key) + " stands twice");
    }
  }
  return all;
}

namespace {

// What is no list of texts has none: nothing is judged by it.
void add_words(const object& fields, std::string_view key, std::vector<std::string>& words) {
  const std::optional<element> found = member(fields, key);
  array all;
  if (!found || found->get(all) != simdjson::SUCCESS) return;
  for (const element& one : all) {
    std::string_view word;
    if (one.get(word) == simdjson::SUCCESS) words.emplace_back(word);
  }
}

}  // namespace

EntryPoint entry_of(const object& config) {
  EntryPoint entry;
  add_words(config, "Entrypoint", entry.command);
  add_words(config, "Cmd", entry.command);
  std::vector<std::string> variables;
  add_words(config, "Env", variables);
  for (const std::string& one : variables) {
    if (one.starts_with("PATH=")) entry.path = one.substr(5);
  }
  if (const std::optional<element> user = member(config, "User")) {
    std::string_view text;
    if (user->get(text) == simdjson::SUCCESS) entry.user = text;
  }
  const std::optional<element> health = member(config, "Healthcheck");
  object inside;
  if (health && health->get(inside) == simdjson::SUCCESS) add_words(inside, "Test", entry.check);
  return entry;
}

}  // namespace peekr::strict
