// SPDX-License-Identifier: Apache-2.0
#include "catalog/json_objects.h"

#include <simdjson.h>

#include <string>

namespace peekr {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::vector<object> json_objects(object from, std::string_view key, FileNotes& notes) {
  std::vector<object> objects;
  element value;
  array list;
  if (from.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return objects;
  if (value.get(list) != simdjson::SUCCESS) {
    notes.add(Why::damaged, std::string(key) + ": not a list");
    return objects;
  }
  for (const element item : list) {
    object one;
    if (item.get(one) == simdjson::SUCCESS) {
      objects.push_back(one);
    } else {
      notes.add(Why::damaged, std::string(key) + ": an item that is no object");
    }
  }
  return objects;
}

}  // namespace peekr
