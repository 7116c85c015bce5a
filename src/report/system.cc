// SPDX-License-Identifier: Apache-2.0
#include "report/system.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/columns.h"

namespace peekr {
namespace {

// The last day that has passed: support that goes on for some is no end yet.
std::string last_day(const EndOfLife& eol, const Report& report) {
  const bool both = !eol.extended.empty() && eol.extended < report.created.substr(0, 10);
  return one_line(both ? std::max(eol.date, eol.extended) : eol.date);
}

}  // namespace

std::string system_name(const Report& report) {
  if (!report.inventory.distro) return "an unknown system";
  const Distro& distro = *report.inventory.distro;
  if (!distro.name.empty()) return one_line(distro.name);
  return one_line(distro.version_id.empty() ? distro.id : distro.id + " " + distro.version_id);
}

std::string end_of_life_text(const Report& report) {
  const std::optional<EndOfLife>& eol = report.verdict.end_of_life;
  if (!eol || !eol->past) return {};
  return fmt::format(
      "{} is past its end of life ({}): it gets no more security fixes, and vulnerabilities found "
      "since then may be missing from its advisories",
      system_name(report), last_day(*eol, report));
}

}  // namespace peekr
