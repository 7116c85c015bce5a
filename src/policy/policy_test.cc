// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"

#include <gtest/gtest.h>

#include "policy/exceptions.h"
#include "policy/settings.h"

namespace peekr {
namespace {

Expression when(std::string_view text) {
  Result<Expression> condition = Expression::parse(text);
  EXPECT_TRUE(condition) << (condition ? "" : condition.error().message);
  return *std::move(condition);
}

// Every finding is in the one package.
Verdict verdict_of(Inventory inventory, Findings found, const Policy& policy) {
  if (inventory.packages.empty()) inventory.packages.emplace_back();
  return judge(Report{.inventory = std::move(inventory), .findings = std::move(found)}, policy);
}

Findings findings(std::vector<Severity> severities) {
  Findings all;
  for (const Severity severity : severities) {
    all.list.push_back({.id = "CVE-2015-7547", .severity = severity});
  }
  return all;
}

// Debian 8, whose support of every kind ended long before kToday.
Inventory debian8() {
  Inventory inventory;
  inventory.distro =
      Distro{.id = "debian", .version_id = "8", .codename = "jessie", .name = "Debian GNU/Linux 8"};
  return inventory;
}

constexpr const char* kToday = "2026-11-23";

TEST(Policy, without_gates_findings_do_not_change_the_exit_code) {
  const Verdict verdict = verdict_of({}, findings({Severity::critical}), {.today = kToday});
  EXPECT_EQ(verdict.exit_code, 0);
  EXPECT_TRUE(verdict.reasons.empty());
}

TEST(Policy, fail_on_is_hit_by_its_own_level_and_above) {
  const Policy policy{.fail_on = when("high"), .today = kToday};
  EXPECT_EQ(verdict_of({}, findings({Severity::medium, Severity::low}), policy).exit_code, 0);
  EXPECT_EQ(verdict_of({}, findings({Severity::high}), policy).exit_code, 2);
  const Verdict verdict =
      verdict_of({}, findings({Severity::critical, Severity::high, Severity::low}), policy);
  EXPECT_EQ(verdict.reasons, std::vector<std::string>{"severity: 2 findings of at least high"});
}

TEST(Policy, gates_that_have_names_are_told_by_them_and_stop_nobody_from_their_day_on) {
  Policy policy{.gates = {{.name = "bad", .where = "p.yaml:2", .when = when("high"), .reason = "too bad"},
                          {.name = "old", .where = "p.yaml:3", .when = when("low"), .until = kToday}},
                .today = kToday};
  EXPECT_EQ(verdict_of({}, findings({Severity::low}), policy).exit_code, 0);
  const Findings found = findings({Severity::high, Severity::critical, Severity::low});
  Verdict verdict = verdict_of({}, found, policy);
  EXPECT_EQ(verdict.exit_code, 2);
  EXPECT_EQ(verdict.reasons, std::vector<std::string>{"gate bad: 2 findings: too bad (p.yaml:2: high)"});
  EXPECT_EQ(verdict.remarks, std::vector<std::string>{"p.yaml:3: gate old: has expired on 2026-11-23"});
  policy.exit_code = 9;  // of the gates there are, not of any finding at all
  EXPECT_EQ(verdict_of({}, found, policy).exit_code, 9);
  EXPECT_EQ(verdict_of({}, findings({Severity::low}), policy).exit_code, 0);
  policy.grace[static_cast<std::size_t>(Severity::high)] = 7;
  Findings fresh = findings({Severity::high});
  fresh.list[0].fix_published = kToday;
  verdict = verdict_of({}, fresh, policy);
  EXPECT_EQ(verdict.exit_code, 0);
  EXPECT_EQ(verdict.remarks.front(), "1 finding would hit the gate, within the grace period");
}

TEST(Policy, a_gate_on_what_no_feed_of_the_database_tells_says_so) {
  const Policy policy{.fail_on = when("kev || epss >= 0.1"), .fail_on_incomplete = true, .today = kToday};
  Report report{.inventory = {.packages = {{}}}, .findings = findings({Severity::high})};
  report.db.sources = {{.name = "osv/Debian", .feed = "osv"}, {.name = "kev", .feed = "kev"}};
  const Verdict verdict = judge(report, policy);
  EXPECT_EQ(verdict.exit_code, 4);
  EXPECT_EQ(verdict.reasons,
            std::vector<std::string>{"incomplete: 1 condition on what the database does not have"});
  EXPECT_EQ(
      verdict.remarks,
      std::vector<std::string>{"a gate asks for epss, which is known of no finding: the database has no feed "
                               "that tells it (peekr db update --feeds epss)"});
  report.db.sources.push_back({.name = "epss", .feed = "epss"});
  EXPECT_EQ(judge(report, policy).exit_code, 0);
}

TEST(Policy, a_gate_on_severities_that_no_feed_of_the_database_has_says_so) {
  const Policy policy{.fail_on = when("high"), .fail_on_incomplete = true, .today = kToday};
  Report report{.inventory = {.packages = {{}}}, .findings = findings({Severity::unknown, Severity::low})};
  report.findings.list[0].proofs = {{.ecosystem = "Debian:12"}};
  report.db.sources = {{.name = "debian-tracker", .feed = "debian-tracker"},
                       {.name = "nvd/overrides", .feed = "nvd"}};
  const Verdict verdict = judge(report, policy);
  EXPECT_EQ(verdict.exit_code, 4);
  EXPECT_EQ(verdict.remarks,
            std::vector<std::string>{
                "a gate asks for severity, which is not known of 1 finding: the database has no "
                "feed that rates them (peekr db update --feeds nvd)"});
  for (const DbSource& one :
       {DbSource{.name = "osv/Debian", .feed = "osv"}, DbSource{.name = "nvd/2024", .feed = "nvd"},
        DbSource{.name = "cve5", .feed = "cve5"}}) {
    report.db.sources.push_back(one);
    EXPECT_EQ(judge(report, policy).exit_code, 0) << one.name << ": nobody has rated it yet";
    report.db.sources.pop_back();
  }
  EXPECT_EQ(judge(report, {.fail_on_incomplete = true, .today = kToday}).exit_code, 0);
}

TEST(Policy, a_guess_at_the_base_image_spares_nothing) {
  const Policy policy{.fail_on = when("high"), .fail_on_base = false, .today = kToday};
  Report report{.inventory = {.packages = {{}}}, .findings = findings({Severity::high})};
  report.image.base = {.layers = 1, .by = std::string(kByLayers) + "debian:12"};
  Verdict verdict = judge(report, policy);
  EXPECT_EQ(verdict.exit_code, 0);
  EXPECT_EQ(verdict.remarks,
            std::vector<std::string>{"1 finding of the base image would hit the gate (--fail-on-base off)"});
  report.image.base.by = "build history: a base image ends with its CMD";
  verdict = judge(report, policy);
  EXPECT_EQ(verdict.exit_code, 2);
  ASSERT_EQ(verdict.remarks.size(), 1U);
  EXPECT_TRUE(verdict.remarks[0].starts_with("no finding counts as the base image's")) << verdict.remarks[0];
  EXPECT_TRUE(verdict.remarks[0].ends_with("; --base names the base image")) << verdict.remarks[0];
  verdict = judge(report, {.fail_on = when("high && !base"), .today = kToday});
  EXPECT_EQ(verdict.exit_code, 2);
  EXPECT_EQ(verdict.remarks.size(), 1U);
  report.image.base.by = "the diff IDs are those of debian:12 (--base)";
  verdict = judge(report, policy);
  ASSERT_EQ(verdict.remarks.size(), 1U);
  EXPECT_TRUE(verdict.remarks[0].ends_with("; --verify full makes sure of them")) << verdict.remarks[0];
  const std::vector<Exception> rules =
      read_exceptions("i.yaml", "exceptions:\n- {layer: base, reason: theirs}\n")->rules;
  const auto excepted = [&] {
    return exception_for(report.findings.list[0], report, rules, kToday).by.has_value();
  };
  EXPECT_FALSE(excepted());
  report.image.base.by = std::string(kByLayers) + "debian:12";
  EXPECT_TRUE(excepted());
}

// Whether an exception of osv-scanner.toml that ends then holds at that time.
bool holds(const std::string& until, std::string_view now) {
  const Report report{.inventory = {.packages = {{}}}, .findings = findings({Severity::high})};
  const Result<Exceptions> read =
      read_exceptions("osv-scanner.toml", "[[IgnoredVulns]]\nid = \"CVE-2015-7547\"\nignoreUntil = " + until);
  EXPECT_TRUE(read) << read.error().message;
  return exception_for(report.findings.list[0], report, read->rules, now).by.has_value();
}

TEST(Policy, an_exception_ends_with_the_moment_that_it_names) {
  for (const char* noon : {"2026-11-23T12:00:00Z", "2026-11-23 12:00:00Z", "2026-11-23T12:00:00",
                           "2026-11-23T14:00:00+02:00", "2026-11-23T07:00:00.0-05:00"}) {
    EXPECT_TRUE(holds(noon, "2026-11-23T11:59:59Z")) << noon;
    EXPECT_FALSE(holds(noon, "2026-11-23T12:00:00Z")) << noon;
  }
  EXPECT_TRUE(holds("2026-11-23", "2026-11-22T23:59:59Z"));
  EXPECT_FALSE(holds("2026-11-23", "2026-11-23T00:00:00Z")) << "a day has come when it begins";
  for (const char* none : {"2026-11-23T12", "2026-11-23T25:00:00Z", "2026-11-23x", "2026-11-23T12:00:00+2"})
    EXPECT_FALSE(moment_in(none)) << none;
}

TEST(Policy, the_day_of_the_end_of_life_is_within_it) {
  const Verdict verdict = verdict_of(debian8(), {}, {.exit_on_eol = 3, .today = "2020-06-30T23:59:59Z"});
  EXPECT_EQ(verdict.exit_code, 0);
}

TEST(Policy, an_unrated_finding_has_no_grace_but_that_of_unknown) {
  Policy policy{.fail_on = when("low"), .today = kToday};
  Findings fresh = findings({Severity::unknown});
  fresh.list[0].fix_published = kToday;
  ASSERT_TRUE(setting_named("grace")->set({"low=7d"}, policy));
  EXPECT_EQ(verdict_of({}, fresh, policy).exit_code, 2);
  ASSERT_TRUE(setting_named("grace")->set({"unknown=7d"}, policy));
  EXPECT_EQ(verdict_of({}, fresh, policy).exit_code, 0);
}

TEST(Policy, malware_hits_every_gate_on_findings_and_is_no_vulnerability) {
  Findings malware = findings({Severity::unknown});
  malware.list[0].kind = Advisory::Kind::malware;
  EXPECT_EQ(verdict_of({}, malware, {.today = kToday}).exit_code, 0);
  const Verdict verdict = verdict_of({}, malware, {.fail_on = when("critical"), .today = kToday});
  EXPECT_EQ(verdict.exit_code, 2);
  EXPECT_EQ(verdict.reasons, std::vector<std::string>{"malware: 1 malicious package"});
}

TEST(Policy, malware_hits_a_gate_that_has_a_name_whatever_its_condition_but_none_that_has_expired) {
  Findings malware = findings({Severity::unknown});
  malware.list[0].kind = Advisory::Kind::malware;
  Policy policy{.gates = {{.name = "old", .when = when("critical"), .until = kToday}}, .today = kToday};
  EXPECT_EQ(verdict_of({}, malware, policy).exit_code, 0);
  policy.exit_code = 9;
  EXPECT_EQ(verdict_of({}, malware, policy).exit_code, 0);
  policy.gates.push_back({.name = "new", .when = when("critical")});
  EXPECT_EQ(verdict_of({}, malware, policy).exit_code, 9);
}

TEST(Policy, an_unrated_finding_counts_as_low) {
  const Findings unrated = findings({Severity::unknown});
  EXPECT_EQ(verdict_of({}, unrated, {.fail_on = when("negligible"), .today = kToday}).exit_code, 2);
  EXPECT_EQ(verdict_of({}, unrated, {.fail_on = when("low"), .today = kToday}).exit_code, 2);
  EXPECT_EQ(verdict_of({}, unrated, {.fail_on = when("medium"), .today = kToday}).exit_code, 0);
}

TEST(Policy, exit_code_replaces_2) {
  const Policy policy{.fail_on = when("high"), .exit_code = 17, .today = kToday};
  EXPECT_EQ(verdict_of({}, findings({Severity::high}), policy).exit_code, 17);
  EXPECT_EQ(verdict_of({}, findings({Severity::low}), policy).exit_code, 0);
}

TEST(Policy, exit_code_alone_is_hit_by_any_finding) {
  const Policy policy{.exit_code = 1, .today = kToday};
  EXPECT_EQ(verdict_of({}, findings({Severity::negligible}), policy).exit_code, 1);
  EXPECT_EQ(verdict_of({}, findings({Severity::unknown}), policy).exit_code, 1);
  EXPECT_EQ(verdict_of({}, findings({}), policy).exit_code, 0);
}

TEST(Policy, end_of_life_is_told_always_and_gates_only_when_asked) {
  const Verdict told = verdict_of(debian8(), {}, {.today = kToday});
  ASSERT_TRUE(told.end_of_life.has_value());
  EXPECT_TRUE(told.end_of_life->past);
  EXPECT_EQ(told.exit_code, 0);
  EXPECT_EQ(verdict_of(debian8(), {}, {.exit_on_eol = 3, .today = kToday}).exit_code, 3);
  EXPECT_EQ(verdict_of(debian8(), {}, {.exit_on_eol = 3, .today = kToday}).reasons,
            std::vector<std::string>{"end of life: Debian GNU/Linux 8: security support ended 2018-06-17 "
                                     "(extended support: 2020-06-30)"});
  EXPECT_EQ(verdict_of(debian8(), {}, {.exit_on_eol = 9, .today = kToday}).exit_code, 9);
  EXPECT_EQ(verdict_of(debian8(), {}, {.exit_on_eol = 3, .today = "2016-01-01"}).exit_code, 0);
}

TEST(Policy, incomplete_counts_the_notes_of_both_stages_but_not_end_of_life_or_suspicion) {
  Inventory inventory;
  inventory.notes.push_back({Path("a"), Why::suspicious, "name: climbs out"});
  Findings found;
  found.notes.push_back({Path(), Why::end_of_life, "debian 8"});
  const Policy policy{.fail_on_incomplete = true, .today = kToday};
  EXPECT_EQ(verdict_of(inventory, found, policy).exit_code, 0);
  inventory.notes.push_back({Path("b"), Why::damaged, "status: cut short"});
  found.notes.push_back({Path(), Why::no_data, "fedora 39: no advisories"});
  const Verdict verdict = verdict_of(inventory, found, policy);
  EXPECT_EQ(verdict.exit_code, 4);
  EXPECT_EQ(verdict.reasons,
            std::vector<std::string>{"incomplete: 2 notes on what could not be looked at or judged"});
  EXPECT_EQ(verdict_of(inventory, found, {.today = kToday}).exit_code, 0);
}

TEST(Policy, a_few_unidentified_executables_are_in_every_image_but_a_quarter_of_them_is_a_gap) {
  Inventory inventory;
  inventory.completeness = {.executables = 8, .owned = 6, .unidentified = {{Path("opt/a")}, {Path("opt/b")}}};
  const Policy policy{.fail_on_incomplete = true, .today = kToday};
  EXPECT_EQ(verdict_of(inventory, {}, policy).exit_code, 0);
  inventory.completeness.unidentified.push_back({Path("opt/c")});
  inventory.completeness.owned = 5;
  const Verdict verdict = verdict_of(inventory, {}, policy);
  EXPECT_EQ(verdict.exit_code, 4);
  EXPECT_EQ(verdict.reasons, std::vector<std::string>{"incomplete: 3 of 8 executables not identified"});
}

TEST(Policy, a_database_that_was_deleted_is_a_gap_though_a_copy_of_it_was_read) {
  Inventory inventory;
  inventory.completeness.lost = {{LostDatabase::How::deleted, Path("var/lib/dpkg/status"), 0, 3}};
  const Verdict verdict = verdict_of(inventory, {}, {.fail_on_incomplete = true, .today = kToday});
  EXPECT_EQ(verdict.exit_code, 4);
  EXPECT_EQ(verdict.reasons,
            std::vector<std::string>{"incomplete: 1 package database file deleted, emptied or unread"});
}

TEST(Policy, several_gates_give_all_reasons_and_the_first_code_in_order) {
  Inventory inventory = debian8();
  inventory.notes.push_back({Path("b"), Why::damaged, "status: cut short"});
  Policy policy{.fail_on = when("low"), .exit_on_eol = 3, .fail_on_incomplete = true, .today = kToday};
  const Verdict all = verdict_of(inventory, findings({Severity::low}), policy);
  EXPECT_EQ(all.exit_code, 2);
  EXPECT_EQ(all.reasons.size(), 3U);
  EXPECT_EQ(verdict_of(inventory, {}, policy).exit_code, 3);
  policy.exit_on_eol.reset();
  EXPECT_EQ(verdict_of(inventory, {}, policy).exit_code, 4);
}

TEST(Policy, a_gate_with_code_0_is_told_and_leaves_the_code_to_the_next) {
  Inventory inventory = debian8();
  const Policy policy{.fail_on = when("low"), .exit_code = 0, .exit_on_eol = 3, .today = kToday};
  const Verdict verdict = verdict_of(inventory, findings({Severity::low}), policy);
  EXPECT_EQ(verdict.exit_code, 3);
  EXPECT_EQ(verdict.reasons.size(), 2U);
}

// "where: about;" of each rule, then the remarks; or the error.
std::string osv_rules(const std::string& toml) {
  const Result<Exceptions> all = read_exceptions("osv-scanner.toml", toml);
  if (!all) return all.error().message;
  std::string text;
  for (const Exception& rule : all->rules) text += rule.where + ": " + rule.about + ";";
  for (const std::string& remark : all->remarks) text += " " + remark;
  return text;
}

TEST(Exceptions, of_osv_scanner_a_flag_is_true_or_false) {
  const std::string head = "[[PackageOverrides]]\nname = \"zlib\"\n";
  EXPECT_EQ(osv_rules(head + "ignore = true\n"), "osv-scanner.toml: PackageOverrides[0]: zlib;");
  EXPECT_EQ(osv_rules(head + "ignore = false\n"), "");
  EXPECT_EQ(osv_rules(head + "ignore = True\n"),
            "osv-scanner.toml: PackageOverrides[0]: ignore: want true or false");
}

TEST(Exceptions, of_osv_scanner_a_table_below_is_of_the_last_override) {
  const std::string head = "[[PackageOverrides]]\nname = \"zlib\"\n[[IgnoredVulns]]\nid = \"CVE-1\"\n";
  const std::string below = "[PackageOverrides.vulnerability]\nignore = true\n";
  EXPECT_EQ(osv_rules(head + below),
            "osv-scanner.toml: IgnoredVulns[0]: CVE-1;osv-scanner.toml: PackageOverrides[0]: zlib;");
  EXPECT_EQ(osv_rules(below),
            "osv-scanner.toml: [PackageOverrides.vulnerability]: no [[PackageOverrides]] above");
}

TEST(Exceptions, of_osv_scanner_what_is_not_used_is_told) {
  EXPECT_EQ(osv_rules("GoVersionOverride = \"1.2\"\n[[IgnoredVuln]]\nid = \"CVE-1\"\n"),
            " osv-scanner.toml: [IgnoredVuln]: no table of osv-scanner: not used");
  EXPECT_EQ(osv_rules("[[IgnoredVulns]]\nid = \"CVE-1\" \"CVE-2\"\n"), "osv-scanner.toml: line 2: not TOML");
}

// Whether the first rule of that file takes out a finding in the package, of a record of the ecosystem.
bool takes_out(const std::string& file, const std::string& rule, const Package& package,
               const std::string& ecosystem) {
  const Result<Exceptions> all = read_exceptions(file, rule);
  EXPECT_TRUE(all && all->remarks.empty()) << rule;
  Report report;
  report.inventory.packages = {package};
  Finding finding{.id = "CVE-2024-10001"};
  finding.proofs.push_back({.ecosystem = ecosystem});
  return all && exception_for(finding, report, all->rules, "2026-01-01").by.has_value();
}

// An image has the name as its metadata says it, an SBOM as package URLs do: a rule means both.
TEST(Exceptions, a_name_means_the_package_however_it_is_spelled) {
  const std::string osv = "[[PackageOverrides]]\nignore = true\nname = ",
                    grype = "ignore:\n  - package: {name: ", own = "exceptions:\n  - package: ";
  const Package image{.type = "pypi", .name = "Typing_Extensions"},
      sbom{.type = "pypi", .name = "typing-extensions"};
  for (const Package& package : {image, sbom}) {
    for (const std::string name : {"Typing_Extensions", "typing-extensions", "typing.extensions"}) {
      EXPECT_TRUE(takes_out("osv-scanner.toml", osv + '"' + name + '"', package, "PyPI")) << name;
      EXPECT_TRUE(takes_out(".grype.yaml", grype + name + "}", package, "PyPI")) << name;
      EXPECT_TRUE(takes_out("own.yaml", own + name, package, "PyPI")) << name;
    }
    EXPECT_TRUE(takes_out("own.yaml", own + "'Typing_E*'", package, "PyPI"));
    EXPECT_TRUE(takes_out("own.yaml", own + "'typing-e?tensions'", package, "PyPI"));
    EXPECT_TRUE(takes_out("osv-scanner.toml", osv + "\"x|Typing_E.*\"\nnameIsRegex = true", package, "PyPI"));
    EXPECT_FALSE(takes_out("own.yaml", own + "typingextensions", package, "PyPI"));
  }
  EXPECT_FALSE(takes_out("own.yaml", own + "a_b", {.type = "npm", .name = "a-b"}, "npm"));
}

// "JSONStream" and "jsonstream" are two packages of npm: what is decided of one says nothing of the other.
TEST(Exceptions, a_name_in_another_case_is_another_package_where_case_counts) {
  const std::string own = "exceptions:\n  - package: ", grype = "ignore:\n  - package: {name: ",
                    osv = "[[PackageOverrides]]\nignore = true\nnameIsRegex = true\nname = \"Jackson.*\"";
  for (const std::string type : {"npm", "maven", "gem", "cargo"}) {
    const Package big{.type = type, .name = "Jackson-Core"}, small{.type = type, .name = "jackson-core"};
    for (const std::string name : {"Jackson-Core", "Jackson-*"}) {
      EXPECT_TRUE(takes_out("own.yaml", own + name, big, "")) << type;
      EXPECT_FALSE(takes_out("own.yaml", own + name, small, "")) << type;
    }
    EXPECT_TRUE(takes_out(".grype.yaml", grype + "'[A-Z].*'}", big, "")) << type;
    EXPECT_FALSE(takes_out(".grype.yaml", grype + "'[A-Z].*'}", small, "")) << type;
    EXPECT_TRUE(takes_out("osv-scanner.toml", osv, big, "")) << type;
    EXPECT_FALSE(takes_out("osv-scanner.toml", osv, small, "")) << type;
  }
  for (const std::string type : {"composer", "deb", "golang", "nuget", "rpm"}) {
    const Package small{.type = type, .name = "jackson-core"};
    EXPECT_TRUE(takes_out("own.yaml", own + "Jackson-Core", small, "")) << type;
    EXPECT_TRUE(takes_out("osv-scanner.toml", osv, small, "")) << type;
  }
}

TEST(Exceptions, of_osv_scanner_an_ecosystem_is_that_of_a_record) {
  const auto takes = [](const std::string& ecosystem, const std::string& type, const std::string& of) {
    return takes_out("osv-scanner.toml",
                     "[[PackageOverrides]]\nignore = true\nname = \"p\"\necosystem = \"" + ecosystem + '"',
                     {.type = type, .name = "p"}, of);
  };
  struct Row {
    const char *ecosystem, *type, *of;
    bool taken;
  };
  for (const Row& row : std::initializer_list<Row>{{"Debian:12", "deb", "Debian:12", true},
                                                   {"Debian", "deb", "Debian:12", true},
                                                   {"Ubuntu:22.04", "deb", "Ubuntu:22.04:LTS", true},
                                                   {"AlmaLinux:9", "rpm", "AlmaLinux:9", true},
                                                   {"Hex", "hex", "Hex", true},
                                                   {"Ubuntu:22.04", "deb", "Debian:12", false},
                                                   {"Debian:1", "deb", "Debian:12", false},
                                                   {"Debian:11", "deb", "Debian:12", false},
                                                   {"Red Hat", "rpm", "AlmaLinux:9", false},
                                                   {"PyPI", "npm", "npm", false}})
    EXPECT_EQ(takes(row.ecosystem, row.type, row.of), row.taken) << row.ecosystem << " " << row.of;
}

TEST(Exceptions, of_grype_a_rule_about_one_source_leaves_what_another_one_finds) {
  const Result<Exceptions> all = read_exceptions(".grype.yaml", "ignore:\n  - namespace: 'nvd:cpe'\n");
  ASSERT_TRUE(all) << all.error().message;
  Report report;
  report.inventory.packages = {{.type = "maven", .name = "org.x:y"}};
  Finding finding{.id = "CVE-2024-10001"};
  finding.proofs.push_back({.ecosystem = "CPE"});
  EXPECT_TRUE(exception_for(finding, report, all->rules, "2026-01-01").by);
  finding.proofs.push_back({.ecosystem = "Maven"});
  EXPECT_FALSE(exception_for(finding, report, all->rules, "2026-01-01").by);
}

TEST(Exceptions, of_grype_a_rule_has_the_id_of_the_record) {
  const auto takes_out = [](const std::string& rule, std::string_view id) {
    const Exceptions all = read_exceptions(".grype.yaml", "ignore:\n  - " + rule + "\n").value();
    Report report;
    report.inventory.packages = {{.type = "npm", .name = "axios"}};
    Finding finding{.id = "CVE-2021-3749", .names = {"GHSA-cph5-m8f7-6c5x", "SNYK-1"}};
    finding.proofs.push_back({.advisory = std::string(id), .ecosystem = "npm"});
    return exception_for(finding, report, all.rules, "2026-01-01").by.has_value();
  };
  EXPECT_TRUE(takes_out("vulnerability: GHSA-cph5-m8f7-6c5x", "GHSA-cph5-m8f7-6c5x"));
  EXPECT_TRUE(takes_out("vulnerability: GHSA-cph5-m8f7-6c5x\n    namespace: github:language:javascript",
                        "GHSA-cph5-m8f7-6c5x"));
  EXPECT_TRUE(takes_out("vulnerability: GHSA-cph5-m8f7-6c5x", "SNYK-1"));  // as grype-json shows it
  EXPECT_TRUE(takes_out("vulnerability: CVE-2021-3749", "SNYK-1"));
  EXPECT_FALSE(takes_out("vulnerability: SNYK-1", "GHSA-cph5-m8f7-6c5x"));
  EXPECT_TRUE(takes_out("vulnerability: CVE-2021-3749", "GHSA-cph5-m8f7-6c5x"));
}

TEST(Exceptions, of_grype_a_match_is_indirect_where_the_source_has_another_name) {
  const Result<Exceptions> all =
      read_exceptions(".grype.yaml", "ignore:\n  - match-type: exact-indirect-match\n");
  ASSERT_TRUE(all) << all.error().message;
  Report report;
  report.inventory.packages = {{.type = "deb", .name = "libssl3", .source = "openssl"},
                               {.type = "deb", .name = "openssl", .source = "openssl"}};
  Finding finding{.id = "CVE-2024-10001"};
  finding.proofs.push_back({.ecosystem = "Debian:12", .key = "openssl", .by_source = true});
  EXPECT_TRUE(exception_for(finding, report, all->rules, "2026-01-01").by);
  finding.package = 1;
  EXPECT_FALSE(exception_for(finding, report, all->rules, "2026-01-01").by);
}

}  // namespace
}  // namespace peekr
