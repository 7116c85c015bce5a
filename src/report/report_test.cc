// SPDX-License-Identifier: Apache-2.0
// The reports are built here, by the name of their case; what each reporter makes of them is in
// tests/fixtures/report/<reporter>/<case>/want (scan, then inventory).
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "../../tests/fixture.h"
#include "base/text.h"
#include "model/order.h"
#include "report/advice.h"
#include "report/explain.h"
#include "report/finding_groups.h"
#include "report/plan.h"
#include "report/reporter.h"
#include "report/saved.h"
#include "report/story.h"

namespace peekr {
namespace {

Digest digest(char c) { return {"sha256", std::string(64, c)}; }

Package deb(const std::string& name, const std::string& source, const std::string& version) {
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

Finding finding(std::size_t package, const std::string& id, Severity severity) {
  return {.package = package,
          .id = id,
          .severity = severity,
          .proofs = {{.advisory = "DEBIAN-" + id, .publisher = "osv"}}};
}

Finding fixed(Finding one, const std::string& installed, const std::string& version) {
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

Finding standing(Finding one, Standing what) {
  one.standing = what;
  return one;
}

Report base() {
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

Report typical() {
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

Risk risk_of(const std::string& cve, const std::string& source) {
  return {.cve = cve, .source = source, .date = "2023-10-09"};
}

// What is known of exploitation: the row that is less severe is the more dangerous one.
Report exploited() {
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

Report corrupt() {
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

Report clean() { return base(); }

// What a rule took out, a licence, a program that was recognised by its bytes, one that was not.
Report suppressed() {
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

Report no_data() {
  Report report = base();
  report.inventory.distro = Distro{.id = "plan9", .version_id = "4"};
  report.verdict.end_of_life.reset();
  report.findings.notes = {{Path("etc/os-release"), Why::no_data,
                            "plan9 4: no source of advisories for it is known: 4 deb packages not judged"}};
  return report;
}

Report end_of_life() {
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

Report empty() {
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

Report sample(std::string_view name) {
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
  plan.actions.push_back({.type = "deb", .command = "apt-get upgrade -y"});
  plan.actions.push_back({.type = "npm", .where = "/app", .command = "npm install lodash@4.17.21"});
  plan.actions.push_back({.type = "golang", .where = "/usr/bin/a", .command = "go get b@v1"});
  const std::string text = fixture::slurp(fixture::input(one) / "Dockerfile");
  const Result<DockerfilePatch> patch = dockerfile_patch(plan, "Dockerfile", text);
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

Remediation sample_plan() {
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

// As match() has them.
Report in_order_of_match(Report report) {
  std::ranges::sort(report.findings.list, [&](const Finding& a, const Finding& b) {
    return finding_before(report.inventory.packages, a, b);
  });
  return report;
}

std::string written(const Reporter& row, const Report& report, Extent extent) {
  std::string out;
  (extent == Extent::findings ? row.scan : row.inventory)(report, {.files = true, .suppressed = true}, out);
  return out;
}

TEST(Saved, a_report_that_is_read_back_is_the_same_in_every_format) {
  for (const char* name :
       {"typical", "exploited", "corrupt", "clean", "suppressed", "no_data", "end_of_life", "empty"}) {
    Report report = in_order_of_match(sample(name));
    if (report.inventory.packages.size() > 2) report.plan = sample_plan();
    for (const Extent extent : {Extent::findings, Extent::packages}) {
      if (extent == Extent::packages) {
        report = {.version = report.version,
                  .created = report.created,
                  .image = report.image,
                  .inventory = report.inventory};
      }
      const Result<Saved> saved = read_saved(written(*find_reporter("json"), report, extent));
      ASSERT_TRUE(saved) << name << ": " << saved.error().message;
      ASSERT_EQ(saved->extent, extent);
      for (const Reporter* row : all_reporters()) {
        if (extent == Extent::packages && row->inventory == nullptr) continue;
        EXPECT_EQ(written(*row, saved->report, extent), written(*row, report, extent)) << name << row->name;
      }
    }
  }
}

IndexReport sample_index() {
  IndexReport index{.version = "0.1.0",
                    .created = "2023-10-10T00:00:00Z",
                    .image = {.name = "app:1", .kind = "registry", .digest = digest('e')},
                    .verdict = {.exit_code = 1, .reasons = {"linux/s390x: could not be scanned"}}};
  using State = PlatformReport::State;
  index.platforms = {
      {.platform = "linux/amd64", .digest = digest('f'), .report = in_order_of_match(exploited())},
      {.platform = "windows/amd64", .os_version = "10.0.1", .report = in_order_of_match(suppressed())},
      {.platform = "linux/s390x", .digest = digest('1'), .state = State::failed, .why = "layer 1: damaged"},
      {.platform = "unknown/unknown", .state = State::listed, .why = "an attestation"}};
  return index;
}

std::string written(const Reporter& row, const IndexReport& index, Extent extent) {
  std::string out;
  row.platforms(index, extent, {}, out);
  return out;
}

TEST(Saved, a_report_of_several_platforms_is_written_and_read_as_the_same) {
  const IndexReport index = sample_index();
  for (const Extent extent : {Extent::findings, Extent::packages}) {
    const std::string json = written(*find_reporter("json"), index, extent);
    const Result<Saved> saved = read_saved(json);
    ASSERT_TRUE(saved) << saved.error().message;
    ASSERT_TRUE(saved->index);
    EXPECT_EQ(saved->extent, extent);
    EXPECT_EQ(written(*find_reporter("json"), *saved->index, extent), json);
  }
  const Result<Saved> saved = read_saved(written(*find_reporter("json"), index, Extent::findings));
  for (const std::string_view format : {"table", "sarif"})
    EXPECT_EQ(written(*find_reporter(format), *saved->index, Extent::findings),
              written(*find_reporter(format), index, Extent::findings));
}

TEST(Saved, what_is_wrong_with_one_platform_is_named) {
  const std::string json = written(*find_reporter("json"), sample_index(), Extent::findings);
  const auto error = [&](std::string_view from, std::string_view to) {
    std::string text = json;
    const Result<Saved> saved = read_saved(text.replace(text.find(from), from.size(), to));
    return saved ? "nothing is wrong" : saved.error().message;
  };
  EXPECT_EQ(error("\"state\": \"failed\"", "\"state\": \"scanned\""),
            "platforms: linux/s390x: is scanned without a report");
  EXPECT_EQ(error("\"state\": \"scanned\"", "\"state\": \"lost\""),
            "platforms[0].state: is \"lost\", which is no such word");
  EXPECT_EQ(error("\"kind\": \"docker-archive\"", "\"kind\": 7"),
            "platforms[0].report.image.kind: is no text");
}

// GitHub takes what stands before the last slash of the id for the category of a run. One that failed has none: its alerts stay.
TEST(Sarif, each_platform_is_a_run_and_a_failure_is_told_in_each) {
  const std::string text = written(*find_reporter("sarif"), sample_index(), Extent::findings);
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(text);
  std::vector<std::string> told;
  for (const simdjson::dom::element run : root["runs"]) {
    told.emplace_back(run["automationDetails"]["id"].get_string().value());
    told.emplace_back(
        run["invocations"].at(0)["toolExecutionNotifications"].at(0)["message"]["text"].get_string().value());
  }
  const std::string failure = "linux/s390x could not be scanned: layer 1: damaged";
  EXPECT_EQ(told, (std::vector<std::string>{"peekr/linux/amd64/", failure, "peekr/windows/amd64 10.0.1/",
                                            failure}));
}

TEST(Saved, every_order_of_findings_is_read_as_the_same) {
  const Report report = in_order_of_match(exploited());
  for (const Sort sort : {Sort::risk, Sort::severity, Sort::epss, Sort::kev, Sort::package, Sort::fix}) {
    std::string json, again;
    find_reporter("json")->scan(report, {.sort = sort}, json);
    const Result<Saved> saved = read_saved(json);
    ASSERT_TRUE(saved) << saved.error().message;
    find_reporter("json")->scan(saved->report, {.sort = sort}, again);
    EXPECT_EQ(again, json);
    EXPECT_EQ(written(*find_reporter("csv"), saved->report, Extent::findings),
              written(*find_reporter("csv"), report, Extent::findings));
  }
}

TEST(Saved, what_is_wrong_is_named) {
  const std::string json = written(*find_reporter("json"), suppressed(), Extent::findings);
  const auto error = [&](std::string_view from, std::string_view to) {
    std::string text = json;
    const std::size_t at = text.find(from);
    if (at == std::string::npos) return "not in the report: " + std::string(from);
    const Result<Saved> saved = read_saved(text.replace(at, from.size(), to));
    return saved ? "nothing is wrong" : saved.error().message;
  };
  EXPECT_EQ(error("{", "["), "not JSON: " + std::string(error("{", "[")).substr(10));
  EXPECT_EQ(error("\"schema_version\": 1", "\"schema_version\": 2"),
            "schema_version: is 2, and this peekr reads 1");
  EXPECT_EQ(error("\"schema_version\"", "\"version\""),
            "schema_version: is missing: not what peekr -f json wrote");
  EXPECT_EQ(error("\"created\": \"2023-10-10T00:00:00Z\"", "\"created\": 7"), "created: is no text");
  EXPECT_EQ(error("\"size\": 119", "\"size\": -1"), "image.layers[0].size: is no number of things");
  EXPECT_EQ(error("\"diff_id\": \"sha256:b", "\"diff_id\": \"md5:b").substr(0, 30),
            "image.layers[0].diff_id: diges");
  EXPECT_EQ(error("\"layer_index\": 1", "\"layer_index\": 2"),
            "completeness.unidentified_files[0].layer_index: is 2 (counted from 0) of 2 layers");
  EXPECT_EQ(error("\"layer_index\": 0", "\"layer_index\": 4294967296"),
            "packages[0].layer_index: is too large: 4294967296");
  EXPECT_EQ(error("\"standing\": \"affected\"", "\"standing\": \"odd\""),
            "findings[0].standing: is \"odd\", which is no such word");
  EXPECT_EQ(error("\"percentile\": 0.99953", "\"percentile\": 2"),
            "findings[0].epss.percentile: is not between 0 and 1");
  EXPECT_EQ(error("\"packages\": [\n    {\n      \"type\"", "\"parcels\": [\n    {\n      \"type\""),
            "packages: is missing");
  EXPECT_EQ(error("\"by_content\": false", "\"by_content\": null"),
            "packages[0].by_content: is neither true nor false");
  EXPECT_EQ(error("\"stage\"", "\"age\""), "notes[0].stage: is missing");
  EXPECT_EQ(error("\"package\": {\n        \"index\": 1", "\"package\": {\n        \"index\": 7"),
            "findings[0].package.index: is 7 (counted from 0) of 7 packages");
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
  Report report = base();
  report.inventory.packages.clear();
  for (const std::string& name : names)
    report.inventory.packages.push_back({.type = type, .name = name, .version = "1"});
  report.findings.list = {fixed(finding(0, "CVE-1", Severity::low), "1", "2")};
  return upgrades(report, grouped(report)).at(0).command;
}

TEST(Advice, is_in_the_words_of_the_package_manager_that_is_there) {
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
  EXPECT_EQ(verdict({}), Verdict::no_data);
}

TEST(Advice, what_a_language_installed_is_raised_where_the_image_is_built) {
  Report report = base();
  report.inventory.packages = {{.type = "npm", .name = "lodash", .version = "4.17.4"},
                               {.type = "npm", .name = "@babel/core", .version = "7.12.3"}};
  report.findings.list = {fixed(finding(0, "CVE-1", Severity::low), "4.17.4", "4.17.21"),
                          fixed(finding(1, "CVE-2", Severity::low), "7.12.3", "7.23.2")};
  EXPECT_TRUE(upgrades(report, grouped(report)).at(0).by_project);
  std::string out;
  find_reporter("table")->scan(report, Style{.width = 200}, out);
  EXPECT_NE(out.find("2 vulnerabilities in 2 packages can be fixed, installed by npm: raise the versions in "
                     "the manifest or "
                     "lock file that the image is built from: lodash and 1 more."),
            std::string::npos)
      << out;
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

TEST(Advice, names_that_a_shell_would_obey_are_left_out_and_counted) {
  const Report report = corrupt();
  const std::vector<Upgrade> all = upgrades(report, grouped(report));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].names.empty());
  EXPECT_EQ(all[0].odd_names, 2U);
  EXPECT_EQ(all[0].rows, 2U);
}

TEST(Advice, only_what_has_a_fix_is_upgraded) {
  const Report report = typical();
  const std::vector<Upgrade> all = upgrades(report, grouped(report));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].names, (std::vector<std::string>{"libssl3", "openssl"}));
}

}  // namespace
}  // namespace peekr
