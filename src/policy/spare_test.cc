// SPDX-License-Identifier: Apache-2.0
#include "policy/spare.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

Package deb(std::string name, std::vector<std::string> files, std::vector<std::string> needs = {}) {
  return {.type = "deb",
          .name = std::move(name),
          .version = "1",
          .files = std::move(files),
          .needs = std::move(needs)};
}

// A web server, tools beside it, and what each of them needs.
Report image() {
  Report report;
  report.inventory.packages = {
      deb("nginx", {"usr/sbin/nginx"}, {"libc6", "iproute2|net-tools", "mail-agent"}),
      deb("libc6", {"lib/x86_64-linux-gnu/libc.so.6"}),
      deb("net-tools", {"sbin/ifconfig"}),
      deb("exim", {"usr/sbin/exim"}, {"perl"}),
      deb("perl", {"usr/bin/perl"}, {"perl-base"}),
      deb("perl-base", {"usr/bin/perl5"}),
      deb("curl", {"usr/bin/curl"}, {"libc6"}),
      deb("git", {"usr/bin/git"}, {"less"}),
      deb("less", {"usr/bin/less"}),
      deb("gdb", {"usr/bin/gdb", "usr/lib/libgdb.so"}),
      deb("apt", {"usr/bin/apt"}),
      deb("bash", {"bin/bash"}),
      deb("tzdata", {"usr/share/zoneinfo/UTC"}),
      deb("pip", {"usr/bin/pip"}),
  };
  report.inventory.packages[3].provides = {"mail-agent"};
  report.inventory.packages[11].essential = true;
  report.inventory.packages.push_back({.type = "pypi", .name = "pip", .version = "1", .owner = 13});
  report.inventory.packages.push_back({.type = "golang", .name = "stdlib", .version = "1", .owner = 6});
  report.image.entry = {.command = {"nginx", "-g", "daemon off;"}};
  return report;
}

std::vector<std::string> spare_of(const Report& report) {
  std::vector<std::string> names;
  for (const std::size_t i : spare_packages(report).packages)
    names.push_back(report.inventory.packages[i].name);
  return names;
}

using Texts = std::vector<std::string>;

TEST(Spare, are_tools_that_nothing_needs_which_stays) {
  const Report report = image();
  EXPECT_EQ(spare_packages(report).entry, "nginx");
  EXPECT_EQ(spare_of(report), (Texts{"curl", "git", "less"}))
      << "perl is exim's, exim the mail agent, net-tools one of two; libraries, data, modules and the "
         "manager stay";
}

TEST(Spare, is_nothing_that_a_command_names) {
  Report report = image();
  report.image.entry.check = {"CMD-SHELL", "curl -f http://localhost/ || exit 1"};
  EXPECT_EQ(spare_of(report), (Texts{"git", "less"}));
  report.image.entry.command.push_back("--pager=/usr/bin/less");
  EXPECT_EQ(spare_of(report), (Texts{"git"}));
}

TEST(Spare, is_nothing_where_it_is_not_known_what_runs) {
  Report report = image();
  for (const Texts& command : {Texts{}, Texts{"/entrypoint.sh"}, Texts{"/bin/bash", "-c", "nginx"},
                               Texts{"./nginx"}, Texts{"app"}}) {
    report.image.entry.command = command;
    EXPECT_EQ(spare_of(report), Texts()) << (command.empty() ? "" : command[0]);
  }
  report.image.entry = {.command = {"nginx"}, .check = {}, .path = "/opt/bin"};
  EXPECT_EQ(spare_of(report), Texts()) << "its PATH is another one";
  report.image.entry.command = {"/usr/sbin/nginx"};
  EXPECT_EQ(spare_of(report).size(), 3u);
}

}  // namespace
}  // namespace peekr
