// SPDX-License-Identifier: Apache-2.0
// Feed to verdict: the typical documents of a feed become a database, a package of that distribution is matched: ecosystem
// strings, names (source or binary), architectures and modules of both sides must mean the same.
#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "db/db.h"
#include "feed/feed.h"
#include "fixture.h"
#include "match/match.h"

namespace peekr {
namespace {

namespace fs = fixture::fs;
using Lines = std::vector<std::string>;

class FeedMatch : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(folder_); }

  void load(const std::string& row) {
    Published all;
    const fs::path in = fixture::root() / "feed" / row / "typical" / "in";
    for (const std::string& file : fixture::files(in)) {
      const std::string bytes = fixture::slurp(in / file);
      const Feed* feed = feed_of(file, bytes);
      ASSERT_NE(feed, nullptr) << file;
      feed->parse(file, bytes, all);
    }
    Result<DbWriter> writer = DbWriter::fresh(folder_, "2026-11-25T00:00:00Z");
    ASSERT_TRUE(writer) << writer.error().message;
    for (const Advisory& one : all.advisories) ASSERT_TRUE(writer->put("test", one));
    ASSERT_TRUE(writer->commit());
  }

  // "CVE-2021-1 wont_fix < 1.2": one line a finding, sorted; what keeps it from being judged as a line, too.
  [[nodiscard]] Lines verdicts(const std::string& id, const std::string& version, Package package) const {
    Result<Db> db = Db::open(folder_);
    EXPECT_TRUE(db) << db.error().message;
    package.type = "rpm";
    const Distro distro{.id = id, .version_id = version, .path = Path("etc/os-release")};
    const Result<Findings> found = match({.distro = distro, .packages = {std::move(package)}}, *db);
    EXPECT_TRUE(found) << found.error().message;
    Lines lines;
    for (const Finding& one : found->list) {
      std::string line = one.id;
      if (one.standing != Standing::affected) line += " " + std::string(name(one.standing));
      lines.push_back(line + (one.fixed_in.empty() ? "" : " < " + one.fixed_in));
    }
    for (const Note& note : found->notes) lines.push_back(note.what);
    std::ranges::sort(lines);
    return lines;
  }

 private:
  std::string folder_ = fs::temp_directory_path() / ("peekr-feed-match-" + std::to_string(::getpid()));
};

Package rpm(std::string name, std::string version, std::string arch = "x86_64") {
  return {.name = std::move(name), .version = std::move(version), .epoch = 0, .arch = std::move(arch)};
}

// A binary package of another source, whose version is its own.
Package of(Package package, std::string source) {
  package.source = std::move(source);
  package.source_version = package.version;
  return package;
}

TEST_F(FeedMatch, amazon_by_release_and_extras_by_their_version) {
  load("amazon");
  Package qemu = rpm("qemu-img", "1.5.3-141.amzn2.5.2", "aarch64");
  qemu.epoch = 10;
  EXPECT_EQ(verdicts("amzn", "2", qemu), Lines{"CVE-2017-5715 < 10:1.5.3-141.amzn2.5.3"});
  qemu.version = "1.5.3-141.amzn2.5.3";
  EXPECT_EQ(verdicts("amzn", "2", qemu), Lines{});
  EXPECT_EQ(
      verdicts("amzn", "2023", rpm("rsyslog", "8.2204.0-2.amzn2023")),
      (Lines{"CVE-2014-3634 < 0:8.2204.0-3.amzn2023.0.2", "CVE-2022-24903 < 0:8.2204.0-3.amzn2023.0.2"}));
  EXPECT_EQ(verdicts("amzn", "2023", rpm("rsyslog-doc", "8.2204.0-2.amzn2023", "noarch")).size(), 2u);
  EXPECT_EQ(verdicts("amzn", "2", rpm("kernel", "5.4.100-1.amzn2")).size(), 2u);
  EXPECT_EQ(verdicts("amzn", "2", rpm("kernel", "4.14.300-1.amzn2")), Lines{});  // core's
}

TEST_F(FeedMatch, bottlerocket) {
  load("bottlerocket");
  Package glibc = rpm("glibc", "2.42-1.1740000000.aaaaaaaa.br1");
  glibc.epoch = 1;
  EXPECT_EQ(verdicts("bottlerocket", "1.30.0", glibc),
            Lines{"CVE-2025-15281 < 1:2.43-1.1773716061.e2e9d7a9.br1"});
}

TEST_F(FeedMatch, fedora_by_source_and_by_binary_package) {
  load("fedora");
  Package ssl = of(rpm("mod_ssl", "2.4.54-1.fc37"), "httpd");
  ssl.epoch = 1;  // the source has none: an SRPM's file name does not say it
  EXPECT_EQ(verdicts("fedora", "37", ssl).size(), 3u);
  EXPECT_EQ(verdicts("fedora", "37", of(rpm("httpd", "2.4.55-1.fc37"), "httpd")), Lines{});
  ssl.version = ssl.source_version = "2.4.54-1.fc36";
  EXPECT_EQ(verdicts("fedora", "36", ssl),
            (Lines{"CVE-2006-20001 < 1:2.4.55-1.fc36", "CVE-2022-37436 < 1:2.4.55-1.fc36"}));
}

TEST_F(FeedMatch, oracle_by_architecture_module_and_within_one_flavour) {
  load("oracle");
  Package bind = rpm("bind-libs", "9.3.3-7.el5", "i386");
  bind.epoch = 30;
  EXPECT_EQ(verdicts("ol", "5.11", bind),
            (Lines{"CVE-2007-0493 < 30:9.3.3-8.el5", "CVE-2007-0494 < 30:9.3.3-8.el5"}));
  // The FIPS flavour has epoch 10: it says nothing about the other, and the other way round.
  EXPECT_EQ(verdicts("ol", "8.5", rpm("gnutls", "3.6.16-4.el8")), Lines{});
  Package fips = rpm("gnutls", "3.6.16-4.el8_fips", "i686");
  fips.epoch = 10;
  EXPECT_EQ(verdicts("ol", "8.5", fips), Lines{"CVE-2021-20232 < 10:3.6.16-4.0.1.el8_fips"});
  fips.arch = "aarch64";
  EXPECT_EQ(verdicts("ol", "8.5", fips), Lines{});
  Package buildah = rpm("buildah", "1.5-2.module+el8.0.0+5100+11111111", "aarch64");
  buildah.modularity = "container-tools:ol8:8000020190611182540:a8c3a1b2";
  EXPECT_EQ(verdicts("ol", "8.0", buildah).size(), 1u);
  buildah.modularity = "container-tools:1.0:8000020190611182540:a8c3a1b2";
  EXPECT_EQ(verdicts("ol", "8.0", buildah), Lines{});
}

TEST_F(FeedMatch, suse_by_product_and_service_pack) {
  load("suse");
  EXPECT_EQ(verdicts("sles", "15", rpm("krb5-client", "1.15.2-4.24")),
            Lines{"CVE-2010-1323 < 0:1.15.2-4.25"});
  EXPECT_EQ(verdicts("sles", "15", rpm("krb5-client", "1.15.2-4.25")), Lines{});
  EXPECT_EQ(verdicts("sles", "15", rpm("kernel-default", "4.12.14-1")), Lines{});  // said to be not affected
  // Long-term support is a subscription of its own: its fixes are not those of 15 SP1, of which a note says that nothing is there.
  EXPECT_EQ(verdicts("sles", "15.1", rpm("kernel-default", "4.12.14-197.1")).size(), 2u);
}

TEST_F(FeedMatch, azurelinux_by_source_package) {
  load("azurelinux");
  EXPECT_EQ(verdicts("azurelinux", "3.0", of(rpm("liboath", "2.6.7-1.azl3"), "oath-toolkit")),
            Lines{"CVE-2024-47191 < 0:2.6.7-3.azl3"});
  EXPECT_EQ(verdicts("azurelinux", "3.0", of(rpm("cloud-hypervisor", "31.0-1.azl3"), "cloud-hypervisor")),
            Lines{});
  EXPECT_EQ(verdicts("mariner", "2.0", of(rpm("syslinux", "6.04-10.cm2"), "syslinux")),
            Lines{"CVE-2022-3857"});
}

TEST_F(FeedMatch, redhat_by_repository_source_module_and_standing) {
  load("redhat");
  EXPECT_EQ(verdicts("rhel", "9.3", of(rpm("libcurl", "7.76.1-26.el9_3.1"), "curl")),
            Lines{"CVE-2023-38545 < 0:7.76.1-26.el9_3.2"});
  EXPECT_EQ(verdicts("rhel", "9.3", of(rpm("libcurl", "7.76.1-26.el9_3.2"), "curl")), Lines{});
  EXPECT_EQ(verdicts("rhel", "9.2", rpm("libcurl", "7.76.1-23.el9_2.4")), Lines{});
  // The first build of 9.3 names no minor release: it is not a late one of 9.2.
  EXPECT_EQ(verdicts("rhel", "9.3", rpm("libcurl", "7.76.1-26.el9")),
            Lines{"CVE-2023-38545 < 0:7.76.1-26.el9_3.2"});
  // Not listed for 9.3 as a binary package: its source is.
  EXPECT_EQ(verdicts("centos", "9", of(rpm("curl-minimal", "7.76.1-26.el9"), "curl")),
            Lines{"CVE-2023-38545 < 0:7.76.1-26.el9_3.2"});
  EXPECT_EQ(verdicts("rhel", "8.9", of(rpm("libcurl", "7.61.1-33.el8"), "curl")), Lines{});
  EXPECT_EQ(verdicts("rhel", "7.9", of(rpm("snakeyaml", "1.11-7.el7", "noarch"), "snakeyaml")),
            Lines{"CVE-2022-38752 end_of_life"});
  EXPECT_EQ(verdicts("rhel", "8.9", of(rpm("snakeyaml", "1.11-7.el8", "noarch"), "snakeyaml")),
            Lines{"CVE-2022-38752 under_investigation"});
  Package ruby = rpm("rubygems", "3.1.6-138.module+el8.6.0+16148+54a2ba8d", "noarch");
  ruby.modularity = "ruby:2.7:8060020220810162001:ad008a3a";
  EXPECT_EQ(verdicts("rhel", "8.6", ruby),
            Lines{"CVE-2023-28755 < 0:3.1.6-139.module+el8.8.0+18745+f1bef313"});
  ruby.modularity = "ruby:2.5:8060020220810162001:ad008a3a";
  EXPECT_EQ(verdicts("rhel", "8.6", ruby), Lines{});
}

}  // namespace
}  // namespace peekr
