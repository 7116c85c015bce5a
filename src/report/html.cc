// SPDX-License-Identifier: Apache-2.0
// A page for a browser in one file, which loads nothing: all that it shows stands in it as HTML, without its script, too, which only
// filters, sorts and folds. The Content-Security-Policy allows html.css and html.js by their hashes and nothing else.
#include "report/html.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <tuple>

#include "base/base64.h"
#include "base/text.h"
#include "lib/digest.h"
#include "report/columns.h"
#include "report/identity.h"

namespace peekr {
namespace html {
namespace {

constexpr char kStyle[] =
#include "html.css.inc"
    ;
constexpr char kScript[] =
#include "html.js.inc"
    ;

std::string_view entity(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return {};
  }
}

// Of a character in valid UTF-8, by its first byte.
std::size_t length_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::string source_hash(std::string_view text) {
  std::string bytes;
  const std::string hex = hex_digest("sha256", text);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(*to_number(std::string_view(hex).substr(i, 2), 16));
  return "'sha256-" + base64_encoded(bytes) + "'";
}

std::vector<Entry> entries_of(const Report& report, const std::vector<FindingGroup>& groups, Sort sort) {
  std::map<std::pair<std::size_t, std::string_view>, const Finding*> findings;  // by package and id
  for (const Finding& one : report.findings.list)
    findings.emplace(std::pair(one.package, std::string_view(one.id)), &one);
  std::vector<Entry> entries;
  for (const FindingGroup& group : groups) {
    std::set<std::string_view> seen;
    for (const FindingRow& row : group.rows) {
      Entry entry{.group = &group, .row = &row, .counts = seen.insert(row.finding->id).second};
      entry.layer = report.inventory.packages[row.packages.front()].layer;
      for (const std::size_t i : row.packages) {
        entry.findings.push_back(findings.at({i, row.finding->id}));
        entry.layer = std::min(entry.layer, report.inventory.packages[i].layer);
      }
      entries.push_back(std::move(entry));
    }
  }
  if (sort == Sort::package) return entries;
  std::ranges::stable_sort(entries, std::ranges::greater(), [&](const Entry& one) {
    return std::tuple(rank(one.finding(), sort), one.finding().severity, one.finding().risk.total);
  });
  return entries;
}

void put_frame(const Page& page) {
  page.put(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src "
      "{}; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"peekr {}\">\n"
      "<title>{}: known vulnerabilities</title>\n",
      {source_hash(kStyle), source_hash(kScript), page.report.version, page.report.image.name});
}

}  // namespace

std::string escaped(std::string_view text) {
  const std::string line = one_line(text);
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    const std::string_view character = std::string_view(line).substr(at, length_of(line[at]));
    at += character.size();
    const std::string_view name = entity(character.front());
    out += name.empty() ? character : name;
  }
  return out;
}

void Html::put(Markup markup, std::initializer_list<std::string_view> values) const {
  std::string_view rest = markup.text();
  for (const std::string_view value : values) {
    const std::size_t hole = rest.find("{}");
    assert(hole != std::string_view::npos);
    out_ += rest.substr(0, hole);
    out_ += escaped(value);
    rest.remove_prefix(hole + 2);
  }
  assert(rest.find("{}") == std::string_view::npos);
  out_ += rest;
}

void Html::link(std::string_view url, std::string_view text) const {
  const std::string scheme = lower(url.substr(0, 8));
  if (!scheme.starts_with("https://") && !scheme.starts_with("http://")) return put("{}", {text});
  put("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", {address(url), text});
}

std::string spoken(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return text;
}

void put_fact(const Page& page, std::string_view label, std::string_view text) {
  if (!text.empty()) page.put("<dt>{}</dt><dd>{}</dd>\n", {label, text});
}

void put_small(const Page& page, std::string_view text) {
  if (!text.empty()) page.put("<small>{}</small>", {text});
}

void open_table(const Page& page, Markup caption, std::initializer_list<Column> columns) {
  page.put("<div class=\"wide\"><table><caption>");
  page.put(caption);
  page.put("</caption><thead><tr>");
  for (const Column& column : columns) {
    page.put(column.kind == Column::Kind::text ? Markup("<th scope=\"col\">")
                                               : Markup("<th scope=\"col\" class=\"number\">"));
    page.put(column.title);
    page.put("</th>");
  }
  page.put("</tr></thead><tbody>\n");
}

void close_table(const Page& page) { page.put("</tbody></table></div>\n"); }

Sums sums_of(const std::vector<Entry>& entries) {
  Sums sums;
  std::set<std::string_view> exploited, by_ransomware;
  for (const Entry& entry : entries) {
    if (const Risk* kev = kev_of(entry.finding().risks)) {
      exploited.insert(entry.finding().id);
      if (kev->kev->ransomware) by_ransomware.insert(entry.finding().id);
    }
    if (!entry.counts) continue;
    const std::size_t fixable = entry.finding().fixed_in.empty() ? 0 : 1;
    SeverityCount& count = sums.by_severity[static_cast<std::size_t>(entry.finding().severity)];
    ++count.all;
    ++sums.all;
    count.fixable += fixable;
    sums.fixable += fixable;
  }
  sums.exploited = exploited.size();
  sums.by_ransomware = by_ransomware.size();
  return sums;
}

}  // namespace html

namespace {

void scan(const Report& report, const Style& style, std::string& out) {
  const Sort sort = style.sort.value_or(Sort::risk);
  html::Page page{report, style, html::Html(out), grouped(report, sort), {}};
  page.entries = html::entries_of(report, page.groups, sort);
  html::put_frame(page);
  // As they are: the hashes are of all that stands between the tags.
  out += std::string("<style>") + html::kStyle + "</style>\n</head>\n<body>\n";
  page.put("<a class=\"skip\" href=\"#findings\">To the findings</a>\n");
  html::put_head(page);
  page.put("<main>\n");
  html::put_malware(page);
  html::put_charts(page);
  html::put_layers(page);
  html::put_plan(page);
  html::put_drift(page);
  html::put_findings(page);
  html::put_notes(page);
  html::put_suppressed(page);
  html::put_about(page);
  page.put("</main>\n");
  out += std::string("<script>") + html::kScript + "</script>\n</body>\n</html>\n";
}

}  // namespace

namespace reporters {
extern const Reporter html;
constexpr Reporter html = {
    .name = "html",
    .about = "a page for a browser, in one file: what is at stake, charts, the plan, every finding",
    .scan = scan,
    .shows_plan = true};
}  // namespace reporters

}  // namespace peekr
