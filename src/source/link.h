// SPDX-License-Identifier: Apache-2.0
// The Link header of HTTP (RFC 8288), by which a registry says where the next page of a list is:
//   </v2/a/tags/list?last=x>; rel="next", </v2/a>; rel="first up"; title="a, b"
#pragma once

#include <string>
#include <string_view>

namespace peekr {

// The target of the first link of that relation; empty: there is none.
[[nodiscard]] std::string link_target(std::string_view header, std::string_view relation);

}  // namespace peekr
