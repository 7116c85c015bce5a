// SPDX-License-Identifier: Apache-2.0
#include "match/ecosystem.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "model/rhel.h"
#include "version/scheme.h"

namespace peekr {
namespace {

using Patterns = std::vector<std::string>;

Patterns patterns(std::string_view type, const Distro& distro) {
  const Ecosystem* row = find_ecosystem(type, distro);
  return row == nullptr ? Patterns{"no row"} : wanted(*row, distro).patterns;
}

TEST(Ecosystem, rows_are_sorted_and_name_a_version_order) {
  std::string_view before;
  for (const Ecosystem& row : all_ecosystems()) {
    EXPECT_LT(before, row.name);
    EXPECT_NE(find_scheme(row.scheme), nullptr) << row.name;
    before = row.name;
  }
}

TEST(Ecosystem, debian_goes_by_its_major_number_and_once_by_two) {
  EXPECT_EQ(patterns("deb", {.id = "debian", .version_id = "12"}), (Patterns{"Debian:12"}));
  EXPECT_EQ(patterns("deb", {.id = "debian", .version_id = "8.11"}), (Patterns{"Debian:8", "Debian:8.11"}));
  EXPECT_EQ(patterns("deb", {.id = "debian", .version_id = "6.0.10"}), (Patterns{"Debian:6", "Debian:6.0"}));
  EXPECT_EQ(patterns("deb", {.id = "debian", .version_id = "5"}), (Patterns{"Debian:5", "Debian:5.0"}));
  EXPECT_EQ(patterns("deb", {.id = "raspbian", .version_id = "11"}), (Patterns{"Debian:11"}));
}

TEST(Ecosystem, debian_without_a_number_is_unstable_and_says_so) {
  const Distro sid{.id = "debian", .codename = "sid"};
  const Wanted want = wanted(*find_ecosystem("deb", sid), sid);
  EXPECT_EQ(want.patterns, (Patterns{"Debian:unstable", "Debian:sid"}));
  EXPECT_TRUE(want.rolling);
  EXPECT_EQ(patterns("deb", {.id = "debian", .version_id = "trixie/sid"}),
            (Patterns{"Debian:unstable", "Debian:sid"}));
  EXPECT_EQ(patterns("deb", {.id = "debian", .codename = "forky"}),
            (Patterns{"Debian:unstable", "Debian:sid", "Debian:14"}));
}

TEST(Ecosystem, amazon_linux_1_alone_was_numbered_by_year_and_month) {
  const auto release = [](std::string version) {
    return patterns("rpm", {.id = "amzn", .version_id = std::move(version)}).front();
  };
  EXPECT_EQ(release("2018.03"), "Amazon Linux:1");
  EXPECT_EQ(release("2"), "Amazon Linux:2");
  EXPECT_EQ(release("2.0.20231218"), "Amazon Linux:2");
  EXPECT_EQ(release("2023.3.20240304"), "Amazon Linux:2023");
}

TEST(Ecosystem, derivatives_with_numbers_of_their_own_have_no_row) {
  EXPECT_EQ(find_ecosystem("deb", {.id = "kali", .id_like = {"debian"}, .version_id = "2024.1"}), nullptr);
  EXPECT_EQ(find_ecosystem("deb", {.id = "linuxmint", .id_like = {"ubuntu", "debian"}, .version_id = "21"}),
            nullptr);
  EXPECT_EQ(find_ecosystem("rpm", {.id = "nobara", .id_like = {"fedora"}, .version_id = "39"}), nullptr);
}

TEST(Ecosystem, a_package_of_another_type_is_not_judged_by_the_distribution) {
  EXPECT_EQ(find_ecosystem("rpm", {.id = "debian", .version_id = "12"}), nullptr);
}

TEST(Ecosystem, language_packages_are_judged_on_every_distribution_and_on_none) {
  EXPECT_EQ(patterns("npm", {.id = "debian", .version_id = "12"}), (Patterns{"npm"}));
  EXPECT_EQ(patterns("pypi", {}), (Patterns{"PyPI"}));
  EXPECT_EQ(patterns("deb", {}), (Patterns{"no row"}));
}

TEST(Ecosystem, ubuntu_with_and_without_LTS) {
  EXPECT_EQ(patterns("deb", {.id = "ubuntu", .version_id = "22.04"}),
            (Patterns{"Ubuntu:22.04:LTS", "Ubuntu:22.04"}));
}

TEST(Ecosystem, alpine_goes_by_the_branch_of_its_repositories_then_by_its_release) {
  EXPECT_EQ(patterns("apk", {.id = "alpine", .version_id = "3.18.4"}), (Patterns{"Alpine:v3.18"}));
  EXPECT_EQ(patterns("apk", {.id = "alpine", .version_id = "3.18.4", .codename = "v3.16"}),
            (Patterns{"Alpine:v3.16"}));
  EXPECT_EQ(patterns("apk", {.id = "alpine", .version_id = "3.18.4", .codename = "edge"}),
            (Patterns{"Alpine:edge"}));
  EXPECT_EQ(patterns("apk", {.id = "alpine", .version_id = "3.21_alpha20240807"}), (Patterns{"Alpine:edge"}));
  EXPECT_EQ(patterns("apk", {.id = "alpine", .version_id = "3.20.0_rc1"}), (Patterns{"Alpine:v3.20"}));
}

TEST(Ecosystem, red_hat_is_every_channel_of_the_main_stream) {
  const Distro ubi{.id = "rhel", .version_id = "9.3"};
  const Patterns all = patterns("rpm", ubi);
  const auto any = [&](std::string_view ecosystem) {
    return std::ranges::any_of(all, [&](const std::string& one) { return fits(one, ecosystem); });
  };
  EXPECT_TRUE(any("Red Hat:enterprise_linux:9::baseos"));
  EXPECT_TRUE(any("Red Hat:enterprise_linux:9::appstream"));
  EXPECT_TRUE(any("Red Hat:enterprise_linux:9::crb"));
  EXPECT_FALSE(any("Red Hat:enterprise_linux:8::baseos"));
  EXPECT_FALSE(any("Red Hat:rhel_eus:9.2::baseos"));
  EXPECT_EQ(patterns("rpm", {.id = "centos", .version_id = "9"}), all);
}

TEST(Ecosystem, of_red_hat_every_stream_is_looked_up) {
  const std::string_view other = find_ecosystem("rpm", {.id = "rhel", .version_id = "9.3"})->other;
  for (const RhelProduct& one : kRhelProducts) {
    if (one.stream.empty()) continue;
    EXPECT_NE(other.find("Red Hat:" + std::string(one.name) + ":"), std::string_view::npos) << one.name;
  }
}

TEST(Ecosystem, suse_writes_service_packs) {
  const Patterns all = patterns("rpm", {.id = "sles", .version_id = "15.5"});
  EXPECT_EQ(all, (Patterns{"SUSE:* 15 SP5"}));
  EXPECT_EQ(patterns("rpm", {.id = "sles", .version_id = "12.5"}),
            (Patterns{"SUSE:* 12 SP5", "SUSE:Linux Enterprise Module for * 12"}));
  EXPECT_TRUE(fits(all[0], "SUSE:Linux Enterprise Server 15 SP5"));
  EXPECT_TRUE(fits(all[0], "SUSE:Linux Enterprise Module for Basesystem 15 SP5"));
  EXPECT_FALSE(fits(all[0], "SUSE:Linux Enterprise Server 15 SP5-LTSS"));
  EXPECT_FALSE(fits(all[0], "SUSE:Linux Enterprise Server 15 SP6"));
  EXPECT_EQ(patterns("rpm", {.id = "sles", .version_id = "15"}), (Patterns{"SUSE:* 15"}));
  EXPECT_EQ(patterns("rpm", {.id = "sles_sap", .version_id = "15.5"}), all);
  EXPECT_EQ(patterns("rpm", {.id = "opensuse-leap", .version_id = "15.5"}), (Patterns{"openSUSE:Leap 15.5"}));
  EXPECT_EQ(patterns("rpm", {.id = "opensuse-tumbleweed", .version_id = "20240101"}),
            (Patterns{"openSUSE:Tumbleweed"}));
}

TEST(Ecosystem, openeuler_s_label_stands_in_its_name) {
  EXPECT_EQ(patterns("rpm", {.id = "openeuler", .version_id = "24.03", .name = "openEuler 24.03 (LTS-SP1)"}),
            (Patterns{"openEuler:24.03-LTS-SP1"}));
  const auto of = [](const char* number, const char* name) {
    return patterns("rpm", {.id = "openeuler", .version_id = number, .name = name}).at(0);
  };
  EXPECT_EQ(of("22.03", "openEuler 22.03 (LTS)"), "openEuler:22.03-LTS");
  EXPECT_EQ(of("22.03", "openEuler 22.03 LTS"), "openEuler:22.03-LTS");
  EXPECT_EQ(of("22.03", "openEuler 22.03 LTS SP2"), "openEuler:22.03-LTS-SP2");
  EXPECT_EQ(of("22.03", "openEuler release 22.03 (LTS-SP2) (x86_64)"), "openEuler:22.03-LTS-SP2");
  EXPECT_EQ(of("23.09", "openEuler 23.09"), "openEuler:23.09");
  EXPECT_EQ(of("22.03", "openEuler"), "openEuler:22.03");
}

TEST(Ecosystem, the_others) {
  EXPECT_EQ(patterns("rpm", {.id = "rocky", .version_id = "9.3"}), (Patterns{"Rocky Linux:9"}));
  EXPECT_EQ(patterns("rpm", {.id = "almalinux", .version_id = "8.9"}), (Patterns{"AlmaLinux:8"}));
  EXPECT_EQ(patterns("rpm", {.id = "photon", .version_id = "5.0"}), (Patterns{"Photon OS:5.0"}));
  EXPECT_EQ(patterns("rpm", {.id = "mariner", .version_id = "2.0.20240101"}), (Patterns{"Azure Linux:2"}));
  EXPECT_EQ(patterns("apk", {.id = "wolfi", .version_id = "20230201"}), (Patterns{"Wolfi"}));
  EXPECT_EQ(patterns("apk", {.id = "alpaquita", .version_id = "stream"}), (Patterns{"Alpaquita:stream"}));
}

}  // namespace
}  // namespace peekr
