// SPDX-License-Identifier: Apache-2.0
#include "model/note.h"

namespace peekr {

std::string_view name(Why why) {
  switch (why) {
    case Why::damaged: return "damaged";
    case Why::unsupported: return "unsupported";
    case Why::too_big: return "too_big";
    case Why::unordered: return "unordered";
    case Why::no_data: return "no_data";
    case Why::end_of_life: return "end_of_life";
    case Why::suspicious: return "suspicious";
    case Why::unasked: return "unasked";
    case Why::unreadable: return "unreadable";
  }
  return "";
}

bool incomplete(Why why) { return why != Why::end_of_life && why != Why::suspicious; }

}  // namespace peekr
