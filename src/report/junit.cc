// SPDX-License-Identifier: Apache-2.0
// JUnit XML as Jenkins and GitLab read it (github.com/testmoapp/junitxml): a failed test for each finding, a skipped one for each
// that a rule took out, and one that says whether the image could be judged, which fails where nothing of it could be.

#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/reporter.h"
#include "report/rulings.h"
#include "report/system.h"
#include "report/xml.h"

namespace peekr {
namespace {

std::string title_of(const Finding& one, const Package& package) {
  return one_line(one.id + " in " + package.name + " " + full_version(package));
}

std::string class_of(const Package& package) {
  return one_line("peekr." + package.type + "." + package.name);
}

std::string details_of(const Finding& one, const Inventory& inventory) {
  const Package& package = inventory.packages[one.package];
  std::string text = one_line(one.summary);
  text += (text.empty() ? "package: " : "\npackage: ") + one_line(package.purl);
  text += "\nfile: " + one_line(package.path.str()) + "\nseverity: " + std::string(name(one.severity));
  text += exploited_text(one);
  if (!one.severity_source.empty()) text += " (" + one_line(one.severity_source) + ")";
  return text + "\nadvice: " + advice_on(one, inventory) + "\n" + page_of(one.id);
}

void write_assessment(XmlWriter& xml, const Report& report) {
  const Assessment how = assessment(report);
  const std::string over = end_of_life_text(report);
  if (how == Assessment::full && over.empty())
    return xml.empty("testcase",
                     {{"classname", "peekr"}, {"name", "the image could be judged"}, {"time", "0"}});
  xml.element(
      "testcase", {{"classname", "peekr"}, {"name", "the image could be judged"}, {"time", "0"}}, [&] {
        std::string text = over.empty() ? "" : over + "\n";
        for (const Note& note : gaps(report)) text += words(note) + "\n";
        if (how == Assessment::none)
          return xml.text("error", text,
                          {{"message", answer_without_findings(report)}, {"type", "not assessed"}});
        if (how == Assessment::partial)
          xml.empty("skipped", {{"message", "not all of it: " + counted(gaps(report).size(), "gap")}});
        xml.text("system-out", text);
      });
}

void write_suite(XmlWriter& xml, const Report& report) {
  const std::vector<Package>& packages = report.inventory.packages;
  write_assessment(xml, report);
  for (const Finding& one : report.findings.list) {
    const Package& package = packages[one.package];
    xml.element("testcase",
                {{"classname", class_of(package)}, {"name", title_of(one, package)}, {"time", "0"}}, [&] {
                  const std::string message = std::string(grade_of(one)) + std::string(exploited_text(one)) +
                                              ": " + advice_on(one, report.inventory);
                  xml.text("failure", details_of(one, report.inventory),
                           {{"message", message}, {"type", grade_of(one)}});
                });
  }
  for (const Suppressed& one : report.findings.suppressed) {
    const Package& package = packages[one.finding.package];
    xml.element("testcase",
                {{"classname", class_of(package)}, {"name", title_of(one.finding, package)}, {"time", "0"}},
                [&] { xml.empty("skipped", {{"message", one.reason}}); });
  }
}

void scan(const Report& report, const Style& /*style*/, std::string& out) {
  const Assessment how = assessment(report);
  const std::size_t out_of = report.findings.suppressed.size();
  const std::string failures = std::to_string(report.findings.list.size()),
                    tests = std::to_string(report.findings.list.size() + out_of + 1),
                    skipped = std::to_string(out_of + (how == Assessment::partial ? 1 : 0)),
                    errors = how == Assessment::none ? "1" : "0";
  XmlWriter xml(out);
  xml.element(
      "testsuites", {{"name", "peekr"}, {"tests", tests}, {"failures", failures}, {"errors", errors}}, [&] {
        xml.element("testsuite",
                    {{"name", report.image.name.empty() ? std::string_view("image") : report.image.name},
                     {"tests", tests},
                     {"failures", failures},
                     {"errors", errors},
                     {"skipped", skipped},
                     {"time", "0"},
                     {"timestamp", std::string_view(report.created).substr(0, 19)}},
                    [&] { write_suite(xml, report); });
      });
}

}  // namespace

namespace reporters {
extern const Reporter junit;
constexpr Reporter junit = {
    .name = "junit", .about = "JUnit XML: a failed test for each finding", .scan = scan};
}  // namespace reporters

}  // namespace peekr
