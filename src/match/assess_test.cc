// SPDX-License-Identifier: Apache-2.0
#include "match/assess.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace peekr {
namespace {

using Answer = Judgement::Answer;

Affected fixed_in(std::string version) {
  Affected affected;
  affected.ranges.push_back(
      {"ECOSYSTEM", {{Event::Kind::introduced, "0"}, {Event::Kind::fixed, std::move(version)}}});
  return affected;
}

const Ecosystem& row(std::string_view name) {
  return *std::ranges::find(all_ecosystems(), name, &Ecosystem::name);
}

// What is said about the package's first subject.
std::optional<Opinion> assess_one(std::string_view ecosystem, const Package& package,
                                  std::vector<Affected> all) {
  std::vector<Entry> entries;
  for (Affected& one : all) entries.push_back({"ALSA-2021:3073", std::move(one)});
  return assess(entries, subjects(row(ecosystem), package).at(0));
}

Package rpm(std::string name, std::string version) {
  return {.type = "rpm", .name = name, .version = std::move(version), .epoch = 1, .arch = "x86_64"};
}

TEST(Assess, debian_is_asked_by_source_name_and_source_version) {
  const Package libc6{.type = "deb",
                      .name = "libc6",
                      .version = "2.36-9+deb12u3+b1",
                      .source = "glibc",
                      .source_version = "2.36-9+deb12u3"};
  const std::vector<Subject> all = subjects(row("debian"), libc6);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].key, "glibc");
  EXPECT_EQ(all[0].version, "2.36-9+deb12u3");
  EXPECT_TRUE(all[0].by_source);
}

TEST(Assess, a_version_that_its_publisher_clears_by_name_is_clear_whatever_else_it_says) {
  const Package curl{.type = "deb", .name = "curl", .version = "2", .source = "curl"};
  Affected all = fixed_in("3"), cleared, none;
  cleared.standing = none.standing = Standing::not_affected;
  cleared.versions = {"2"};
  EXPECT_EQ(assess_one("debian", curl, {all, cleared})->standing, Standing::not_affected);
  EXPECT_EQ(assess_one("debian", curl, {all, none})->standing, Standing::affected);  // for whom is not said
  cleared.versions = {"1"};
  EXPECT_EQ(assess_one("debian", curl, {all, cleared})->standing, Standing::affected);
  EXPECT_FALSE(assess_one("debian", curl, {cleared}));
}

TEST(Assess, what_is_cleared_on_one_architecture_is_not_cleared_where_it_is_not_said) {
  Affected all = fixed_in("1:3"), cleared;
  all.arches = {"x86_64"};
  cleared.standing = Standing::not_affected;
  cleared.arches = {"s390x"};
  Package curl = rpm("curl", "2");
  curl.arch = "s390x";
  EXPECT_EQ(assess_one("almalinux", curl, {cleared})->standing, Standing::not_affected);
  curl.arch.clear();  // an SBOM need not say it
  EXPECT_FALSE(assess_one("almalinux", curl, {cleared}));
  EXPECT_EQ(assess_one("almalinux", curl, {all, cleared})->standing, Standing::affected);
}

TEST(Assess, what_is_so_on_windows_only_is_not_so_here) {
  Affected windows = fixed_in("1.22.11");
  windows.systems = {"windows"};
  Package go{.type = "golang", .name = "stdlib", .version = "1.22.0", .path = Path("usr/bin/app")};
  EXPECT_FALSE(assess_one("golang", go, {windows}));
  go.path = Path("app.exe");
  EXPECT_TRUE(assess_one("golang", go, {windows}));
  windows.systems.push_back("linux");
  go.path = Path("usr/bin/app");
  EXPECT_TRUE(assess_one("golang", go, {windows}));
}

TEST(Assess, wolfi_and_photon_are_asked_by_source_then_by_name) {
  const Package crypto{.type = "apk", .name = "libcrypto3", .version = "3.1.0-r0", .source = "openssl"};
  const std::vector<Subject> all = subjects(row("wolfi"), crypto);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].key, "openssl");
  EXPECT_EQ(all[0].version, "3.1.0-r0");
  EXPECT_EQ(all[1].key, "libcrypto3");
  EXPECT_FALSE(all[1].by_source);
  EXPECT_EQ(
      subjects(row("wolfi"), {.type = "apk", .name = "curl", .version = "8-r0", .source = "curl"}).size(),
      1U);
}

TEST(Assess, almalinux_is_asked_by_binary_name_with_epoch) {
  Package package = rpm("perl-Errno", "1.28-420.el8");
  package.source = "perl";
  const std::vector<Subject> all = subjects(row("almalinux"), package);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].key, "perl-Errno");
  EXPECT_EQ(all[0].version, "1:1.28-420.el8");
}

TEST(Assess, a_source_rpm_has_an_epoch_only_where_the_binary_shares_its_version) {
  Package errno_package = rpm("perl-Errno", "1.28-420.el8");
  errno_package.epoch = 0;
  errno_package.source = "perl";
  errno_package.source_version = "5.26.3-420.el8";
  EXPECT_FALSE(assess_one("rocky", errno_package, {fixed_in("4:5.26.3-416.el8")}).has_value());
  EXPECT_TRUE(assess_one("rocky", errno_package, {fixed_in("4:5.26.3-421.el8")}).has_value());

  Package libs = rpm("foo-libs", "2023.1-1.el8");
  libs.source = "foo";
  libs.epoch.reset();  // and so has its source none
  EXPECT_FALSE(assess_one("rocky", libs, {fixed_in("1:2.0-1.el8")}).has_value())
      << "nobody has read its header";
  libs.path = Path("var/lib/rpm/rpmdb.sqlite");
  EXPECT_TRUE(assess_one("rocky", libs, {fixed_in("1:2.0-1.el8")}).has_value());

  Package perl = rpm("perl", "5.26.3-420.el8");
  perl.epoch = 4;
  perl.source = "perl";
  perl.source_version = "5.26.3-420.el8";
  EXPECT_FALSE(assess_one("rocky", perl, {fixed_in("3:6.0-1.el8")}).has_value());
  EXPECT_TRUE(assess_one("rocky", perl, {fixed_in("5:1.0-1.el8")}).has_value());
}

TEST(Assess, of_several_builds_that_of_the_installed_upstream_version_counts) {
  Affected two = fixed_in("1:2.0-1.el8_2");
  two.ranges.push_back(fixed_in("1:3.0-5.el8_6").ranges.front());
  const auto found = assess_one("almalinux", rpm("foo", "3.0-1.el8_4"), {two});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->judgement.fixed_in, "1:3.0-5.el8_6");
}

TEST(Assess, a_module_advisory_judges_its_own_stream_only) {
  Affected nodejs12 = fixed_in("1:12.22.5-1.module_el8.4.0+2521+c668cc9f");
  nodejs12.module = "nodejs:12";
  Package nodejs = rpm("nodejs", "10.24.0-1.module_el8.3.0+2047+b07ac28e");
  nodejs.modularity = "nodejs:10:8030020210426100849:229f0a1c";
  EXPECT_FALSE(assess_one("almalinux", nodejs, {nodejs12}).has_value());
  nodejs.modularity = "nodejs:12:8030020210426100849:229f0a1c";
  ASSERT_TRUE(assess_one("almalinux", nodejs, {nodejs12}).has_value());
  EXPECT_EQ(assess_one("almalinux", nodejs, {nodejs12})->judgement.answer, Answer::affected);
  nodejs.modularity = "nodejs:120:8030020210426100849:229f0a1c";
  EXPECT_FALSE(assess_one("almalinux", nodejs, {nodejs12}).has_value());
}

TEST(Assess, modular_and_other_packages_of_a_name_do_not_judge_each_other) {
  Affected modular = fixed_in("1:12.22.5-1.module_el8.4.0+2521+c668cc9f");
  modular.module = "nodejs:12";
  EXPECT_FALSE(assess_one("almalinux", rpm("nodejs", "10.1-1.el8"), {modular}).has_value());
  Package package = rpm("nodejs", "10.24.0-1.module_el8.3.0+2047+b07ac28e");
  package.modularity = "nodejs:10:8030020210426100849:229f0a1c";
  EXPECT_FALSE(assess_one("almalinux", package, {fixed_in("1:16.0-1.el8")}).has_value());
}

TEST(Assess, a_title_that_looks_like_a_module_is_none_where_the_builds_are_not_modular) {
  Affected kernel = fixed_in("4.18.0-553.30.1.el8_10");
  kernel.module = "kernel:4.18.0";  // ALSA-2024:10281: "Moderate: kernel:4.18.0 security update"
  Package bpftool = rpm("bpftool", "4.18.0-513.el8");
  bpftool.epoch.reset();
  EXPECT_TRUE(assess_one("almalinux", bpftool, {kernel}).has_value());
}

TEST(Assess, an_unknown_stream_is_a_doubt_not_an_answer) {
  const Affected varnish = fixed_in("1:6.0.13-1.module_el8.9.0+3749+6f8ca6b4");  // its title names no stream
  Package package = rpm("varnish", "6.0.8-2.module_el8.7.0+3271+69e67abb");
  package.modularity = "varnish:6:8070020220822120223:bd1311ed";
  ASSERT_TRUE(assess_one("almalinux", package, {varnish}).has_value());
  EXPECT_EQ(assess_one("almalinux", package, {varnish})->judgement.answer, Answer::undetermined);
  EXPECT_EQ(assess_one("almalinux", package, {varnish})->judgement.doubt,
            "module stream of the advisory is not known");
  package.version = "6.0.13-1.module_el8.9.0+3749+6f8ca6b4";
  EXPECT_FALSE(assess_one("almalinux", package, {varnish}).has_value());
}

TEST(Assess, of_several_builds_the_one_of_the_same_minor_release_counts) {
  // ALSA-2021:3073 lists nodejs-packaging 17-3 for el8.4 twice and for el8.3.
  std::vector<Affected> builds = {fixed_in("17-3.module_el8.4.0+2224+b07ac28e"),
                                  fixed_in("17-3.module_el8.4.0+2521+c668cc9f"),
                                  fixed_in("17-3.module_el8.3.0+2023+d2377ea3")};
  for (Affected& one : builds) one.module = "nodejs:12";
  Package package = rpm("nodejs-packaging", "17-3.module_el8.3.0+2023+d2377ea3");
  package.epoch.reset();
  package.modularity = "nodejs:12:8030020210426100849:229f0a1c";
  EXPECT_FALSE(assess_one("almalinux", package, builds).has_value());  // a union would say affected
  package.version = "17-2.module_el8.4.0+2100+b07ac28e";
  const std::optional<Opinion> opinion = assess_one("almalinux", package, builds);
  ASSERT_TRUE(opinion.has_value());
  EXPECT_EQ(opinion->judgement.fixed_in, "17-3.module_el8.4.0+2224+b07ac28e");
  package.version = "17-3.module_el8.9.0+1+x";
  EXPECT_FALSE(assess_one("almalinux", package, builds).has_value());
}

TEST(Assess, ranges_that_begin_later_are_no_builds_and_all_count) {
  Affected one = fixed_in("1:1.5"), other = fixed_in("1:2.5");
  one.ranges[0].events.front().version = "1:1.0";
  other.ranges[0].events.front().version = "1:2.0";
  EXPECT_EQ(assess_one("rocky", rpm("curl", "2.2-1.el9"), {one, other})->judgement.fixed_in, "1:2.5");
  EXPECT_EQ(assess_one("rocky", rpm("curl", "1.2-1.el9"), {one, other})->judgement.fixed_in, "1:1.5");
  EXPECT_FALSE(assess_one("rocky", rpm("curl", "1.7-1.el9"), {one, other}).has_value());
}

TEST(Assess, without_a_build_of_the_minor_release_the_lowest_counts) {
  const std::vector<Affected> builds = {fixed_in("1:2.0-7.el8_6"), fixed_in("1:2.0-5.el8_4")};
  EXPECT_FALSE(assess_one("almalinux", rpm("curl", "2.0-6.el8_5"), builds).has_value());
  EXPECT_EQ(assess_one("almalinux", rpm("curl", "2.0-4.el8"), builds)->judgement.fixed_in, "1:2.0-5.el8_4");
  EXPECT_EQ(assess_one("almalinux", rpm("curl", "2.0-4.el8_6"), builds)->judgement.fixed_in, "1:2.0-7.el8_6");
}

TEST(Assess, what_is_built_from_a_fixed_build_is_fixed_whatever_later_build_is_listed) {
  // ALSA-2021:4517 and ALSA-2022:0894 of vim-common.
  const auto builds = [](const char* one, const char* other) {
    return std::vector{fixed_in(std::string("2:8.0.1763-") + one),
                       fixed_in(std::string("2:8.0.1763-") + other)};
  };
  Package vim = rpm("vim-common", "8.0.1763-16.el8_5.12");
  vim.epoch = 2;
  EXPECT_FALSE(assess_one("almalinux", vim, builds("16.el8_5.13", "16.el8")));
  EXPECT_FALSE(assess_one("almalinux", vim, builds("16.el8_5.12", "16.el8_5.13")));
  vim.version = "8.0.1763-16.el8_5.4";
  EXPECT_EQ(assess_one("almalinux", vim, builds("16.el8_5.13", "16.el8_5.12"))->judgement.fixed_in,
            "2:8.0.1763-16.el8_5.12");
  EXPECT_EQ(assess_one("almalinux", vim, builds("16.el8_4.1", "16.el8_5.13"))->judgement.fixed_in,
            "2:8.0.1763-16.el8_5.13");  // another minor release's says nothing
  vim.version = "8.0.1763-15.el8_4.1";
  EXPECT_EQ(assess_one("almalinux", vim, builds("16.el8", "16.el8_5.13"))->judgement.fixed_in,
            "2:8.0.1763-16.el8");
}

TEST(Assess, elsewhere_several_entries_are_a_union) {
  const Package package{
      .type = "deb", .name = "curl", .version = "6", .source = "curl", .source_version = "6"};
  EXPECT_EQ(assess_one("debian", package, {fixed_in("5"), fixed_in("7")})->judgement.fixed_in, "7");
}

TEST(Assess, another_architecture_is_not_meant) {
  Affected arm = fixed_in("1:9-1");
  arm.arches = {"aarch64"};
  EXPECT_FALSE(assess_one("almalinux", rpm("curl", "2-1"), {arm}).has_value());
  arm.arches = {"aarch64", "x86_64"};
  EXPECT_TRUE(assess_one("almalinux", rpm("curl", "2-1"), {arm}).has_value());
}

TEST(Assess, not_affected_is_an_opinion_unless_another_entry_says_otherwise) {
  const Package package{.type = "apk", .name = "zlib", .version = "1.2-r0", .source = "zlib"};
  Affected safe;
  safe.standing = Standing::not_affected;
  ASSERT_TRUE(assess_one("alpine", package, {safe}).has_value());
  EXPECT_EQ(assess_one("alpine", package, {safe})->standing, Standing::not_affected);
  EXPECT_EQ(assess_one("alpine", package, {safe, fixed_in("1.3-r0")})->standing, Standing::affected);
}

}  // namespace
}  // namespace peekr
