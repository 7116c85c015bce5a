// SPDX-License-Identifier: Apache-2.0
// Note: a gap in what was looked at, or in what could be concluded. Printed, counted, and gates may require none.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "model/path.h"

namespace peekr {

enum class Why {
  damaged,      // the bytes are not what their format says
  unsupported,  // a format, compression or layer that peekr does not read
  too_big,      // over a limit, which `what` names
  unordered,    // two versions that their scheme cannot order
  no_data,      // the database knows nothing about this distribution or ecosystem
  end_of_life,  // the distribution gets no more advisories
  suspicious,   // readable, but not as it is usual: a name that climbs out, data behind the end
  unasked,      // an option says not to look: --pkg-types
  unreadable,   // the system did not give the bytes: no permission, an input error
};

struct Note {
  Path path;  // inside the image; empty when it is about the whole
  Why why{};
  std::string what;  // "what: why", as in Error

  auto operator<=>(const Note&) const = default;
};

[[nodiscard]] std::string_view name(Why why);
// Whether something could not be looked at or judged: what --fail-on-incomplete asks. end_of_life has its own gate.
[[nodiscard]] bool incomplete(Why why);

}  // namespace peekr
