// SPDX-License-Identifier: Apache-2.0
// The three formats, for read_vex() alone. Each adds its statements and remarks to the document.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "policy/json.h"
#include "policy/vex.h"

namespace peekr {

void read_openvex(const simdjson::dom::element& root, Vex& to);
void read_csaf_vex(const simdjson::dom::element& root, Vex& to);
void read_cyclonedx_vex(const simdjson::dom::element& root, Vex& to);

// Keeps the statement if it names a vulnerability and a product; else says so.
void keep(VexStatement statement, Vex& to);
// One more product, or a remark that it is none; `where` is the statement's.
void add_product(std::string_view text, VexStatement& statement, Vex& to);
// The latest of the RFC 3339 times under these keys; nothing: none of them is there. A remark about what is no time; `where` says of what.
[[nodiscard]] std::optional<Instant> time_in(const simdjson::dom::element& from,
                                             std::initializer_list<std::string_view> keys,
                                             const std::string& where, Vex& to);

}  // namespace peekr
