// SPDX-License-Identifier: Apache-2.0
// What each format promises whatever the image is called and however much was found. What they write: tests/fixtures/report, and
// tests/formats_test.py for the rules of each.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "report/reporter.h"
#include "report/vex.h"
#include "report/xml.h"

namespace peekr {
namespace {

Report with_findings(std::size_t count) {
  Report report{.version = "0.1.0", .created = "2023-10-10T00:00:00Z"};
  report.db.advisories = 1;
  report.findings.judged = 1;
  report.image = {.name = "app.tar", .kind = "docker-archive"};
  report.inventory.packages = {
      {.type = "npm", .name = "lodash", .version = "4.17.4", .purl = "pkg:npm/lodash@4.17.4"}};
  for (std::size_t i = 0; i < count; ++i)
    report.findings.list.push_back({.id = fmt::format("CVE-2023-{:05}", i),
                                    .severity = Severity::high,
                                    .proofs = {{.advisory = "GHSA-1", .publisher = "GitHub"}}});
  return report;
}

std::string written(const char* format, const Report& report) {
  std::string out;
  find_reporter(format)->scan(report, {}, out);
  return out;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(Markdown, fits_a_comment_and_says_what_it_leaves_out) {
  Report report = with_findings(3000);
  EXPECT_LT(written("markdown", report).size(), 65'536U);
  EXPECT_TRUE(has(written("markdown", report), " lines are left out"));
  report.inventory.notes.assign(3000, {Path("a"), Why::damaged, std::string(1000, 'x')});
  report.verdict.reasons.assign(300, std::string(1000, '|'));
  report.image.name = std::string(100'000, '*');
  EXPECT_LT(written("markdown", report).size(), 65'536U);
  EXPECT_FALSE(has(written("markdown", with_findings(10)), "left out"));
}

TEST(Markdown, nothing_of_the_image_is_a_mention_a_link_or_a_cell) {
  Report report = with_findings(1);
  report.inventory.packages[0].name = "@team|[a](http://b)<img>`c`";
  const std::string text = written("markdown", report);
  for (const char* part : {"@team", "[a](", "http://b", "<img>", "`"}) EXPECT_FALSE(has(text, part)) << text;
}

TEST(Github, ten_of_a_level_are_kept_and_the_tenth_says_how_many_more_there_are) {
  EXPECT_EQ(split(written("github", with_findings(10)), '\n').size(), 11U);
  const std::string more = written("github", with_findings(12));
  EXPECT_EQ(split(more, '\n').size(), 11U);
  EXPECT_TRUE(has(more, "::error title=peekr::3 more of this level")) << more;
}

TEST(Github, what_was_not_looked_at_stands_first_and_has_its_place_among_the_ten) {
  Report report = with_findings(12);
  for (Finding& one : report.findings.list) one.severity = Severity::medium;
  report.inventory.notes = {{Path("a"), Why::damaged, "cut short"}, {Path(), Why::end_of_life, "since 2020"}};
  const std::string text = written("github", report);
  EXPECT_TRUE(text.starts_with("::warning title=peekr%3A 1 gap::damaged: a: cut short\n")) << text;
  EXPECT_TRUE(has(text, "4 more of this level"));
  EXPECT_EQ(split(text, '\n').size(), 11U);
}

TEST(Formats, a_licence_that_is_an_expression_is_one_in_cyclonedx) {
  Report report = with_findings(1);
  std::vector<std::string>& licenses = report.inventory.packages[0].licenses;
  licenses = {"(MIT OR Apache-2.0)"};
  EXPECT_TRUE(has(written("cyclonedx-json", report), "\"expression\": \"(MIT OR Apache-2.0)\""));
  EXPECT_TRUE(has(written("cyclonedx-xml", report), "<expression>(MIT OR Apache-2.0)</expression>"));
  licenses = {"MIT"};
  EXPECT_TRUE(has(written("cyclonedx-json", report), "\"id\": \"MIT\""));
  EXPECT_TRUE(has(written("cyclonedx-xml", report), "<license>\n"));
  EXPECT_FALSE(has(written("cyclonedx-json", report), "expression"));
  for (const std::vector<std::string>& other :
       {std::vector<std::string>{"MIT OR Odd"}, {"MIT", "ISC OR MIT"}}) {
    licenses = other;
    EXPECT_TRUE(has(written("cyclonedx-json", report), "\"name\": \"" + other.back() + "\""));
  }
}

TEST(Formats, malware_is_the_worst_that_there_is) {
  Report report = with_findings(1);
  report.findings.list[0].kind = Advisory::Kind::malware;
  report.findings.list[0].severity = Severity::unknown;
  EXPECT_TRUE(has(written("sarif", report), "\"level\": \"error\""));
  EXPECT_TRUE(has(written("sarif", report), "; remove lodash: it is malware"));
  EXPECT_TRUE(has(written("cyclonedx-json", report), "\"severity\": \"critical\""));
  EXPECT_TRUE(has(written("spdx-json", report), ", malware: remove"));
}

TEST(Formats, an_end_of_life_is_said_wherever_there_is_a_place_for_it) {
  Report report = with_findings(1);
  report.inventory.distro = Distro{.id = "debian", .version_id = "8"};
  report.verdict.end_of_life = EndOfLife{.date = "2018-06-17", .past = true};
  for (const char* format : {"github", "gitlab", "html", "junit", "markdown", "sarif", "table"}) {
    report.verdict.end_of_life->past = true;
    EXPECT_TRUE(has(written(format, report), "debian 8 is past its end of life")) << format;
    report.verdict.end_of_life->past = false;
    EXPECT_FALSE(has(written(format, report), "end of life")) << format;
  }
  report.verdict.end_of_life->past = true;
  EXPECT_FALSE(has(written("junit", report), "<skipped"));
}

TEST(Formats, what_is_known_to_be_exploited_is_said_in_ci) {
  Report report = with_findings(1);
  const std::vector<Risk> risks = {
      {.source = "CISA KEV", .kev = Kev{.added = "2023-10-01", .ransomware = true}},
      {.source = "EPSS", .epss = Epss{.score = 0.5, .percentile = 0.99}}};
  for (const char* format : {"github", "gitlab", "junit", "sarif"}) {
    report.findings.list[0].risks = {};
    EXPECT_FALSE(has(written(format, report), "exploited")) << format;
    report.findings.list[0].risks = risks;
    EXPECT_TRUE(has(written(format, report), "known to be exploited by ransomware")) << format;
  }
  EXPECT_TRUE(has(written("sarif", report), "\"epss\": 0.5"));
  EXPECT_TRUE(has(written("sarif", report), "\"kev\": true"));
}

TEST(Formats, layers_count_from_one_where_people_read) {
  Report report = with_findings(1);
  report.image.layers.resize(3);
  report.inventory.packages[0].layer = 1;
  EXPECT_TRUE(has(written("sarif", report), "layer 2 of 3"));
  EXPECT_TRUE(has(written("csv", report), ",2,"));
}

TEST(Formats, of_sarif_a_fix_for_subscribers_is_said) {
  Report report = with_findings(1);
  report.findings.list[0].extended_fixes = {{"USN-1-1", "Ubuntu:Pro:18.04:LTS", "2+esm1", "Ubuntu Pro"}};
  EXPECT_TRUE(has(written("sarif", report), "no fix for all: 2+esm1 has it for those who have Ubuntu Pro"));
}

// GitHub makes a word of its own of the number: it must be ours.
TEST(Formats, of_sarif_the_number_says_what_the_severity_says) {
  const auto number = [](Severity severity, std::optional<double> cvss) {
    Report report = with_findings(1);
    report.findings.list[0].severity = severity;
    report.findings.list[0].cvss = cvss;
    const std::string text = written("sarif", report);
    const std::string_view key = "\"security-severity\": \"";
    const std::size_t at = text.find(key);
    return at == std::string::npos
               ? ""
               : text.substr(at + key.size(), text.find('"', at + key.size()) - at - key.size());
  };
  EXPECT_EQ(number(Severity::medium, 7.5), "6.9");
  EXPECT_EQ(number(Severity::high, 5.3), "7.0");
  EXPECT_EQ(number(Severity::critical, 10.0), "10.0");
  EXPECT_EQ(number(Severity::high, 8.1), "8.1");
  EXPECT_EQ(number(Severity::negligible, 9.8), "3.9");
  EXPECT_EQ(number(Severity::low, 0.0), "0.1");
  EXPECT_EQ(number(Severity::medium, std::nullopt), "5.5");
  EXPECT_EQ(number(Severity::unknown, std::nullopt), "");
}

TEST(Formats, of_spdx_3_what_is_no_licence_expression_is_a_comment) {
  Report report = with_findings(0);
  report.inventory.packages[0].licenses = {"a licence of our own"};
  std::string text;
  find_reporter("spdx-json")->scan(report, {.version = "3.0"}, text);
  EXPECT_TRUE(has(text, "the package says: a licence of our own"));
  EXPECT_FALSE(has(text, "NOASSERTION"));
  EXPECT_FALSE(has(text, "LicenseExpression"));
}

TEST(Formats, of_github_each_tag_and_platform_of_an_image_has_a_snapshot) {
  Report report = with_findings(0);
  report.image = {.name = "team/app:1", .kind = "registry", .platform = "linux/arm64"};
  std::string out;
  find_reporter("github-snapshot")->scan(report, {.run = {.id = "7", .workflow = "ci", .job = "scan"}}, out);
  EXPECT_TRUE(has(out, "\"correlator\": \"ci_scan_team/app:1_linux/arm64\"")) << out;
}

// GitHub takes no manifest beyond 150.
TEST(Formats, of_github_packages_that_have_a_file_each_are_in_one_manifest) {
  Report report = with_findings(0);
  const auto add = [&](const std::string& type, const std::string& name, const std::string& path) {
    report.inventory.packages.push_back(
        {.type = type, .name = name, .path = Path(path), .purl = "pkg:" + type + "/" + name});
  };
  report.inventory.packages.clear();
  add("npm", "a", "srv/node_modules/a/package.json");
  add("npm", "b", "srv/node_modules/a/node_modules/b/package.json");
  add("pypi", "c", "usr/lib/python3/dist-packages/c-1.dist-info/METADATA");
  add("gem", "d", "usr/lib/ruby/specifications/d-1.gemspec");
  add("maven", "e", "app/lib/e.jar");
  add("maven", "f", "app/lib/f.jar");
  add("deb", "g", "var/lib/dpkg/status.d/g");
  add("deb", "h", "var/lib/dpkg/status");
  const std::string text = written("github-snapshot", report);
  std::vector<std::string> names;
  for (const std::string_view line : split(text, '\n')) {
    if (const auto at = line.find("\"name\": "); at != std::string_view::npos)
      names.emplace_back(line.substr(at + 8));
  }
  const std::vector<std::string> wanted = {"\"peekr\",",
                                           "\"app/lib\",",
                                           "\"srv/node_modules\",",
                                           "\"usr/lib/python3/dist-packages\",",
                                           "\"usr/lib/ruby/specifications\",",
                                           "\"var/lib/dpkg/status\",",
                                           "\"var/lib/dpkg/status.d\","};
  EXPECT_EQ(names, wanted) << text;
  EXPECT_TRUE(has(text, "\"file\": \"srv/node_modules/a/node_modules/b/package.json\"")) << text;
}

TEST(Formats, what_rules_of_the_user_have_taken_out_is_not_said_to_be_absent) {
  Report report = with_findings(1);
  report.findings.suppressed.push_back({Suppressed::Rule::filter, report.findings.list[0], "--severity"});
  report.findings.list.clear();
  for (const char* format : {"github", "markdown"})
    EXPECT_TRUE(has(written(format, report), "nothing is left of 1 finding"));
}

TEST(Formats, two_packages_of_one_name_have_two_ids) {
  Report report = with_findings(1);
  report.inventory.packages.assign(2, report.inventory.packages[0]);
  const std::string text = written("syft-json", report);
  const std::size_t first = text.find("\"id\": "), second = text.find("\"id\": ", first + 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_NE(text.substr(first, 26), text.substr(second, 26));
}

TEST(Github, no_text_of_the_image_is_a_command) {
  Report report = with_findings(1);
  report.inventory.packages[0].name = "a\n::add-mask::b,c%0A";
  EXPECT_EQ(split(written("github", report), '\n').size(), 2U);
  EXPECT_TRUE(has(written("github", report), "a ::add-mask::b,c%250A"));
}

TEST(Csv, nothing_is_a_formula) {
  Report report = with_findings(1);
  for (const std::string name : {"=1+1", "@SUM(1)", "+1", "-1", "\xEF\xBC\x9D"}) {
    for (const char* before : {"", " ", "\t", "\r\n"}) {
      report.inventory.packages[0].name = before + name;
      EXPECT_TRUE(has(written("csv", report), ",'" + name + ",")) << written("csv", report);
    }
  }
}

TEST(Csv, a_quote_is_doubled_and_a_line_has_one_end) {
  Report report = with_findings(1);
  report.findings.list[0].summary = "a \"b\",\r\nc";
  EXPECT_TRUE(has(written("csv", report), ",\"a \"\"b\"\", c\","));
  EXPECT_EQ(split(written("csv", report), '\n').size(), 3U);
}

TEST(Vex, of_a_package_in_two_places_the_graver_status_counts) {
  Report report = with_findings(1);
  report.inventory.packages.push_back(report.inventory.packages[0]);
  report.findings.list[0].standing = Standing::under_investigation;
  Finding other = report.findings.list[0];
  other.package = 1;
  report.findings.suppressed = {{Suppressed::Rule::distribution, other, "its distribution says so"}};
  const std::vector<VexAnswer> all = vex_answers(report);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].status, VexAnswer::Status::under_investigation);
}

TEST(Vex, where_there_is_nothing_to_state_one_statement_says_that) {
  const Report report = with_findings(0);
  const std::vector<VexAnswer> all = vex_answers(report);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].status, VexAnswer::Status::under_investigation);
  EXPECT_TRUE(has(all[0].notes, "no known vulnerabilities were found in app.tar"));
  EXPECT_TRUE(all[0].products.empty());
}

TEST(Xml, has_no_text_that_is_markup_and_no_character_that_is_none) {
  std::string out;
  XmlWriter(out).text("a", "<b c=\"d\">&\x01\xEF\xBF\xBF", {{"e", "\"\n"}});
  EXPECT_EQ(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<a e=\"&quot;&#10;\">&lt;b c=&quot;d&quot;&gt;&amp;\xEF\xBF\xBD\xEF\xBF\xBD</a>\n");
}

TEST(Formats, a_container_is_held_against_its_image) {
  Report report = with_findings(1);
  for (const char* format : {"html", "markdown", "table"})
    EXPECT_FALSE(has(written(format, report), "rift from the image")) << format;
  report.drift = Drift{};
  EXPECT_TRUE(has(written("html", report), "The container has the packages of its image."));
  EXPECT_TRUE(has(written("markdown", report), "The container has the packages of its image."));
  using How = Drift::How;
  report.drift->packages = {
      {.type = "deb", .name = "nc", .after = "1-<b>", .how = How::added},
      {.type = "deb", .name = "tar", .before = "1.34", .after = "1.35", .how = How::changed}};
  const std::string page = written("html", report), comment = written("markdown", report);
  for (const std::string* text : {&page, &comment})
    EXPECT_TRUE(has(*text, "1 package added, 0 removed, 1 changed")) << *text;
  EXPECT_TRUE(has(page, "<td>changed</td><td>1.34</td><td>1.35</td>"));
  EXPECT_TRUE(has(page, "<td>1-&lt;b&gt;</td>"));
  EXPECT_TRUE(has(comment, "tar 1.34 is now 1.35"));
  EXPECT_FALSE(has(comment, "<b>"));
  report.drift->packages.assign(5000, report.drift->packages[0]);
  EXPECT_LT(written("markdown", report).size(), 65'536U);
}

TEST(Reporters, what_a_system_package_installed_is_not_for_the_reader_to_upgrade) {
  constexpr std::string_view kWhose = "for its distribution to do";
  Report report = with_findings(1);
  report.findings.list[0].fixed_in = "4.17.21";
  Report owned = report;
  owned.inventory.packages.push_back(
      {.type = "deb", .name = "node", .version = "1", .path = Path("var/lib/dpkg/status")});
  owned.inventory.packages[0].owner = 1;
  const std::string advice = "upgrade " + report.inventory.packages[0].name + " to";
  const auto check = [&](const char* format, const Style& style) {
    std::string before, text;
    find_reporter(format)->scan(report, style, before);
    find_reporter(format)->scan(owned, style, text);
    EXPECT_FALSE(has(before, kWhose)) << format;
    EXPECT_TRUE(has(text, kWhose)) << format << ": " << text;
    EXPECT_TRUE(has(text, "deb package node")) << format;
    EXPECT_FALSE(has(text, advice)) << format;
  };
  for (const char* format : {"csaf", "cyclonedx-json", "cyclonedx-xml", "github", "gitlab", "html", "junit",
                             "markdown", "openvex", "sarif", "spdx-json", "spdx-tag-value"})
    check(format, {});
  check("spdx-json", {.version = "3.0"});
}

}  // namespace
}  // namespace peekr
