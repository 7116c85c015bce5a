// SPDX-License-Identifier: Apache-2.0
#include "match/group.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "match/severity.h"

namespace peekr {
namespace {

using Names = std::vector<std::string>;

const Scheme& deb() { return *find_scheme("deb"); }

Hit hit(const Advisory& advisory, std::string fix = "") {
  Hit one{.advisory = &advisory, .about = about(advisory, nullptr)};
  one.proof.advisory = advisory.id;
  one.proof.ecosystem = "Debian:8";
  if (!fix.empty()) one.proof.range = ">= 0, < " + fix;
  one.proof.fixed_in = std::move(fix);
  return one;
}

std::vector<Finding> standing(std::span<const Hit> hits, std::span<const Synonyms> synonyms = {}) {
  return group(hits, synonyms, deb()).standing;
}

Names ids(const std::vector<Finding>& findings) {
  Names all;
  for (const Finding& finding : findings) all.push_back(finding.id);
  std::ranges::sort(all);
  return all;
}

TEST(Names, the_cve_behind_a_copy) {
  EXPECT_EQ(cve_of("CVE-2015-7547"), "CVE-2015-7547");
  EXPECT_EQ(cve_of("DEBIAN-CVE-2015-7547"), "CVE-2015-7547");
  EXPECT_EQ(cve_of("DSA-3481-1"), "");
  EXPECT_EQ(cve_of("CVE-2015-75x7"), "");
  EXPECT_EQ(cve_of("XCVE-2015-7547"), "");
  EXPECT_TRUE(is_copy("ALPINE-CVE-2015-7547"));
  EXPECT_FALSE(is_copy("CVE-2015-7547"));
}

TEST(Names, the_first_of_a_series) {
  EXPECT_EQ(first_of_series("DSA-3481-2"), "DSA-3481-1");
  EXPECT_EQ(first_of_series("DLA-100-12"), "DLA-100-1");
  EXPECT_EQ(first_of_series("DSA-3481-1"), "");
  EXPECT_EQ(first_of_series("DSA-133"), "");
  EXPECT_EQ(first_of_series("CVE-2015-2"), "");
}

TEST(Names, what_is_shown) {
  EXPECT_EQ(shown({"GO-2023-1", "GHSA-a", "CVE-2023-2"}), "CVE-2023-2");
  EXPECT_EQ(shown({"PYSEC-2023-1", "GHSA-a", "GO-1"}), "GHSA-a");
  EXPECT_EQ(shown({"PYSEC-2023-1", "GO-1"}), "GO-1");
}

TEST(Group, an_erratum_of_four_cves_and_the_copy_of_one_are_four_findings) {
  const Advisory dsa{.id = "DSA-3481-1",
                     .upstream = {"DEBIAN-CVE-2015-7547", "CVE-2015-7547", "DEBIAN-CVE-2015-8776",
                                  "CVE-2015-8776", "CVE-2015-8778", "CVE-2015-8779"},
                     .summary = "glibc - security update"};
  const Advisory copy{.id = "DEBIAN-CVE-2015-7547", .upstream = {"CVE-2015-7547"}};
  const std::vector<Hit> hits = {hit(dsa, "2.19-18+deb8u3"), hit(copy, "2.19-18+deb8u3")};
  const std::vector<Finding> findings = standing(hits);
  EXPECT_EQ(ids(findings), (Names{"CVE-2015-7547", "CVE-2015-8776", "CVE-2015-8778", "CVE-2015-8779"}));
  const auto first = std::ranges::find(findings, "CVE-2015-7547", &Finding::id);
  EXPECT_EQ(first->names, (Names{"DEBIAN-CVE-2015-7547", "DSA-3481-1"}));
  EXPECT_EQ(first->proofs.size(), 2U);
  EXPECT_EQ(first->proofs[0].advisory, "DEBIAN-CVE-2015-7547");  // the record of it alone comes first
  EXPECT_EQ(first->summary, "glibc - security update");
  EXPECT_EQ(first->fixed_in, "2.19-18+deb8u3");
}

TEST(Group, an_ubuntu_notice_joins_by_the_copy_it_names) {
  const Advisory usn{.id = "USN-5614-1", .upstream = {"UBUNTU-CVE-2021-3782"}};
  const Advisory copy{.id = "UBUNTU-CVE-2021-3782", .upstream = {"CVE-2021-3782"}};
  const std::vector<Hit> hits = {hit(usn, "1"), hit(copy, "1")};
  const std::vector<Finding> findings = standing(hits);
  ASSERT_EQ(ids(findings), (Names{"CVE-2021-3782"}));
  EXPECT_EQ(findings[0].names, (Names{"UBUNTU-CVE-2021-3782", "USN-5614-1"}));
}

TEST(Group, related_names_cves_only_in_the_errata_that_name_them_nowhere_else) {
  const Advisory alsa{.id = "ALSA-2022:6157", .related = {"CVE-2022-32206", "CVE-2022-32208"}};
  const Advisory rhsa{
      .id = "RHSA-2024:4546", .upstream = {"CVE-2023-45288"}, .related = {"CVE-2020-10001", "GO-2024-2687"}};
  const Advisory usn{.id = "USN-4068-1", .related = {"CVE-2019-10126", "CVE-2019-1125"}};
  EXPECT_EQ(ids(standing(std::vector{hit(usn)})), (Names{"CVE-2019-10126", "CVE-2019-1125"}));
  const Advisory alba{.id = "ALBA-2019:0973", .summary = "container-tools bug fix update"};
  EXPECT_EQ(ids(standing(std::vector{hit(alsa)})), (Names{"CVE-2022-32206", "CVE-2022-32208"}));
  EXPECT_EQ(ids(standing(std::vector{hit(rhsa)})), (Names{"CVE-2023-45288"}));
  EXPECT_TRUE(standing(std::vector{hit(alba)}).empty());  // mends a bug; no vulnerability
}

TEST(Group, aliases_join_in_chains_and_across_records) {
  const Advisory ghsa{.id = "GHSA-aaaa", .aliases = {"GO-2023-1"}};
  const Advisory go{.id = "GO-2023-1", .aliases = {"BIT-go-1"}};
  const Advisory bit{.id = "BIT-go-1"};
  const Advisory other{.id = "GHSA-bbbb"};
  const std::vector<Hit> hits = {hit(ghsa), hit(go), hit(bit), hit(other)};
  const std::vector<Finding> findings = standing(hits);
  ASSERT_EQ(ids(findings), (Names{"GHSA-aaaa", "GHSA-bbbb"}));
  EXPECT_EQ(std::ranges::find(findings, "GHSA-aaaa", &Finding::id)->names, (Names{"BIT-go-1", "GO-2023-1"}));
}

TEST(Group, the_greatest_of_several_fixes_counts_and_an_open_record_hides_none) {
  const Advisory one{.id = "DSA-1-1", .upstream = {"CVE-2015-7547"}};
  const Advisory two{.id = "DSA-2-1", .upstream = {"CVE-2015-7547"}};
  const Advisory open{.id = "DEBIAN-CVE-2015-7547", .upstream = {"CVE-2015-7547"}};
  std::vector<Hit> hits = {hit(one, "1.9"), hit(two, "1.10"), hit(open)};
  hits[2].standing = Standing::wont_fix;
  EXPECT_EQ(standing(hits).at(0).fixed_in, "1.10");
  EXPECT_EQ(standing(hits).at(0).standing, Standing::affected);
  const std::vector<Hit> only_open = {hits[2]};
  EXPECT_EQ(standing(only_open).at(0).fixed_in, "");
  EXPECT_EQ(standing(only_open).at(0).standing, Standing::wont_fix);
}

TEST(Group, a_later_advisory_of_a_series_inherits_the_cves_of_the_first) {
  const Advisory first{.id = "DSA-3481-1", .upstream = {"CVE-2015-7547"}};
  const Advisory second{.id = "DSA-3481-2"};
  Hit one = hit(second, "2");
  EXPECT_EQ(ids(standing(std::vector{one})), (Names{"DSA-3481-2"}));
  one.about = about(second, &first);
  const std::vector<Finding> findings = standing(std::vector{one});
  ASSERT_EQ(ids(findings), (Names{"CVE-2015-7547"}));
  EXPECT_EQ(findings[0].names, (Names{"DSA-3481-1", "DSA-3481-2"}));
}

// Says so of the whole package, as who may.
Hit denied(const Advisory& advisory, Hit::Against against = Hit::Against::not_affected) {
  Hit one = hit(advisory);
  one.against = against;
  one.says = "not affected";
  one.overrules = true;
  return one;
}

TEST(Group, not_affected_by_the_distribution_beats_the_copy_and_nothing_else) {
  const Advisory secdb{.id = "SECDB-zlib", .publisher = "Alpine", .aliases = {"CVE-2022-37434"}};
  const Advisory copy{.id = "ALPINE-CVE-2022-37434", .publisher = "OSV", .upstream = {"CVE-2022-37434"}};
  const Advisory own{.id = "OWN-1", .publisher = "OSV", .aliases = {"CVE-2022-37434"}};
  std::vector<Hit> hits = {denied(secdb), hit(copy, "2")};
  const Grouped refuted = group(hits, {}, deb());
  EXPECT_TRUE(refuted.standing.empty());
  ASSERT_EQ(refuted.overruled.size(), 1U);
  EXPECT_EQ(refuted.overruled[0].finding.id, "CVE-2022-37434");
  EXPECT_EQ(refuted.overruled[0].reason,
            "SECDB-zlib of Alpine says not affected, which overrules ALPINE-CVE-2022-37434");
  hits.push_back(hit(own, "3"));
  const Finding stands = standing(hits).at(0);
  EXPECT_EQ(stands.fixed_in, "3");
  EXPECT_EQ(stands.confidence, Confidence::potential);
  EXPECT_EQ(stands.confidence_by, "records disagree: SECDB-zlib says not affected");
  ASSERT_EQ(stands.dissents.size(), 2U);
  EXPECT_EQ(stands.dissents[1].says, "affected: >= 0, < 2");  // not lost, but its fix is not the answer
  Advisory same_publisher = secdb;                            // of another repository of the release
  same_publisher.id = "ALPINE-SECDB-v3.16-community-CVE-2022-37434";
  EXPECT_EQ(standing(std::vector{hits[0], hit(same_publisher, "2")}).size(), 1U);
  hits[1].proof.ecosystem = "Debian:9";
  EXPECT_EQ(standing(hits).at(0).proofs.size(), 2U);
}

TEST(Group, what_somebody_else_writes_about_a_distribution_does_not_beat_its_own_word) {
  const Advisory own{.id = "DEBIAN-CVE-2024-10001", .publisher = "Debian", .upstream = {"CVE-2024-10001"}};
  const Advisory other{.id = "GHSA-a", .publisher = "GitHub", .aliases = {"CVE-2024-10001"}};
  std::vector<Hit> hits = {denied(other), hit(own, "2")};
  for (Hit& one : hits) one.proof.ecosystem = "Debian:12";
  EXPECT_EQ(standing(hits).at(0).fixed_in, "2");
}

TEST(Group, what_the_home_database_has_withdrawn_stands_where_it_has_another_record) {
  const Advisory go{.id = "GO-2024-1", .publisher = "Go", .aliases = {"CVE-2024-10001"}};
  const Advisory ghsa{.id = "GHSA-a", .publisher = "GitHub", .aliases = {"CVE-2024-10001"}};
  const Advisory another{.id = "GO-2024-2", .publisher = "Go", .aliases = {"CVE-2024-10001"}};
  std::vector<Hit> hits = {denied(go, Hit::Against::withdrawn), hit(ghsa, "2")};
  EXPECT_TRUE(standing(hits).empty());
  hits.push_back(hit(another, "2"));
  EXPECT_EQ(standing(hits).at(0).proofs.size(), 2U);
}

TEST(Group, how_sure_a_finding_is) {
  const Advisory one{.id = "GO-2024-1", .publisher = "Go", .aliases = {"CVE-2024-10001"}};
  const auto confidence = [](const Hit& from) {
    const Finding finding = standing(std::vector{from}).at(0);
    return std::string(name(finding.confidence)) + ": " + finding.confidence_by;
  };
  EXPECT_EQ(confidence(hit(one, "2")), "confirmed: ");
  EXPECT_EQ(confidence(hit(one)), "vendor_unfixed: no fix is known");
  Hit other = hit(one);
  other.standing = Standing::under_investigation;
  other.proof.publisher = "Go";
  EXPECT_EQ(confidence(other), "not_assessed: Go has not decided yet");
  other = hit(one, "2");
  other.proof.caveat = "has not been reviewed";
  EXPECT_EQ(confidence(other), "potential: GO-2024-1 has not been reviewed");
}

TEST(Group, an_erratum_s_references_are_kept_where_they_name_the_vulnerability) {
  const Advisory rlsa{.id = "RLSA-1",
                      .related = {"CVE-2021-1001", "CVE-2021-1002"},
                      .references = {{"ADVISORY", "https://errata.example/RLSA-1"},
                                     {"REPORT", "https://bugs.example/CVE-2021-1001"},
                                     {"REPORT", "https://bugs.example/CVE-2021-1002"}}};
  const std::vector<Finding> findings = standing(std::vector{hit(rlsa)});
  EXPECT_EQ(std::ranges::find(findings, "CVE-2021-1002", &Finding::id)->references,
            (Names{"https://errata.example/RLSA-1", "https://bugs.example/CVE-2021-1002"}));
}

constexpr const char* kHigh31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";      // 7.5
constexpr const char* kCritical31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";  // 9.8
constexpr const char* kMedium2 = "AV:N/AC:M/Au:N/C:P/I:P/A:P";                       // 6.8

TEST(Severity, the_publisher_s_word_comes_before_any_score) {
  const Advisory record{.id = "DEBIAN-CVE-1", .vectors = {kCritical31}};
  Finding finding;
  rate(std::vector<Statement>{{&record, "unimportant", {}, false}}, finding);
  EXPECT_EQ(finding.severity, Severity::negligible);
  EXPECT_EQ(finding.severity_source, "DEBIAN-CVE-1: urgency unimportant");
  EXPECT_EQ(finding.cvss, 9.8);
}

TEST(Severity, a_word_that_is_no_level_leaves_it_to_the_score_of_the_newest_cvss) {
  const Advisory record{.id = "DEBIAN-CVE-1", .vectors = {kMedium2, kHigh31}};
  Finding finding;
  rate(std::vector<Statement>{{&record, "not yet assigned", {}, false}}, finding);
  EXPECT_EQ(finding.severity, Severity::high);
  EXPECT_EQ(finding.severity_source, std::string("DEBIAN-CVE-1: ") + kHigh31);
  EXPECT_EQ(finding.cvss, 7.5);
}

TEST(Severity, the_record_of_one_vulnerability_comes_before_the_erratum_of_many) {
  const Advisory erratum{.id = "USN-1-1", .severity = "critical"};
  const Advisory record{.id = "UBUNTU-CVE-1", .severity = "low"};
  Finding finding;
  rate(std::vector<Statement>{{&erratum, "", {}, true}, {&record, "", {}, false}}, finding);
  EXPECT_EQ(finding.severity, Severity::low);
  Finding alone;
  rate(std::vector<Statement>{{&erratum, "", {}, true}}, alone);
  EXPECT_EQ(alone.severity, Severity::critical);
}

TEST(Severity, others_lend_their_highest_score_then_their_word) {
  const Advisory word{.id = "RHSA-1", .severity = "critical"};
  const Advisory low{.id = "GHSA-1", .vectors = {kMedium2}};
  const Advisory high{.id = "CVE-1", .vectors = {kHigh31}};
  Finding scored, worded, unknown;
  rate_by_others(std::vector<const Advisory*>{&word, &low, &high}, scored);
  EXPECT_EQ(scored.severity_source, std::string("CVE-1: ") + kHigh31);
  rate_by_others(std::vector<const Advisory*>{&word}, worded);
  EXPECT_EQ(worded.severity, Severity::critical);
  EXPECT_EQ(worded.cvss, std::nullopt);
  rate_by_others({}, unknown);
  EXPECT_EQ(unknown.severity, Severity::unknown);
  EXPECT_EQ(unknown.severity_source, "");
}

}  // namespace
}  // namespace peekr
