// SPDX-License-Identifier: Apache-2.0
// The reports are those of test_reports.h, by the name of their case; what each reporter makes of them is in
// tests/fixtures/report/<reporter>/<case>/want (scan, then inventory).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "../../tests/fixture.h"
#include "base/text.h"
#include "model/upgrade.h"
#include "report/explain.h"
#include "report/finding_groups.h"
#include "report/plan.h"
#include "report/reporter.h"
#include "report/saved.h"
#include "report/story.h"
#include "report/test_reports.h"

namespace peekr {
namespace {

using namespace testing_reports;

std::string scanned(const Report& report, const Style& style) {
  std::string out;
  find_reporter("table")->scan(report, style, out);
  return out;
}

std::vector<std::size_t> line_widths(const std::string& text) {
  std::vector<std::size_t> widths;
  for (const std::string_view line : split(text, '\n')) {
    widths.push_back(static_cast<std::size_t>(std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; })));
  }
  return widths;
}

// The patch of in/Dockerfile.
void run_dockerfile(const fixture::Case& one) {
  Remediation plan;
  plan.actions.push_back({.type = "oci", .where = "debian:12", .command = "FROM debian:12.12"});
  plan.actions.push_back({.type = "deb", .command = "apt-get upgrade -y"});
  plan.actions.push_back({.type = "npm", .where = "/app", .command = "npm install lodash@4.17.21"});
  plan.actions.push_back({.type = "golang", .where = "/usr/bin/a", .command = "go get b@v1"});
  const std::string text = fixture::slurp(fixture::input(one) / "Dockerfile");
  const Result<DockerfilePatch> patch = dockerfile_patch({}, plan, {.name = "Dockerfile", .text = text});
  std::string out = patch ? patch->diff : patch.error().message + "\n";
  for (const std::string& line : patch ? patch->outside : std::vector<std::string>())
    out += "outside: " + line + "\n";
  fixture::expect(one, out);
}

// What is read back of each document in in/, or why it is not.
void run_saved(const fixture::Case& one) {
  std::vector<fixture::fs::path> files;
  for (const auto& file : fixture::fs::directory_iterator(fixture::input(one))) files.push_back(file.path());
  std::ranges::sort(files);
  std::string out;
  for (const fixture::fs::path& file : files) {
    const Result<Saved> saved = read_saved(fixture::slurp(file));
    out += file.filename().string() + ": ";
    out += saved ? fmt::format("{} packages, {} findings, {} suppressed\n",
                               saved->report.inventory.packages.size(), saved->report.findings.list.size(),
                               saved->report.findings.suppressed.size())
                 : saved.error().message + "\n";
  }
  fixture::expect(one, out);
}

// Of a page without what stands in html.css and html.js.
void cut_out(std::string& page, std::string_view from, std::string_view to) {
  for (std::size_t at = page.find(from); at != std::string::npos; at = page.find(from, at + from.size()))
    page.erase(at + from.size(), page.find(to, at + from.size()) - at - from.size());
}

void run(const fixture::Case& one) {
  if (one.row == "dockerfile") return run_dockerfile(one);
  if (one.row == "saved") return run_saved(one);
  const Reporter* reporter = find_reporter(one.row);
  ASSERT_NE(reporter, nullptr) << one.row;
  Report report = sample(one.name);
  if (reporter->shows_plan && !report.findings.list.empty()) report.plan = sample_plan();
  std::string out;
  const std::string text = one.row == "template" ? fixture::slurp(one.folder / "in/template") : "";
  reporter->scan(report, Style{.template_text = text, .version = version_of(one.row)}, out);
  if (one.row == "html") {
    cut_out(out, "<style>", "</style>");
    cut_out(out, "<script>", "</script>");
    cut_out(out, "sha256-", "&");
  }
  if (reporter->inventory != nullptr) {
    out += "---- inventory\n";
    reporter->inventory(report, Style{.files = true, .template_text = text, .version = version_of(one.row)},
                        out);
  }
  fixture::expect(one, out);
}
const bool kRegistered = fixture::register_all("report", run);

TEST(Report, each_reporter_has_the_cases_typical_and_corrupt) {
  ASSERT_TRUE(kRegistered);
  for (const Reporter* row : all_reporters()) {
    for (const char* name : {"typical", "corrupt"}) {
      EXPECT_TRUE(fixture::fs::exists(fixture::root() / "report" / row->name / name / "want"))
          << row->name << "/" << name;
    }
  }
}

TEST(Report, reporters_are_found_by_name) {
  EXPECT_EQ(find_reporter("json")->name, "json");
  EXPECT_EQ(find_reporter("yaml"), nullptr);
  EXPECT_EQ(find_reporter(""), nullptr);
  EXPECT_EQ(find_reporter("cyclonedx"), find_reporter("cyclonedx-json@1.5"));
  EXPECT_EQ(version_of("cyclonedx-json@1.5"), "1.5");
  for (const char* none : {"cyclonedx-json@1.3", "cyclonedx-json@", "json@1", "@"})
    EXPECT_EQ(find_reporter(none), nullptr) << none;
  EXPECT_TRUE(std::ranges::is_sorted(all_reporters(), {}, &Reporter::name));
}

TEST(Table, says_not_assessed_and_never_no_vulnerabilities_where_there_was_no_data) {
  Report no_advisories = base();
  no_advisories.db.advisories = 0;
  for (const Report& report : {no_data(), empty(), no_advisories}) {
    const std::string out = scanned(report, {});
    EXPECT_EQ(assessment(report), Assessment::none);
    EXPECT_NE(out.find("Verdict: not assessed: "), std::string::npos) << out;
    EXPECT_EQ(out.find("no known"), std::string::npos) << out;
    EXPECT_EQ(out.find("0 known"), std::string::npos) << out;
  }
}

std::string order(const Report& report, Sort sort) {
  std::string out;
  for (const FindingGroup& group : grouped(report, sort)) {
    out += group.source + ":";
    for (const FindingRow& row : group.rows) out += " " + row.finding->id.substr(9);
    out += "\n";
  }
  return out;
}

TEST(Groups, are_in_the_order_that_was_asked_for_and_stay_together) {
  const Report report = exploited();
  EXPECT_EQ(order(report, Sort::severity), "openssl: 0001 5363 0002\nzlib: 45853 0003 0004 0005\n");
  EXPECT_EQ(order(report, Sort::risk), "openssl: 5363 0001 0002\nzlib: 45853 0003 0004 0005\n");
  EXPECT_EQ(order(report, Sort::epss), "openssl: 5363 0001 0002\nzlib: 0003 45853 0004 0005\n");
  EXPECT_EQ(order(report, Sort::kev), "openssl: 5363 0001 0002\nzlib: 0003 45853 0004 0005\n");
  EXPECT_EQ(order(report, Sort::fix), "openssl: 0001 5363 0002\nzlib: 45853 0003 0004 0005\n");
  EXPECT_EQ(order(report, Sort::package), "openssl: 0001 5363 0002\nzlib: 45853 0003 0004 0005\n");
  EXPECT_EQ(sort_named("epss"), Sort::epss);
  EXPECT_EQ(sort_named("cvss"), std::nullopt);
}

TEST(Json, has_the_order_of_the_table_where_one_was_asked_for) {
  std::string by_package, by_risk;
  find_reporter("json")->scan(exploited(), {}, by_package);
  find_reporter("json")->scan(exploited(), {.sort = Sort::risk}, by_risk);
  EXPECT_EQ(by_package.size(), by_risk.size());
  EXPECT_LT(by_risk.find("CVE-2023-5363"), by_risk.find("CVE-2023-0001"));
}

TEST(Table, marks_what_is_exploited_within_any_width) {
  for (const unsigned width : {40u, 60u, 80u, 120u, 200u}) {
    const std::string out = scanned(exploited(), {.width = width});
    EXPECT_NE(out.find("KEV!"), std::string::npos) << width;
    EXPECT_NE(out.find("2 known to be exploited (KEV), 1 by"), std::string::npos) << width << out;
    EXPECT_TRUE(width == 80 || out.find("99%") != std::string::npos) << width;
  }
}

TEST(Table, a_gap_keeps_a_clean_answer_from_being_whole) {
  Report report = base();
  EXPECT_EQ(assessment(report), Assessment::full);
  report.inventory.notes = {{Path("a"), Why::damaged, "cut short"}};
  EXPECT_EQ(assessment(report), Assessment::partial);
  EXPECT_NE(scanned(report, {}).find("which is not all of it"), std::string::npos);
}

TEST(Table, of_packages_says_whose_file_somebody_has_altered) {
  Report report = base();
  report.inventory.packages.push_back({.type = "generic", .name = "bash", .version = "5", .altered = 0});
  std::string out;
  find_reporter("table")->inventory(report, {}, out);
  EXPECT_NE(out.find("altered file of apt"), std::string::npos) << out;
}

TEST(Table, no_escape_sequence_of_the_image_reaches_a_terminal) {
  EXPECT_EQ(scanned(corrupt(), {}).find('\x1b'), std::string::npos);
  EXPECT_EQ(scanned(corrupt(), {}).find("\xC2\x9B"), std::string::npos);
}

TEST(Table, colour_changes_nothing_but_the_colour) {
  std::string coloured = scanned(typical(), {.colour = true});
  EXPECT_NE(coloured.find("\x1b[1;31mcritical"), std::string::npos);
  std::string plain;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b') {
      i = coloured.find('m', i);
    } else {
      plain += coloured[i];
    }
  }
  EXPECT_EQ(plain, scanned(typical(), {}));
}

TEST(Table, fits_the_width_down_to_sixty_columns_and_cuts_no_id_and_no_version) {
  Report report = typical();
  report.image.id = {};  // 71 columns that cannot be broken
  for (const unsigned width : {200U, 100U, 90U, 80U, 70U, 60U}) {
    const std::string out = scanned(report, {.width = width});
    for (const std::size_t columns : line_widths(out)) EXPECT_LE(columns, width) << out;
    for (const char* whole : {"CVE-2023-5363", "CVE-2023-0005", "3.0.11-1~deb12u2", "3.0.10-1"}) {
      EXPECT_NE(out.find(whole), std::string::npos) << whole << " at " << width;
    }
  }
}

TEST(Groups, one_source_package_is_one_group_and_one_vulnerability_of_it_one_row) {
  const Report report = typical();
  const std::vector<FindingGroup> groups = grouped(report);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].source, "openssl");
  EXPECT_EQ(groups[0].packages, (std::vector<std::size_t>{1, 2}));
  ASSERT_EQ(groups[0].rows.size(), 3U);
  EXPECT_EQ(groups[0].rows[0].finding->id, "CVE-2023-0001");
  EXPECT_EQ(groups[0].rows[2].packages, (std::vector<std::size_t>{2}));
  EXPECT_EQ(groups[1].source, "zlib");
}

TEST(Groups, what_has_another_fix_is_another_row) {
  Report report = base();
  report.findings.list = {fixed(finding(1, "CVE-1", Severity::low), "1", "2"),
                          fixed(finding(2, "CVE-1", Severity::low), "1", "3")};
  EXPECT_EQ(grouped(report)[0].rows.size(), 2U);
}

TEST(Groups, the_worst_come_first_and_equals_by_name) {
  Report report = base();
  report.findings.list = {finding(0, "CVE-1", Severity::low), finding(3, "CVE-2", Severity::high),
                          finding(1, "CVE-3", Severity::low)};
  const std::vector<FindingGroup> groups = grouped(report);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].source, "zlib");
  EXPECT_EQ(groups[1].source, "apt");
  EXPECT_EQ(groups[2].source, "openssl");
}

std::string command_of(const std::string& type, const std::vector<std::string>& names) {
  std::vector<Package> packages;
  for (const std::string& name : names) packages.push_back({.type = type, .name = name, .version = "1"});
  return upgrade_command(type, packages);
}

TEST(Upgrade, is_in_the_words_of_the_package_manager_that_is_there) {
  EXPECT_EQ(command_of("deb", {"libc6", "apt"}), "apt-get update && apt-get install -y --only-upgrade");
  EXPECT_EQ(command_of("apk", {"musl", "apk-tools"}), "apk upgrade --no-cache");
  EXPECT_EQ(command_of("rpm", {"glibc", "yum", "dnf"}), "dnf upgrade -y");
  EXPECT_EQ(command_of("rpm", {"glibc", "microdnf"}), "microdnf upgrade -y");
  EXPECT_EQ(command_of("rpm", {"glibc", "zypper"}), "zypper --non-interactive update");
  EXPECT_EQ(command_of("deb", {"libc6", "apk-tools"}), "");
}

TEST(Explanation, says_what_each_record_says_of_which_package_and_where) {
  Report report = base();
  report.inventory.packages = {{.type = "npm", .name = "lodash", .version = "4.17.21"}};
  report.explained = "CVE-2019-10744";
  report.records = 1;
  report.accounts = {{.word = Account::Word::fixed,
                      .package = 0,
                      .advisory = "GHSA-jf85-cpcp-j695",
                      .publisher = "GitHub",
                      .ecosystem = "npm",
                      .says = "affected: >= 0, < 4.17.12, not 4.17.21",
                      .fixed_in = "4.17.12"}};
  std::string out;
  write_explanation(report, Style{.width = 200}, out);
  EXPECT_NE(out.find("GHSA-jf85-cpcp-j695 of GitHub on npm: affected: >= 0, < 4.17.12, not 4.17.21\n"),
            std::string::npos)
      << out;
  EXPECT_EQ(story_of(report).why,
            "lodash: 4.17.21 has the fix, which is in 4.17.12 (GHSA-jf85-cpcp-j695 of GitHub)");
}

TEST(Explanation, the_gravest_word_on_any_package_is_that_on_the_image) {
  using Verdict = Story::Verdict;
  using Word = Account::Word;
  Report report = typical();
  report.explained = "DSA-5532-1";  // a name of the finding of package 1
  report.records = 2;
  const auto verdict = [&](std::vector<std::pair<std::size_t, Word>> words) {
    report.accounts.clear();
    for (const auto& [package, word] : words) report.accounts.push_back({.word = word, .package = package});
    return story_of(report).verdict;
  };
  EXPECT_EQ(verdict({{0, Word::fixed}}), Verdict::affected);
  EXPECT_EQ(story_of(report).parts.size(), 2U);
  report.findings.suppressed = {{Suppressed::Rule::vex, std::move(report.findings.list[0]), "says us"}};
  report.findings.list.clear();
  EXPECT_EQ(verdict({{0, Word::fixed}}), Verdict::suppressed);
  EXPECT_EQ(story_of(report).why, "libssl3: vex: says us");
  EXPECT_EQ(verdict({{0, Word::undetermined}}), Verdict::undetermined);
  report.findings.suppressed.clear();
  EXPECT_EQ(verdict({{0, Word::fixed}, {3, Word::elsewhere}}), Verdict::no_data);
  EXPECT_EQ(verdict({{0, Word::fixed}, {0, Word::elsewhere}}), Verdict::fixed);
  EXPECT_EQ(verdict({{0, Word::fixed}, {1, Word::not_affected}}), Verdict::fixed);
  EXPECT_EQ(verdict({{0, Word::not_affected}, {1, Word::of_another}}), Verdict::not_affected);
  EXPECT_EQ(verdict({}), Verdict::not_in_image);
  report.records = 0;
  EXPECT_EQ(verdict({}), Verdict::unknown);
  report.records = 1;
  report.findings.notes = {{Path(), Why::unordered, "zlib 1: no order"}};  // of what is known to be there
  EXPECT_EQ(verdict({}), Verdict::not_in_image);
  report.inventory.notes = {{Path("a.jar"), Why::damaged, "no archive"}};
  EXPECT_EQ(verdict({}), Verdict::undetermined);
  EXPECT_EQ(
      story_of(report).why,
      "no record names a package of this image, of which not all could be looked at: damaged: a.jar: no "
      "archive");
  report.findings.notes = {{Path(), Why::no_data, "odd 1: no source of advisories for it is known"}};
  report.inventory.notes = {{Path(), Why::no_data, "documents of which 1 could not be read whole"}};
  EXPECT_EQ(verdict({}), Verdict::no_data);
  EXPECT_EQ(story_of(report).why,
            "no record names a package of this image, of which not all can be judged: odd 1: no source of "
            "advisories for it is known");
}

TEST(Table, has_the_first_actions_of_the_plan_and_the_commands_of_the_whole_image) {
  Report report = base();
  report.findings.list = {fixed(finding(0, "CVE-1", Severity::low), "1", "2")};
  const auto text = [&] { return scanned(report, Style{.width = 200}); };
  EXPECT_EQ(text().find("removes"), std::string::npos) << "a report that was saved without one";
  EXPECT_EQ(text().find("What to do"), std::string::npos) << "nothing stands below it";
  report.plan = sample_plan();
  report.plan->actions.push_back(
      {.type = "npm", .where = "/app", .command = "npm install a@1", .removes = {0, 1}});
  EXPECT_NE(
      text().find(
          "1. upgrade 1 source package of the system (deb): removes 2 vulnerabilities (1 critical, 1 high)\n"
          "     apt-get update && apt-get install -y --only-upgrade openssl\n"
          "2. npm: /app: removes 1 vulnerability (1 negligible)\n"
          "   peekr plan "),
      std::string::npos)
      << text();
  report.plan->actions.resize(12, report.plan->actions.back());
  EXPECT_NE(text().find("   and 4 more\n"), std::string::npos) << text();
}

TEST(Table, verbose_has_more_of_every_part) {
  Report report = base();
  Finding malware = finding(0, "MAL-2024-1", Severity::critical);
  malware.kind = Advisory::Kind::malware;
  report.findings.list = {finding(0, "CVE-1", Severity::low), malware};
  report.findings.suppressed = {
      {Suppressed::Rule::remnant, finding(0, "CVE-2", Severity::low), "it was purged"}};
  for (int i = 0; i < 30; ++i) {
    const std::string number = std::to_string(i);
    report.inventory.notes.push_back({Path("note" + number), Why::damaged, "x"});
    report.inventory.completeness.unidentified.push_back({.path = Path("file" + number)});
  }
  const std::string terse = scanned(report, Style{}), full = scanned(report, Style{.verbose = true});
  for (const char* words :
       {"/note29: x", "/file29 (", "CVE-2 in ", "it was purged",
        "page: https://nvd.nist.gov/vuln/detail/CVE-1", "page: https://osv.dev/vulnerability/MAL-2024-1"}) {
    EXPECT_EQ(terse.find(words), std::string::npos) << words;
    EXPECT_NE(full.find(words), std::string::npos) << words << full;
  }
}

TEST(Table, findings_that_the_distribution_overruled_are_counted) {
  Report report = base();
  report.findings.suppressed = {
      {Suppressed::Rule::distribution, finding(0, "CVE-1", Severity::low), "installed by deb package a 1"}};
  std::string out;
  find_reporter("table")->scan(report, Style{.width = 200}, out);
  EXPECT_NE(
      out.find("1 finding is not listed: in language packages that a system package installed, which the "
               "distribution has judged (--show-suppressed gives each with its reason)"),
      std::string::npos)
      << out;
}

TEST(Table, malware_stands_apart_from_vulnerabilities) {
  Report report = base();
  Finding one = finding(0, "MAL-2024-1", Severity::unknown);
  one.kind = Advisory::Kind::malware;
  report.findings.list = {one};
  std::string out;
  find_reporter("table")->scan(report, Style{.width = 200}, out);
  EXPECT_NE(out.find("MALWARE: packages that are an attack"), std::string::npos) << out;
  EXPECT_NE(out.find("Verdict: 1 malicious package"), std::string::npos) << out;
  EXPECT_EQ(out.find("known vulnerability"), std::string::npos) << out;
}

TEST(Table, what_is_less_than_sure_or_for_subscribers_is_said) {
  Report report = base();
  report.findings.list = {finding(0, "CVE-1", Severity::low), finding(0, "CVE-2", Severity::low)};
  report.findings.list[0].confidence = Confidence::potential;
  report.findings.list[0].confidence_by = "records disagree";
  report.findings.list[1].extended_fixes = {{"USN-1-1", "Ubuntu:Pro:18.04:LTS", "2+esm1", "Ubuntu Pro"}};
  std::string out;
  find_reporter("table")->scan(report, Style{.width = 200}, out);
  EXPECT_NE(out.find("      potential: records disagree\n"), std::string::npos) << out;
  EXPECT_NE(out.find("      fixed in 2+esm1 for those who have Ubuntu Pro\n"), std::string::npos) << out;
}

TEST(Table, informational_records_are_counted_apart) {
  Report report = base();
  Finding one = finding(0, "RUSTSEC-1", Severity::unknown);
  one.kind = Advisory::Kind::informational;
  report.findings.suppressed = {
      {Suppressed::Rule::informational, one, "informational, no hole in a version: RUSTSEC-1"}};
  std::string out;
  find_reporter("table")->scan(report, Style{.width = 200}, out);
  EXPECT_NE(out.find("1 informational record is not listed"), std::string::npos) << out;
  EXPECT_EQ(out.find("language packages"), std::string::npos) << out;
}

}  // namespace
}  // namespace peekr
