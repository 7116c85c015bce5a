// SPDX-License-Identifier: Apache-2.0
// Lists of objects in a JSON document.
#pragma once

#include <string_view>
#include <vector>

#include "catalog/stanza.h"

namespace simdjson::dom {
class object;
}  // namespace simdjson::dom

namespace peekr {

// The objects of the list under that key; an item that is none is a Note, and so is a key that is there without a list. No
// such key: none.
[[nodiscard]] std::vector<simdjson::dom::object> json_objects(simdjson::dom::object from,
                                                              std::string_view key, FileNotes& notes);

}  // namespace peekr
