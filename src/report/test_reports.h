// SPDX-License-Identifier: Apache-2.0
// For tests: reports, by the name of their case.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "model/report.h"

namespace peekr::testing_reports {

inline Digest digest(char c) { return {"sha256", std::string(64, c)}; }

inline Package deb(const std::string& name, const std::string& source, const std::string& version) {
  return {.type = "deb",
          .name = name,
          .version = version,
          .arch = "amd64",
          .source = source,
          .source_version = version,
          .licenses = {"MIT"},
          .files = {"usr/share/doc/" + name + "/copyright"},
          .path = Path("var/lib/dpkg/status"),
          .purl = "pkg:deb/debian/" + name + "@" + version};
}

inline Finding finding(std::size_t package, const std::string& id, Severity severity) {
  return {.package = package,
          .id = id,
          .severity = severity,
          .proofs = {{.advisory = "DEBIAN-" + id, .publisher = "osv"}}};
}

inline Finding fixed(Finding one, const std::string& installed, const std::string& version) {
  one.fixed_in = version;
  one.proofs[0].ecosystem = "Debian:12";
  one.proofs[0].key = "openssl";
  one.proofs[0].by_source = true;
  one.proofs[0].scheme = "deb";
  one.proofs[0].installed = installed;
  one.proofs[0].range = ">= 0, < " + version;
  one.proofs[0].comparison = installed + " < " + version;
  one.proofs[0].fixed_in = version;
  return one;
}

inline Finding standing(Finding one, Standing what) {
  one.standing = what;
  return one;
}

inline Report base() {
  Report report{.version = "0.1.0", .created = "2023-10-10T00:00:00Z"};
  report.image = {.name = "bookworm.tar",
                  .kind = "docker-archive",
                  .platform = "linux/amd64",
                  .tag = "debian:bookworm",
                  .id = digest('a'),
                  .labels = {{"org.opencontainers.image.title", "a \"title\""}}};
  report.image.layers = {
      {.diff_id = digest('b'),
       .media_type = "application/vnd.oci.image.layer.v1.tar",
       .size = 119,
       .created_by = "/bin/sh -c #(nop) ADD file:1 in / "},
      {.digest = digest('c'),
       .diff_id = digest('d'),
       .media_type = "application/vnd.oci.image.layer.v1.tar+gzip",
       .size = 7,
       .created_by = "RUN /bin/sh -c apt-get update \t&& apt-get install -y openssl # buildkit"}};
  report.inventory.distro = Distro{.id = "debian",
                                   .version_id = "12",
                                   .codename = "bookworm",
                                   .name = "Debian GNU/Linux 12 (bookworm)",
                                   .path = Path("etc/os-release")};
  report.inventory.packages = {deb("apt", "apt", "2.6.1"), deb("libssl3", "openssl", "3.0.9-1"),
                               deb("openssl", "openssl", "3.0.9-1"),
                               deb("zlib1g", "zlib", "1:1.2.13.dfsg-1")};
  report.inventory.packages[1].layer = report.inventory.packages[2].layer = 1;
  report.db = {.path = "/var/lib/peekr/db",
               .built = "2023-10-09T00:00:00Z",
               .advisories = 9118,
               .packages = 300,
               .bytes = 4096};
  report.db.sources = {
      {.name = "osv/Debian", .feed = "osv", .records = 9118, .newest = "2023-10-08T01:02:03Z"}};
  report.verdict.end_of_life = EndOfLife{.date = "2026-06-10", .extended = "2028-06-30"};
  return report;
}

inline Report typical() {
  Report report = base();
  std::vector<Finding>& list = report.findings.list;
  for (const std::size_t package : {1U, 2U}) {
    list.push_back(fixed(finding(package, "CVE-2023-5363", Severity::high), "3.0.9-1", "3.0.11-1~deb12u2"));
    list.push_back(fixed(finding(package, "CVE-2023-0001", Severity::critical), "3.0.9-1", "3.0.10-1"));
  }
  list[0].names = {"DEBIAN-CVE-2023-5363", "DSA-5532-1"};
  list[0].severity_source = "DEBIAN-CVE-2023-5363: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N";
  list[0].cvss = 7.5;
  list[0].summary = "key and IV lengths\nare read too late";
  list[0].published = "2023-10-25T18:17:43Z";
  list[0].references = {"https://www.openssl.org/news/secadv/20231024.txt"};
  list.push_back(finding(2, "CVE-2023-0002", Severity::low));
  list.push_back(standing(finding(3, "CVE-2023-45853", Severity::critical), Standing::wont_fix));
  list.push_back(standing(finding(3, "CVE-2023-0003", Severity::medium), Standing::deferred));
  list.push_back(standing(finding(3, "CVE-2023-0004", Severity::negligible), Standing::under_investigation));
  list.push_back(standing(finding(3, "CVE-2023-0005", Severity::unknown), Standing::end_of_life));
  report.findings.notes = {
      {Path("var/lib/dpkg/status"), Why::unordered, "zlib1g 1: CVE-2020-1 cannot be judged: a against b"}};
  report.verdict.exit_code = 2;
  report.verdict.reasons = {"severity: 5 findings of at least high"};
  return report;
}

inline Risk risk_of(const std::string& cve, const std::string& source) {
  return {.cve = cve, .source = source, .date = "2023-10-09"};
}

// What is known of exploitation: the row that is less severe is the more dangerous one.
inline Report exploited() {
  Report report = typical();
  for (Finding& one : report.findings.list) {
    one.risk = {.total = 10,
                .harm = 5,
                .likelihood = 0.2,
                .harm_by = "severity",
                .likelihood_by = "nothing is known"};
    if (one.id == "CVE-2023-5363") {
      one.risk = {77.5, 7.75, 1, "severity high, CVSS 7.5", "known exploited (KEV), by ransomware"};
      one.risks = {risk_of(one.id, "CISA KEV"), risk_of(one.id, "CISA-ADP"), risk_of(one.id, "EPSS")};
      one.risks[0].kev = Kev{"2023-10-01", "2023-10-22", "Apply updates.", true};
      one.risks[1].ssvc = Ssvc{Exploitation::active, true, false};
      one.risks[2].epss = Epss{0.94358, 0.99953};
      one.grades = {{"Debian", "DSA-5532-1", Severity::high, "high", "", std::nullopt},
                    {"NVD", "NVD-CVE-2023-5363", Severity::high, "",
                     "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5}};
      one.weaknesses = {"CWE-684"};
      one.exploits = {"https://www.exploit-db.com/exploits/1"};
      one.published = "2023-10-01T00:00:00Z";
      one.fix_published = "2023-10-08T00:00:00Z";
    }
    if (one.id == "CVE-2023-0003") {
      one.risks = {risk_of(one.id, "EPSS"), risk_of(one.id, "NVD")};
      one.risks[0].epss = Epss{0.02, 0.9};
      one.risks[1].kev = Kev{"2023-10-01", "", "", false};
    }
  }
  return report;
}

inline Report corrupt() {
  Report report = typical();
  report.image.name = "evil\x1b[2J.tar";
  report.image.layers[1].created_by = "\xFF\xFE|3 A=/bin/sh";
  report.inventory.distro->name = "Debian\n\x9b 12";
  report.inventory.packages[1].name = "$(reboot)";
  report.inventory.packages[2].name = "--help";
  for (int i = 0; i < 23; ++i) {
    report.inventory.notes.push_back(
        {Path(fmt::format("a\x07/{:02}", i)), Why::damaged, "header cut short:\nat 7"});
  }
  report.inventory.notes.push_back({Path("etc/passwd"), Why::suspicious, "name climbs out"});
  return report;
}

inline Report clean() { return base(); }

// What a rule took out, a licence, a program that was recognised by its bytes, one that was not.
inline Report suppressed() {
  Report report = exploited();
  report.image.digest = digest('e');
  report.image.tag = "registry.example:5000/team/App_1:1.0+x";
  report.image.kind = "registry";
  std::vector<Package>& packages = report.inventory.packages;
  packages.push_back(deb("linux-headers", "linux", "6.1.1-1"));
  packages.push_back({.type = "pypi",
                      .name = "certifi",
                      .version = "2022.9.24",
                      .licenses = {"MPL-2.0", "a licence of \"our\" own"},
                      .path = Path("usr/lib/python3/dist-packages/certifi-2022.9.24.egg-info"),
                      .purl = "pkg:pypi/certifi@2022.9.24",
                      .owner = 0});
  packages.push_back(packages.back());
  packages.back().path = Path("opt/a b/certifi-2022.9.24.dist-info/METADATA");
  report.inventory.completeness.unidentified = {{Path("opt/tool"), 1, 42, std::string(64, 'f'), ""}};
  report.findings.suppressed = {
      {Suppressed::Rule::host_kernel, finding(4, "CVE-2023-1", Severity::high), "the host's kernel runs"},
      {Suppressed::Rule::distribution, finding(5, "CVE-2022-23491", Severity::medium),
       "installed by deb package apt 2.6.1"},
      {Suppressed::Rule::informational, finding(5, "PYSEC-1", Severity::unknown),
       "informational, no hole in a version: PYSEC-1"},
      {Suppressed::Rule::exception, finding(5, "CVE-2023-2", Severity::low),
       "not ours, says .peekrignore.yaml"}};
  return report;
}

inline Report no_data() {
  Report report = base();
  report.inventory.distro = Distro{.id = "plan9", .version_id = "4"};
  report.verdict.end_of_life.reset();
  report.findings.notes = {{Path("etc/os-release"), Why::no_data,
                            "plan9 4: no source of advisories for it is known: 4 deb packages not judged"}};
  return report;
}

inline Report end_of_life() {
  Report report = base();
  report.inventory.packages = {deb("libc6", "glibc", "2.19-18+deb8u2")};
  report.image.layers.resize(1);
  report.inventory.distro =
      Distro{.id = "debian", .version_id = "8", .codename = "jessie", .name = "Debian GNU/Linux 8 (jessie)"};
  report.verdict.end_of_life = EndOfLife{.date = "2018-06-17", .extended = "2020-06-30", .past = true};
  report.findings.list = {
      fixed(finding(0, "CVE-2015-7547", Severity::high), "2.19-18+deb8u2", "2.19-18+deb8u3")};
  report.db.sources[0].newest = "2023-04-02T00:00:00Z";
  report.verdict.exit_code = 3;
  report.verdict.reasons = {
      "end of life: Debian GNU/Linux 8 (jessie) has had no security support since 2020-06-30"};
  return report;
}

inline Report empty() {
  Report report = base();
  report.inventory = {};
  report.image.layers.resize(1);
  report.image.kind = "rootfs";
  report.image.platform.clear();
  report.image.tag.clear();
  report.image.id = {};
  report.verdict.end_of_life.reset();
  return report;
}

inline Report sample(std::string_view name) {
  if (name == "typical") return typical();
  if (name == "exploited") return exploited();
  if (name == "corrupt") return corrupt();
  if (name == "clean") return clean();
  if (name == "suppressed") return suppressed();
  if (name == "no_data") return no_data();
  if (name == "end_of_life") return end_of_life();
  if (name == "empty") return empty();
  ADD_FAILURE() << "no report is built for the case " << name;
  return {};
}

inline Remediation sample_plan() {
  return {.actions = {{.type = "deb",
                       .command = "apt-get update && apt-get install -y --only-upgrade openssl",
                       .steps = {{.name = "openssl",
                                  .from = "3.0.9-1",
                                  .to = "3.0.11-1~deb12u2",
                                  .packages = {1, 2},
                                  .removes = {"CVE-2023-0001", "CVE-2023-5363"}}},
                       .removes = {0, 0, 0, 0, 1, 1},
                       .risk = 87.5,
                       .base = 1}},
          .before = 9,
          .after = 5,
          .risk_before = 120,
          .risk_after = 32.5,
          .unfixable = {"CVE-2023-0002"}};
}

}  // namespace peekr::testing_reports
