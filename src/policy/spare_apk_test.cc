// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "policy/plan.h"
#include "policy/spare.h"

namespace peekr {
namespace {

using Texts = std::vector<std::string>;

Package apk(std::string name, Texts files, Texts needs = {}, Texts provides = {}) {
  Package one{.type = "apk",
              .name = std::move(name),
              .version = "1",
              .files = std::move(files),
              .path = Path("lib/apk/db/installed"),
              .needs = std::move(needs),
              .provides = std::move(provides)};
  return one;
}

Package& named(Report& report, std::string_view name) {
  return *std::ranges::find(report.inventory.packages, name, &Package::name);
}

// Alpine, a web server, and two tools with libraries of their own.
Report image() {
  Report report;
  std::vector<Package>& all = report.inventory.packages;
  all = {
      apk("alpine-baselayout", {"etc/hosts"}, {"/bin/sh"}),
      apk("apk-tools", {"sbin/apk"}, {"so:libssl.so.3", "so:libc.musl.so.1"}),
      apk("busybox", {"bin/busybox"}, {"so:libc.musl.so.1"}, {"cmd:busybox"}),
      apk("busybox-binsh", {"bin/sh"}, {"busybox"}, {"/bin/sh"}),
      apk("libssl3", {"lib/libssl.so.3", "usr/lib/libssl.so.3"}, {}, {"so:libssl.so.3"}),
      apk("musl", {"lib/ld-musl.so.1"}, {}, {"so:libc.musl.so.1"}),
      apk("ssl_client", {"usr/bin/ssl_client"}, {"so:libssl.so.3"}),
      apk("nginx", {"usr/sbin/nginx"}, {"so:libssl.so.3", "so:libz.so.1"}),
      apk("zlib", {"lib/libz.so.1"}, {}, {"so:libz.so.1"}),
      apk("curl", {"usr/bin/curl"}, {"so:libcurl.so.4", "so:libz.so.1"}, {"cmd:curl"}),
      apk("libcurl", {"usr/lib/libcurl.so.4", "usr/lib/libcurl.so.4.8.0"}, {"so:libssl.so.3"},
          {"so:libcurl.so.4"}),
      apk("jq", {"usr/bin/jq"}),
  };
  for (const char* name : {"alpine-baselayout", "apk-tools", "busybox", "nginx", "curl", "jq"})
    named(report, name).asked = true;
  named(report, "ssl_client").comes_with = {"busybox", "libssl3"};
  report.inventory.completeness = {.executables = 12, .owned = 12};
  report.image.layers.emplace_back();
  report.image.entry = {.command = {"nginx", "-g", "daemon off;"}};
  for (std::size_t i = 0; i < all.size(); ++i)
    report.findings.list.push_back({.package = i, .id = "CVE-2024-000" + std::to_string(i)});
  return report;
}

// What the plan removes: the command, and the packages.
std::string removed(const Report& report) {
  Remediation plan;
  Means means(report.inventory.packages);
  leave_out(report, report.findings, means, plan);
  if (plan.actions.empty()) return "";
  std::string text = plan.actions[0].command + ":";
  for (const Remediation::Step& step : plan.actions[0].steps) text += " " + step.name;
  return text;
}

TEST(SpareApk, a_tool_takes_its_libraries_with_it) {
  EXPECT_EQ(removed(image()), "apk del curl jq: curl jq libcurl");
}

TEST(SpareApk, what_something_else_needs_stays) {
  Report report = image();
  named(report, "nginx").needs.push_back("so:libcurl.so.4");
  EXPECT_EQ(removed(report), "apk del curl jq: curl jq");
  named(report, "nginx").needs.push_back("cmd:curl");
  EXPECT_EQ(removed(report), "apk del jq: jq");
  report.image.entry.check = {"CMD-SHELL", "jq ."};
  EXPECT_EQ(removed(report), "");
}

TEST(SpareApk, what_comes_of_itself_goes_of_itself) {
  Report report = image();
  report.inventory.packages.push_back(apk("curl-doc", {"usr/share/man/man1/curl.1.gz"}));
  named(report, "curl-doc").comes_with = {"curl"};
  EXPECT_EQ(removed(report), "") << "what goes is neither a tool nor a library";
  named(report, "curl-doc").files = {"etc/curl-doc.d/x", "usr/bin/curl-doc"};
  EXPECT_EQ(removed(report), "");
  named(report, "curl-doc").files = {"usr/bin/curl-doc"};
  EXPECT_EQ(removed(report), "apk del curl jq: curl curl-doc jq libcurl") << "a tool, too";
  named(report, "curl-doc").files = {"usr/lib/libdoc.so"};
  EXPECT_EQ(removed(report), "apk del curl jq: curl curl-doc jq libcurl");
}

TEST(SpareApk, is_nothing_where_apk_has_more_than_it_was_asked_for) {
  Report report = image();
  for (const char* name : {"curl", "nginx", "apk-tools"}) {
    named(report, name).asked = false;
    EXPECT_EQ(removed(report), "") << name;
    named(report, name).asked = true;
  }
  named(report, "ssl_client").comes_with = {"unknown"};
  EXPECT_EQ(removed(report), "");
}

TEST(SpareApk, is_nothing_where_one_of_several_is_needed) {
  Report report = image();
  report.inventory.packages.push_back(apk("other", {"usr/lib/libother.so"}, {}, {"so:libcurl.so.4"}));
  EXPECT_EQ(removed(report), "");
  named(report, "other").asked = named(report, "libcurl").asked = true;
  EXPECT_EQ(removed(report), "apk del curl jq: curl jq");
}

TEST(SpareApk, is_nothing_where_a_program_is_nobodys) {
  Report report = image();
  report.inventory.completeness = {.executables = 20, .owned = 19, .identified = 1};
  EXPECT_EQ(removed(report), "") << "it may need libcurl";
  report.inventory.completeness = {};
  EXPECT_EQ(removed(report), "") << "they were not looked at";
  report.inventory.completeness = {.executables = 12, .owned = 12};
  report.image.layers[0].partial = true;
  EXPECT_EQ(removed(report), "") << "not all of them were";
}

TEST(SpareApk, takes_neither_data_nor_programs_of_others_along) {
  Report report = image();
  named(report, "curl").needs.push_back("certificates");
  report.inventory.packages.push_back(apk("certificates", {"etc/ssl/certs/ca-certificates.crt"}));
  EXPECT_EQ(removed(report), "");
  named(report, "certificates").asked = true;
  EXPECT_EQ(removed(report), "apk del curl jq: curl jq libcurl");
  named(report, "nginx").asked = false;
  named(report, "curl").needs.push_back("nginx");
  EXPECT_EQ(removed(report), "") << "the entry point would go";
}

TEST(SpareApk, is_nothing_of_a_system_that_is_not_all_read) {
  Report report = image();
  report.inventory.notes = {{Path("lib/apk/db/installed"), Why::damaged, "record at line 7"}};
  EXPECT_EQ(removed(report), "");
  report.inventory.notes[0].path = Path("app/x.jar");
  EXPECT_NE(removed(report), "");
  report.inventory.packages.back().path = Path("srv/lib/apk/db/installed");
  EXPECT_EQ(removed(report), "") << "there are two systems";
  report = image();
  report.inventory.packages.push_back({.type = "deb", .name = "dpkg", .version = "1"});
  EXPECT_EQ(removed(report), "");
}

// Squares of these would be minutes.
TEST(SpareApk, is_found_in_a_time_that_grows_with_the_packages) {
  Report report = image();
  for (int i = 0; i < 10'000; ++i) {
    const std::string name = "t" + std::to_string(i);
    report.inventory.packages.push_back(apk(name, {"usr/lib/lib" + name + ".so"}));
    report.inventory.packages.back().comes_with = {i == 0 ? "jq" : "t" + std::to_string(i - 1)};
  }
  std::ranges::reverse(report.inventory.packages);
  report.findings.list = {{.package = 10'000, .id = "CVE-2024-0001"}};
  EXPECT_EQ(removed(report), "") << "no real package comes behind so many";
}

}  // namespace
}  // namespace peekr
