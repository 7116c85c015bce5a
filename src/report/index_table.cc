// SPDX-License-Identifier: Apache-2.0
// Several platforms for people: the report of each is that of a scan of it alone; then what they come to.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "report/index.h"
#include "report/table.h"

namespace peekr {
namespace reporters {
extern const Reporter table;
}  // namespace reporters

namespace {

using table::Page;
using State = PlatformReport::State;

constexpr std::size_t kNamed = 5;

std::size_t count(const IndexReport& index, State state) {
  return static_cast<std::size_t>(std::ranges::count(index.platforms, state, &PlatformReport::state));
}

void print_head(const Page& page, const IndexReport& index) {
  const ImageInfo& image = index.image;
  page.line_in(table::kBold, one_line(image.name));
  table::field(page, "image", one_line(image.kind) + (image.tag.empty() ? "" : ", " + one_line(image.tag)));
  if (!image.digest.empty()) table::field(page, "digest", image.digest.str());
  std::string text = std::to_string(count(index, State::scanned)) + " scanned";
  if (const std::size_t failed = count(index, State::failed); failed > 0)
    text += fmt::format(", {} could not be", failed);
  if (const std::size_t listed = count(index, State::listed); listed > 0)
    text += fmt::format("; {} of what it lists {} no image to scan", listed, listed == 1 ? "is" : "are");
  table::field(page, "platforms", text);
}

std::string outcome(const PlatformReport& one, Extent extent) {
  if (one.state == State::listed) return "not scanned: " + one_line(one.why);
  if (!one.report) return "could not be scanned: " + one_line(one.why);
  if (extent == Extent::packages) return counted(one.report->inventory.packages.size(), "package");
  return table::answer(*one.report, grouped(*one.report));
}

void print_outcomes(const Page& page, const IndexReport& index, Extent extent) {
  std::size_t width = 0;
  for (const PlatformReport& one : index.platforms) width = std::max(width, titled(one).size());
  page.out += "\n" + page.paint()("All platforms", table::kBold) + "\n";
  for (const PlatformReport& one : index.platforms) {
    const std::string head = "  " + filled(titled(one), width) + "  ";
    const std::string text =
        wrapped(outcome(one, extent), {.width = page.style.width, .indent = columns(head), .head = head});
    page.out += one.state == State::failed ? page.paint()(text, table::kWarning) : text;
  }
}

// By the platforms that have them, as their places in the index.
std::map<std::string_view, std::set<std::size_t>> places_of(const IndexReport& index) {
  std::map<std::string_view, std::set<std::size_t>> places;
  for (std::size_t i = 0; i < index.platforms.size(); ++i) {
    if (!index.platforms[i].report) continue;
    for (const Finding& one : index.platforms[i].report->findings.list) {
      if (!is_malware(one)) places[one.id].insert(i);
    }
  }
  return places;
}

// What is not the same everywhere is what somebody who looks at one platform only does not see.
void print_differences(const Page& page, const IndexReport& index) {
  const std::size_t scanned = count(index, State::scanned);
  const auto places = places_of(index);
  if (scanned < 2 || places.empty()) return;
  std::size_t everywhere = 0;
  std::vector<std::vector<std::string_view>> only(index.platforms.size());
  for (const auto& [id, at] : places) {
    everywhere += at.size() == scanned ? 1 : 0;
    if (at.size() == 1) only[*at.begin()].push_back(id);
  }
  page.out += "\n";
  page.line(fmt::format("  Together {}, {} of them in every platform that was scanned.",
                        counted(places.size(), "vulnerability"),
                        everywhere == places.size() ? "all" : grouped_digits(everywhere)));
  for (std::size_t i = 0; i < only.size(); ++i) {
    if (only[i].empty()) continue;
    const std::vector<std::string> shown(
        only[i].begin(), only[i].begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, only[i].size())));
    const std::size_t more = only[i].size() - shown.size();
    page.line(fmt::format("  Only in {}: {}{}.", titled(index.platforms[i]), one_line(join(shown, ", ")),
                          more == 0 ? "" : fmt::format(" and {} more", grouped_digits(more))),
              4);
  }
}

void print_end(const Page& page, const IndexReport& index, Extent extent) {
  const Verdict& verdict = index.verdict;
  page.out += "\n";
  if (extent == Extent::findings || verdict.exit_code != 0)
    page.line_in(table::kBold, table::exit_text(verdict));
  table::print_remarks(page, verdict);
}

}  // namespace

void index_table(const IndexReport& index, Extent extent, const Style& style, std::string& out) {
  const Report none;
  const Page page{none, style, out};
  const auto section = extent == Extent::findings ? reporters::table.scan : reporters::table.inventory;
  print_head(page, index);
  std::size_t number = 0;
  for (const PlatformReport& one : index.platforms) {
    if (!one.report) continue;
    out += "\n";
    page.line_in(table::kBold,
                 fmt::format("=== {} ({} of {}) ===", titled(one), ++number, count(index, State::scanned)));
    out += "\n";
    Style its_own = style;
    if (!style.plan_line.empty()) its_own.plan_line += " --platform " + shell_word(titled(one));
    section(*one.report, its_own, out);
  }
  print_outcomes(page, index, extent);
  if (extent == Extent::findings) print_differences(page, index);
  print_end(page, index, extent);
}

}  // namespace peekr
