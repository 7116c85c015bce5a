// SPDX-License-Identifier: Apache-2.0
#include "policy/spare.h"

#include <gtest/gtest.h>

#include "policy/plan.h"

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

TEST(Spare, is_nothing_where_another_root_file_system_is_inside) {
  Report report = image();
  report.inventory.packages[6].path = Path("srv/chroot/var/lib/dpkg/status");
  EXPECT_EQ(spare_of(report), Texts());
}

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

TEST(Spare, is_nothing_where_the_entry_point_starts_others) {
  for (const char* name :
       {"supervisord", "init", "systemd", "cron", "setpriv", "runsvdir", "s6-svscan", "timeout", "xargs",
        "su-exec", "python3.11", "perl5.36.0", "php-fpm8.2", "node", "sshd", "sleep", "busybox"}) {
    Report report = image();
    report.inventory.packages[0].files.push_back(std::string("usr/bin/") + name);
    report.image.entry.command = {name};
    EXPECT_EQ(spare_of(report), Texts()) << name;
    report.image.entry = {.command = {"nginx"}, .check = {"CMD", name, "x"}};
    EXPECT_EQ(spare_of(report), Texts()) << name;
  }
}

TEST(Spare, is_no_package_with_data) {
  for (const char* file :
       {"usr/share/ca-certificates/mozilla/x.crt", "usr/share/i18n/x", "etc/ssl/x", "var/lib/x",
        "usr/lib/git-core/git", "etc/cron.d/curl", "usr/share/curl/x", "etc/curlx"}) {
    Report report = image();
    report.inventory.packages[6].files.push_back(file);
    sort_unique(report.inventory.packages[6].files);
    EXPECT_EQ(spare_of(report), (Texts{"git", "less"})) << file;
  }
  Report report = image();
  report.inventory.packages[6].files = {"etc/curl",
                                        "etc/curl/a",
                                        "etc/curlrc",
                                        "usr/bin",
                                        "usr/bin/curl",
                                        "usr/share/doc/curl/copyright",
                                        "usr/share/man/man1/curl.1.gz",
                                        "usr/share/zsh/vendor-completions/_curl"};
  EXPECT_EQ(spare_of(report), (Texts{"curl", "git", "less"}));
  report.inventory.packages[12].needs = {"curl"};
  EXPECT_EQ(spare_of(report), (Texts{"git", "less"})) << "data needs it";
}

TEST(Spare, is_nothing_where_a_word_may_be_a_program_that_no_package_lists) {
  Report report = image();
  report.inventory.packages.push_back(deb("netcat-openbsd", {"bin/nc.openbsd"}));
  report.inventory.packages.push_back(deb("tool", {"bin/tool.basic"}));
  EXPECT_EQ(spare_of(report).size(), 5u);
  for (const Texts& check :
       {Texts{"CMD", "nc", "-z", "localhost", "80"}, Texts{"CMD-SHELL", "nc -z localhost 80"},
        Texts{"CMD", "/check.sh"}, Texts{"nginx"}, Texts{"CMD-SHELL", "curl -f x || /opt/check"},
        Texts{"CMD-SHELL", "exec nc"}, Texts{"CMD-SHELL", "$CHECK"},
        Texts{"CMD-SHELL", "if tool; then exit 0; fi"}, Texts{"CMD-SHELL", "'nginx' -t"}}) {
    report.image.entry.check = check;
    EXPECT_EQ(spare_of(report), Texts()) << check.back();
  }
  report.image.entry.check = {"CMD-SHELL", "A=1 curl -f x >/dev/null 2>&1 || exit 1"};
  EXPECT_EQ(spare_of(report), (Texts{"git", "less", "netcat-openbsd", "tool"}));
  report.image.entry.check = {"NONE"};
  for (const char* word : {"--hook=nc -l", "tool", "/usr/local/bin/mine"}) {
    report.image.entry.command = {"nginx", word};
    EXPECT_EQ(spare_of(report), Texts()) << word;
  }
}

Report with_rpm() {
  Report report = image();
  for (Package& one : report.inventory.packages) {
    if (one.type != "deb") continue;
    one.type = "rpm";
    one.path = Path("var/lib/rpm/rpmdb.sqlite");
  }
  return report;
}

TEST(Spare, of_rpm_may_be_needed_as_a_file) {
  Report report = with_rpm();
  EXPECT_EQ(spare_packages(report).type, "rpm");
  EXPECT_EQ(spare_of(report), (Texts{"curl", "git", "less"}));
  report.inventory.packages[0].needs.push_back("/bin/less");
  EXPECT_EQ(spare_of(report), (Texts{"curl", "git"})) << "usr/bin/less: /bin may be a link";
  report.inventory.packages[0].needs.push_back("/usr/bin/mail|/usr/bin/git");
  EXPECT_EQ(spare_of(report), (Texts{"curl"}));
}

TEST(Spare, of_rpm_has_links_for_debuggers) {
  Report report = with_rpm();
  report.inventory.packages[6].files = {"usr/bin/curl", "usr/lib/.build-id", "usr/lib/.build-id/3a",
                                        "usr/lib/.build-id/3a/0123", "usr/share/licenses/curl/COPYING"};
  EXPECT_EQ(spare_of(report), (Texts{"curl", "git", "less"}));
}

TEST(Spare, of_rpm_is_the_only_one_of_its_name) {
  Report report = with_rpm();
  report.inventory.packages.push_back(report.inventory.packages[6]);
  EXPECT_EQ(spare_of(report), (Texts{"git", "less"})) << "rpm -e curl names two";
}

TEST(Spare, of_rpm_goes_with_what_needs_its_file) {
  Report report = with_rpm();
  report.inventory.packages.push_back(report.inventory.packages[6]);
  Package& manager = report.inventory.packages.back();
  manager.name = "rpm";
  manager.files = {"usr/bin/rpm", "usr/lib/rpm/macros"};
  report.inventory.packages[7].needs = {"/usr/bin/less"};
  report.findings.list = {{.package = 8, .id = "CVE-2024-0001"}};
  Remediation plan;
  Means means(report.inventory.packages);
  leave_out(report, report.findings, means, plan);
  ASSERT_EQ(plan.actions.size(), 1u);
  EXPECT_EQ(plan.actions[0].command, "rpm -e git less");
  EXPECT_EQ(plan.actions[0].type, "rpm");
}

TEST(Spare, are_no_shell_and_nothing_where_there_is_a_gap) {
  Report report = image();
  report.inventory.packages.push_back(deb("dash", {"bin/sh"}));
  EXPECT_EQ(spare_of(report), (Texts{"curl", "git", "less"}));
  report.inventory.notes = {{Path(), Why::damaged, "stanza at line 7"}};
  EXPECT_EQ(spare_of(report), Texts()) << "who knows what that needs";
}

// Squares of these would be minutes.
TEST(Spare, is_found_in_a_time_that_grows_with_the_packages) {
  Report report = image();
  const Texts same(1000, "x");
  for (int i = 0; i < 100; ++i) {
    const std::string name = "t" + std::to_string(i);
    report.inventory.packages.push_back(deb(name, {"usr/bin/" + name}, same));
    report.inventory.packages.back().provides = same;
  }
  EXPECT_EQ(spare_of(report).size(), 103u);
  report.inventory.packages[0].needs.insert(report.inventory.packages[0].needs.end(), same.begin(),
                                            same.end());
  EXPECT_EQ(spare_of(report), (Texts{"curl", "git", "less"}));
  report.image.entry.command.insert(report.image.entry.command.end(), 100'000, "word");
  EXPECT_GT(spare_of(report).size(), 0u) << "one word, many times";
  for (int i = 0; i < 2000; ++i) report.image.entry.command.push_back("w" + std::to_string(i));
  EXPECT_EQ(spare_of(report), Texts()) << "that is no command";
}

TEST(Spare, what_needs_one_another_goes_in_one_walk) {
  constexpr std::size_t kMany = 10'000;
  Report report = image();
  for (std::size_t i = 0; i < kMany; ++i) {
    const std::string name = "t" + std::to_string(i);
    report.inventory.packages.push_back(deb(name, {"usr/bin/" + name}, {"t" + std::to_string(i + 1)}));
  }
  report.findings.list = {{.package = report.inventory.packages.size() - 1, .id = "CVE-2024-0001"}};
  Remediation plan;
  Means means(report.inventory.packages);
  leave_out(report, report.findings, means, plan);
  ASSERT_EQ(plan.actions.size(), 1u);
  EXPECT_EQ(plan.actions[0].steps.size(), kMany);
}

}  // namespace
}  // namespace peekr
