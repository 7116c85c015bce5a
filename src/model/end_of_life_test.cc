// SPDX-License-Identifier: Apache-2.0
#include "model/end_of_life.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

Distro distro(std::string id, std::string version, std::string name = "") {
  return {.id = std::move(id), .version_id = std::move(version), .name = std::move(name)};
}

std::string date(const Distro& of) {
  const std::optional<EndOfLife> end = end_of_life(of, "2026-01-01");
  return end ? end->date : "none";
}

TEST(EndOfLife, debian_lts_counts_because_it_is_free) {
  const Distro jessie = distro("debian", "8");
  const std::optional<EndOfLife> end = end_of_life(jessie, "2020-06-30");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->date, "2018-06-17");
  EXPECT_EQ(end->extended, "2020-06-30");
  EXPECT_FALSE(end->past);
  EXPECT_TRUE(end_of_life(jessie, "2020-07-01")->past);
}

TEST(EndOfLife, paid_support_is_told_but_does_not_count) {
  const std::optional<EndOfLife> end = end_of_life(distro("ubuntu", "18.04"), "2024-01-01");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->extended, "2028-04-01");
  EXPECT_TRUE(end->past);
  EXPECT_FALSE(end_of_life(distro("ubuntu", "18.04"), "2023-05-31")->past);
}

TEST(EndOfLife, releases_are_found_as_os_release_writes_them) {
  EXPECT_EQ(date(distro("alpine", "3.18.4")), "2025-05-09");
  EXPECT_EQ(date(distro("alpine", "3.18")), "2025-05-09");
  EXPECT_EQ(date(distro("rhel", "9.3")), "2032-05-31");
  EXPECT_EQ(date(distro("almalinux", "8.4")), "2029-05-31");
  EXPECT_EQ(date(distro("ol", "7.9")), "2024-12-31");
  EXPECT_EQ(date(distro("amzn", "2018.03")), "2023-12-31");
  EXPECT_EQ(date(distro("sles", "15.5")), "2024-12-31");
  EXPECT_EQ(date(distro("sles", "15")), "2019-12-31");
  EXPECT_EQ(date(distro("opensuse-leap", "15.6")), "2026-04-30");
  EXPECT_EQ(date(distro("sl-micro", "6.0")), "2028-06-30");
  EXPECT_EQ(date(distro("photon", "4.0")), "2027-10-11");
}

TEST(EndOfLife, centos_stream_is_not_centos_linux) {
  EXPECT_EQ(date(distro("centos", "8", "CentOS Linux 8")), "2021-12-31");
  EXPECT_EQ(date(distro("centos", "8", "CentOS Stream 8")), "2024-05-31");
}

TEST(EndOfLife, what_endoflife_date_lacks_is_there_too) {
  EXPECT_EQ(date(distro("mariner", "1.0.20210819")), "2023-08-31");
  EXPECT_EQ(date(distro("mariner", "2.0.20250701")), "2025-07-31");
  EXPECT_EQ(date(distro("coreos", "2512.3.0")), "2020-05-26");
  EXPECT_EQ(date(distro("clear-linux-os", "43760")), "2025-07-21");
  EXPECT_EQ(date(distro("pop", "22.04")), "2027-04-25");
  EXPECT_EQ(date(distro("azurelinux", "3.0")), "2027-08-31");
  EXPECT_EQ(date(distro("redhat", "6.2")), "2003-03-31");
}

TEST(EndOfLife, what_has_no_releases_is_rolling) {
  for (const char* id : {"arch", "wolfi", "minimos", "opensuse-tumbleweed", "gentoo"})
    EXPECT_TRUE(is_rolling(distro(id, "20240101"))) << id;
  EXPECT_TRUE(is_rolling({.id = "alpine", .version_id = "3.22", .codename = "edge"}));
  EXPECT_TRUE(is_rolling({.id = "debian", .codename = "trixie/sid"}));
  EXPECT_FALSE(is_rolling(distro("alpine", "3.18.4")));
  EXPECT_FALSE(is_rolling(distro("debian", "")));
  EXPECT_FALSE(is_rolling(distro("azurelinux", "3.0")));
}

TEST(EndOfLife, what_rolls_or_is_unknown_has_none) {
  EXPECT_EQ(date(distro("wolfi", "20230201")), "none");
  EXPECT_EQ(date(distro("arch", "")), "none");
  EXPECT_EQ(date(distro("debian", "")), "none");
  EXPECT_EQ(date(distro("opensuse-tumbleweed", "20240101")), "none");
  EXPECT_EQ(date(distro("alpine", "3.99.1")), "none");
  EXPECT_EQ(date(distro("alpine", "3")), "none") << "3.0 is not 3";
}

}  // namespace
}  // namespace peekr
