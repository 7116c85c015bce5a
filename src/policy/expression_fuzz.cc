// SPDX-License-Identifier: Apache-2.0
// Fuzz target of the expressions of gates: what can be read can be asked, of a finding of which nothing is known and of one
// of which much is; its text reads as the same again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/expression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const peekr::Result<peekr::Expression> read = peekr::Expression::parse(text);
  if (!read) return 0;
  const peekr::Package package{.type = "deb", .name = "libssl3"};
  const peekr::Finding blank;
  peekr::Finding rich{
      .id = "CVE-2023-5363", .names = {"DSA-5532-1"}, .severity = peekr::Severity::high, .cvss = 7.5};
  rich.published = rich.fix_published = "2023-10-25T18:17:43Z";
  const peekr::Result<peekr::Expression> again = peekr::Expression::parse(read->text());
  if (!again) std::abort();
  for (const peekr::Finding* finding : {&blank, const_cast<const peekr::Finding*>(&rich)}) {
    const peekr::Facts facts{.finding = *finding, .package = package, .base = true, .today = "2026-11-23"};
    if (read->holds(facts) != again->holds(facts)) std::abort();
  }
  return 0;
}
