// SPDX-License-Identifier: Apache-2.0
#include "match/enrich.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

constexpr const char* kHigh = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";      // 7.5
constexpr const char* kCritical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";  // 9.8

Finding worded() {
  Finding finding{.id = "CVE-2015-7547",
                  .severity = Severity::low,
                  .severity_source = "DEBIAN-CVE-2015-7547: urgency low"};
  finding.proofs = {{.advisory = "DEBIAN-CVE-2015-7547"}};
  finding.grades = {{"Debian", "DEBIAN-CVE-2015-7547", Severity::low, "low", "", std::nullopt}};
  return finding;
}

Advisory nvd() {
  return {.id = "NVD-CVE-2015-7547",
          .publisher = "NVD",
          .upstream = {"CVE-2015-7547"},
          .published = "2016-02-18T21:59:00.120Z",
          .vectors = {kHigh},
          .weaknesses = {"CWE-787", "CWE-119"},
          .ratings = {{"CISA-ADP", kCritical, ""}, {"redhat", "", "Important"}},
          .references = {{"EVIDENCE", "https://example.org/poc"}, {"WEB", "https://example.org"}}};
}

TEST(Enrich, other_records_add_their_grades_and_words_and_leave_the_publishers_severity) {
  Finding finding = worded();
  const Advisory one = nvd();
  Advisory twice = nvd();
  twice.id = "CVE5-CVE-2015-7547";
  Advisory erratum{.id = "DSA-1-1", .publisher = "Debian", .upstream = {"CVE-2015-7547", "CVE-2015-8776"}};
  erratum.weaknesses = {"CWE-1"};
  const Advisory* records[] = {&erratum, &one, &twice};
  enrich(records, finding);
  EXPECT_EQ(finding.severity, Severity::low);
  EXPECT_EQ(finding.severity_source, "DEBIAN-CVE-2015-7547: urgency low");
  EXPECT_EQ(finding.cvss, 9.8);
  EXPECT_EQ(finding.published, "2016-02-18T21:59:00.120Z");
  EXPECT_EQ(finding.weaknesses, (std::vector<std::string>{"CWE-119", "CWE-787"}));
  EXPECT_EQ(finding.exploits, std::vector<std::string>{"https://example.org/poc"});
  std::string grades;
  for (const Grade& grade : finding.grades) {
    grades += grade.source + " " + std::string(name(grade.severity)) + (grade.score ? " scored\n" : "\n");
  }
  EXPECT_EQ(grades, "Debian low\nNVD high scored\nCISA-ADP critical scored\nredhat high\n");
}

TEST(Enrich, what_matched_is_not_asked_again) {
  Finding finding = worded();
  const Advisory own{.id = "DEBIAN-CVE-2015-7547", .publisher = "Debian", .severity = "high"};
  const Advisory* records[] = {&own};
  enrich(records, finding);
  EXPECT_EQ(finding.grades.size(), 1U);
}

Finding scored(double cvss, Severity severity) {
  Finding finding{.id = "CVE-2015-7547", .severity = severity};
  finding.cvss = cvss;
  return finding;
}

Risk said(std::optional<Epss> epss, std::optional<Kev> kev, std::optional<Ssvc> ssvc) {
  return {
      .cve = "CVE-2015-7547", .source = "x", .date = "2024-01-01", .epss = epss, .kev = kev, .ssvc = ssvc};
}

TEST(RiskScore, is_harm_times_the_strongest_evidence) {
  Finding finding = scored(9.8, Severity::critical);
  EXPECT_NEAR(risk_score(finding).total, 19.3, 0.06);  // nothing is known of exploitation
  EXPECT_EQ(risk_score(finding).harm_by, "severity critical, CVSS 9.8");
  finding.risks = {said(Epss{0.0004, 0.1}, {}, {})};
  EXPECT_NEAR(risk_score(finding).total, 9.7, 0.06);
  finding.risks.push_back(said({}, {}, Ssvc{Exploitation::poc, false, true}));
  EXPECT_EQ(risk_score(finding).likelihood, 0.4);
  finding.risks.back().ssvc->automatable = true;
  EXPECT_EQ(risk_score(finding).likelihood, 0.5);
  finding.risks[0].epss->score = 0.81;
  EXPECT_NEAR(risk_score(finding).likelihood, 0.9, 1e-9);
  EXPECT_EQ(risk_score(finding).likelihood_by, "EPSS 0.81000");
  finding.risks.push_back(said({}, Kev{"2022-01-01", "", "", false}, {}));
  EXPECT_EQ(risk_score(finding).likelihood, 0.95);
  finding.risks.back().kev->ransomware = true;
  EXPECT_EQ(risk_score(finding).likelihood, 1);
  EXPECT_NEAR(risk_score(finding).total, 96.5, 0.06);
}

TEST(RiskScore, never_leaves_its_scale_and_never_falls_with_more_evidence) {
  for (const Severity severity :
       {Severity::unknown, Severity::negligible, Severity::low, Severity::critical}) {
    for (const double cvss : {0.0, 5.0, 10.0}) {
      Finding finding = scored(cvss, severity);
      double before = 0;
      for (const double score : {0.0, 0.01, 0.5, 1.0}) {
        finding.risks = {said(Epss{score, 0.5}, {}, {})};
        const RiskScore risk = risk_score(finding);
        EXPECT_GE(risk.total, before);
        EXPECT_LE(risk.total, 100);
        before = risk.total;
      }
    }
  }
  Finding bare{.id = "X"};
  EXPECT_NEAR(risk_score(bare).total, 11, 0.06);
  EXPECT_EQ(risk_score(bare).likelihood_by, "nothing is known");
  bare.exploits = {"https://example.org"};
  EXPECT_EQ(risk_score(bare).likelihood_by, "a published exploit");
}

}  // namespace
}  // namespace peekr
