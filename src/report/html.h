// SPDX-License-Identifier: Apache-2.0
// The parts of the page for a browser, in the order in which they stand there, and the one way to write into it. What comes from
// an image or from a publisher is never markup: Html::put() takes as such only what the compiler has seen.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "report/finding_groups.h"
#include "report/reporter.h"

namespace peekr::html {

// Markup of our own: a literal, and nothing that was read.
class Markup {
 public:
  consteval Markup(const char* text) : text_(text) {}  // NOLINT: implicit, so that a literal is one
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Text and quoted attributes: one line, without control characters, and without those that turn the direction of writing, by which
// a name could look like another.
[[nodiscard]] std::string escaped(std::string_view text);

class Html {
 public:
  explicit Html(std::string& out) : out_(out) {}

  // Each {} of the markup is the next value, escaped. There are as many of both.
  void put(Markup markup, std::initializer_list<std::string_view> values = {}) const;
  // A link where it leads to the web, else the text alone.
  void link(std::string_view url, std::string_view text) const;

 private:
  std::string& out_;
};

// One line of the list: a vulnerability of a source package.
struct Entry {
  const FindingGroup* group = nullptr;
  const FindingRow* row = nullptr;
  std::vector<const Finding*> findings = {};  // of the row's packages
  std::uint32_t layer = 0;                    // the lowest that has a package of it
  // An id has several rows where its packages are fixed in different versions: the first one counts.
  bool counts = true;

  [[nodiscard]] const Finding& finding() const { return *row->finding; }
};

// Rows by the sort asked for; by risk, where none was.
struct Page {
  const Report& report;
  const Style& style;
  Html html;
  std::vector<FindingGroup> groups;
  std::vector<Entry> entries;

  void put(Markup markup, std::initializer_list<std::string_view> values = {}) const {
    html.put(markup, values);
  }
};

// "vendor unfixed" of a name with "_".
[[nodiscard]] std::string spoken(std::string_view name);
// A line of a <dl>; none, where there is nothing to say.
void put_fact(const Page& page, std::string_view label, std::string_view text);
// What stands below the text of a cell; none, where there is nothing to say.
void put_small(const Page& page, std::string_view text);

// A table that scrolls by itself where it is wider than the page. Right below a <details>, whose summary says the same, its
// caption is for screen readers only (html.css).
struct Column {
  enum class Kind : std::uint8_t { text, number };
  Markup title;
  Kind kind = Kind::text;
};
inline constexpr auto kNumber = Column::Kind::number;
void open_table(const Page& page, Markup caption, std::initializer_list<Column> columns);
void close_table(const Page& page);

struct Sums {
  std::size_t all = 0, fixable = 0, exploited = 0, by_ransomware = 0;
  std::array<SeverityCount, 6> by_severity{};
};
[[nodiscard]] Sums sums_of(const std::vector<Entry>& entries);

// "layer 2 of 3: RUN apt-get install ..."; of what has no layers "the files".
[[nodiscard]] std::string place_of(const Report& report, std::uint32_t layer);

// Where the risk is: one package of one layer.
struct Tile {
  const FindingGroup* group = nullptr;
  std::uint32_t layer = 0;
  double risk = 0;
  std::size_t count = 0;
  Severity worst = Severity::unknown;
};
// The layer with the most risk first, and in each the package with the most.
[[nodiscard]] std::vector<std::vector<Tile>> tiles_of(const std::vector<Entry>& entries);
void put_treemap(const Page& page, const std::vector<std::vector<Tile>>& layers);

void put_head(const Page& page);    // what it is, what is at stake, what stands against the answer
void put_charts(const Page& page);  // severity, fixes, age
void put_layers(const Page& page);  // treemap and tables
void put_plan(const Page& page);    // nothing, where the report has none
void put_malware(const Page& page);
void put_drift(const Page& page);  // of a container
void put_findings(const Page& page);
void put_details(const Page& page, const Entry& entry);
void put_notes(const Page& page);
void put_suppressed(const Page& page);
void put_about(const Page& page);  // the image, its layers, completeness, the database

}  // namespace peekr::html
