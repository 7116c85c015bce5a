// SPDX-License-Identifier: Apache-2.0
// What a container has other than its image, one package a line.
#include <fmt/format.h>

#include <algorithm>

#include "report/table.h"

namespace peekr::table {
namespace {

constexpr std::size_t kShown = 20;

}  // namespace

std::string line_of(const Drift::Change& one) {
  const std::string name = one_line(one.type) + " " + one_line(one.name);
  switch (one.how) {
    case Drift::How::added: return "+ " + name + " " + one_line(one.after);
    case Drift::How::removed: return "- " + name + " " + one_line(one.before);
    case Drift::How::changed: break;
  }
  return "~ " + name + " " + one_line(one.before) + " is now " + one_line(one.after);
}

std::string sums_of(const Drift& drift) {
  const auto many = [&](Drift::How how) {
    return static_cast<std::size_t>(std::ranges::count(drift.packages, how, &Drift::Change::how));
  };
  return fmt::format("{} added, {} removed, {} changed", counted(many(Drift::How::added), "package"),
                     grouped_digits(many(Drift::How::removed)), grouped_digits(many(Drift::How::changed)));
}

void print_drift(const Page& page) {
  if (!page.report.drift) return;
  const std::vector<Drift::Change>& all = page.report.drift->packages;
  page.out += "\n" + page.paint()("Drift from the image", kBold) + "\n";
  page.line("  " + sums_of(*page.report.drift));
  const std::size_t shown = page.shown(all.size(), kShown);
  for (std::size_t i = 0; i < shown; ++i) page.line("    " + line_of(all[i]), 6);
  if (all.size() > shown)
    page.line(fmt::format("    and {} more: --format json has them all", grouped_digits(all.size() - shown)));
}

}  // namespace peekr::table
