// SPDX-License-Identifier: Apache-2.0
// Which release file wins, and what the others add. What each file says: tests/fixtures/catalog/distro.
#include "catalog/distro.h"

#include <gtest/gtest.h>

#include <map>

#include "catalog/rows.h"

namespace peekr {
namespace {

using Files = std::map<std::string, std::string>;

// The system of an image with these files: "id version_id codename name".
std::string system_of(const Files& files) {
  std::vector<Distro> distros;
  for (const auto& [path, bytes] : files) {
    Inventory found;
    run_rows(row_index().look_up(path).wants, {.path = Path(path), .bytes = bytes}, found);
    if (found.distro) distros.push_back(*found.distro);
  }
  const std::optional<Distro> distro = join_distros(std::move(distros));
  return distro ? distro->id + "|" + distro->version_id + "|" + distro->codename + "|" + distro->name
                : "none";
}

TEST(Distro, os_release_beats_older_files) {
  EXPECT_EQ(system_of({{"etc/os-release",
                        "ID=ubuntu\nVERSION_ID=\"22.04\"\nVERSION_CODENAME=jammy\nPRETTY_NAME=U\n"},
                       {"etc/debian_version", "bookworm/sid\n"},
                       {"etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.10\n"}}),
            "ubuntu|22.04|jammy|U");
}

TEST(Distro, etc_beats_usr_lib) {
  EXPECT_EQ(
      system_of({{"etc/os-release", "ID=a\nVERSION_ID=1\n"}, {"usr/lib/os-release", "ID=b\nVERSION_ID=2\n"}}),
      "a|1||");
  EXPECT_EQ(system_of({{"etc/os-release", "ID=debian\nVERSION_ID=11\n"},
                       {"usr/lib/os-release",
                        "ID=debian\nVERSION_ID=12\nPRETTY_NAME=D12\nVERSION_CODENAME=bookworm\n"},
                       {"etc/debian_version", "12.1\n"}}),
            "debian|11||")
      << "what is not of the same version is not of this system";
}

TEST(Distro, a_release_file_of_its_own_beats_one_that_derivatives_share) {
  EXPECT_EQ(system_of({{"etc/oracle-release", "Oracle Linux Server release 9.3\n"},
                       {"etc/redhat-release", "Red Hat Enterprise Linux release 9.3 (Plow)\n"}}),
            "ol|9.3||Oracle Linux Server release 9.3");
  EXPECT_EQ(system_of({{"etc/centos-release", "CentOS Linux release 7.9.2009 (Core)\n"},
                       {"etc/system-release", "CentOS Linux release 7.9.2009 (Core)\n"}}),
            "centos|7||CentOS Linux release 7.9.2009 (Core)");
  EXPECT_EQ(system_of({{"etc/lsb-release",
                        "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\n"
                        "DISTRIB_DESCRIPTION=\"Ubuntu 10.04.4 LTS\"\n"},
                       {"etc/debian_version", "squeeze/sid\n"}}),
            "ubuntu|10.04|lucid|Ubuntu 10.04.4 LTS");
}

TEST(Distro, other_files_fill_what_os_release_leaves_open) {
  EXPECT_EQ(system_of({{"etc/os-release", "ID=alpine\nPRETTY_NAME=A\n"}, {"etc/alpine-release", "3.18.4\n"}}),
            "alpine|3.18.4||A");
  EXPECT_EQ(system_of({{"etc/os-release", "ID=debian\nPRETTY_NAME=D\n"}, {"etc/debian_version", "12.4\n"}}),
            "debian|12||D");
  EXPECT_EQ(system_of({{"etc/os-release", "ID=ubuntu\nVERSION_ID=14.04\n"},
                       {"etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_CODENAME=trusty\n"}}),
            "ubuntu|14.04|trusty|");
  EXPECT_EQ(
      system_of({{"etc/os-release", "ID=debian\nVERSION_ID=13\n"}, {"etc/debian_version", "trixie/sid\n"}}),
      "debian|13||Debian GNU/Linux trixie/sid");
  EXPECT_EQ(system_of({{"etc/os-release", "ID=wolfi\n"}, {"etc/debian_version", "12.4\n"}}), "wolfi|||");
  EXPECT_EQ(system_of({{"etc/os-release", "PRETTY_NAME=x\n"},
                       {"etc/redhat-release", "Fedora release 39 (Thirty Nine)\n"}}),
            "fedora|39||Fedora release 39 (Thirty Nine)");
}

TEST(Distro, debian_testing_and_unstable_have_no_version_but_a_codename) {
  EXPECT_EQ(system_of({{"etc/os-release",
                        "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux trixie/sid\"\n"
                        "VERSION_CODENAME=trixie\n"},
                       {"etc/debian_version", "trixie/sid\n"}}),
            "debian||trixie/sid|Debian GNU/Linux trixie/sid");
  EXPECT_EQ(system_of({{"etc/debian_version", "trixie/sid\n"}}),
            "debian||trixie/sid|Debian GNU/Linux trixie/sid");
}

TEST(Distro, alpines_branch_is_told_where_it_is_not_that_of_the_version) {
  const std::string os = "ID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME=A\n";
  const std::string main = "https://dl-cdn.alpinelinux.org/alpine/v3.18/main\n";
  EXPECT_EQ(system_of({{"etc/os-release", os}, {"etc/apk/repositories", main}}), "alpine|3.18.4||A");
  EXPECT_EQ(system_of({{"etc/os-release", os},
                       {"etc/apk/repositories", "#" + main + "http://x/alpine/edge/main\n"}}),
            "alpine|3.18.4|edge|A");
  EXPECT_EQ(
      system_of({{"etc/os-release", os}, {"etc/apk/repositories", "@e http://x/alpine/edge/main\n" + main}}),
      "alpine|3.18.4||A");
  EXPECT_EQ(system_of({{"etc/os-release", "ID=alpine\nVERSION_ID=3.19_alpha20230901\n"}}),
            "alpine|3.19_alpha20230901|edge|");
  EXPECT_EQ(system_of({{"etc/apk/repositories", main}}), "alpine|3.18||");
  EXPECT_EQ(system_of({{"etc/apk/repositories",
                        "@e\thttp://x/alpine/v3.19/main\nhttp://x/edge/alpine/v3.18/main\n"}}),
            "alpine|3.18||");
  const std::string of_apk3 =
      "# apk 3\nset -default m=x\nv3 https://dl-cdn.alpinelinux.org/alpine/v3.23 main  community\n";
  EXPECT_EQ(system_of({{"etc/os-release", os}, {"etc/apk/repositories.d/a.list", of_apk3}}),
            "alpine|3.18.4|v3.23|A");
  EXPECT_EQ(system_of({{"etc/os-release", os},
                       {"etc/apk/repositories", "@e v3 http://x/alpine/v3.22 main\n" + main},
                       {"lib/apk/repositories.d/a.list", of_apk3}}),
            "alpine|3.18.4||A");
  EXPECT_EQ(
      system_of({{"etc/os-release", "ID=wolfi\nVERSION_ID=20230201\n"}, {"etc/apk/repositories", main}}),
      "wolfi|20230201||");
}

TEST(Distro, without_any_id_it_is_linux) {
  EXPECT_EQ(system_of({{"etc/os-release", "NAME=Something\n"}}), "linux|||Something");
  EXPECT_EQ(system_of({}), "none");
}

}  // namespace
}  // namespace peekr
