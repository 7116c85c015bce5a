// SPDX-License-Identifier: Apache-2.0
// CSV as RFC 4180 has it, one row for each finding (--show-suppressed: also for what rules took out), or each package of an inventory.
// What a spreadsheet would take for a formula is preceded by an apostrophe (owasp.org, "CSV injection").
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/text.h"
#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/reporter.h"
#include "report/rulings.h"

namespace peekr {
namespace {

bool is_formula(std::string_view text) {
  // The latter four are the same signs in full width, which some locales take for them.
  constexpr std::array<std::string_view, 8> kSigns = {
      "=", "+", "-", "@", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
  return std::ranges::any_of(kSigns, [&](std::string_view sign) { return text.starts_with(sign); });
}

std::string field(std::string_view bytes) {
  std::string text = one_line(bytes);
  if (is_formula(text)) text.insert(0, "'");
  if (text.find_first_of("\",") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

void row(std::string& out, std::initializer_list<std::string_view> fields) {
  std::string_view separator;
  for (const std::string_view one : fields) {
    out += separator;
    out += field(one);
    separator = ",";
  }
  out += "\r\n";
}

// Counted as people do, and as the table does: the lowest is 1.
std::string layer_of(const ImageInfo& image, const Package& package) {
  return has_layers(image) ? std::to_string(package.layer + 1) : "";
}

std::string_view whose(const ImageInfo& image, const Package& package) {
  if (image.base.layers == 0 || !has_layers(image)) return "";
  return is_of_base(image, package.layer) ? "true" : "false";
}

void write_finding(std::string& out, const Report& report, const Finding& one, std::string_view suppressed) {
  const Package& package = report.inventory.packages[one.package];
  const Risk *epss = epss_of(one.risks), *kev = kev_of(one.risks);
  row(out, {one.id,
            join(one.names, " "),
            grade_of(one),
            one.cvss ? fmt::format("{:.1f}", *one.cvss) : "",
            fmt::format("{:.1f}", one.risk.total),
            epss == nullptr ? std::string() : fmt::format("{:.5f}", epss->epss->score),
            kev == nullptr ? "" : "true",
            package.type,
            package.name,
            full_version(package),
            one.fixed_in,
            one.fixed_in.empty() ? name(one.standing) : "fixed",
            name(one.confidence),
            package.path.str(),
            layer_of(report.image, package),
            whose(report.image, package),
            package.purl,
            one.published,
            one.fix_published,
            page_of(one.id),
            one.summary,
            suppressed});
}

void scan(const Report& report, const Style& style, std::string& out) {
  row(out,
      {"vulnerability", "names",     "severity",      "cvss",   "risk",       "epss",      "kev",   "type",
       "package",       "installed", "fixed_in",      "status", "confidence", "path",      "layer", "of_base",
       "purl",          "published", "fix_published", "url",    "summary",    "suppressed"});
  for (const Finding& one : report.findings.list) {
    if (one.kind == Advisory::Kind::malware) write_finding(out, report, one, "");
  }
  for (const Finding* one : in_order(report, style.sort)) write_finding(out, report, *one, "");
  if (!style.suppressed) return;
  for (const Suppressed& one : report.findings.suppressed)
    write_finding(out, report, one.finding, std::string(name(one.rule)) + ": " + one.reason);
}

void inventory(const Report& report, const Style& /*style*/, std::string& out) {
  row(out, {"type", "name", "version", "arch", "source", "source_version", "licenses", "path", "layer",
            "of_base", "purl"});
  for (const Package& one : report.inventory.packages)
    row(out, {one.type, one.name, full_version(one), one.arch, one.source, one.source_version,
              join(one.licenses, "; "), one.path.str(), layer_of(report.image, one), whose(report.image, one),
              one.purl});
}

}  // namespace

namespace reporters {
extern const Reporter csv;
constexpr Reporter csv = {.name = "csv",
                          .about = "CSV for spreadsheets: a row for each finding, or each package",
                          .scan = scan,
                          .inventory = inventory};
}  // namespace reporters

}  // namespace peekr
