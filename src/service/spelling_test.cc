// SPDX-License-Identifier: Apache-2.0
#include "service/spelling.h"

#include <gtest/gtest.h>

#include <utility>

namespace peekr {
namespace {

TEST(Spelling, is_that_of_what_packages_are_looked_up_by) {
  for (const auto& [written, wanted] :
       {std::pair("pypi", "PyPI"),
        {"PyPI", "PyPI"},
        {"Debian:bookworm", "Debian:12"},
        {"debian:12", "Debian:12"},
        {"Debian:sid", "Debian:sid"},
        {"Ubuntu:jammy", "Ubuntu:22.04"},
        {"Ubuntu:22.04:LTS", "Ubuntu:22.04:LTS"},
        {"Alpine:3.18", "Alpine:v3.18"},
        {"Alpine:edge", "Alpine:edge"},
        {"Red Hat:enterprise_linux:9::appstream", "Red Hat:enterprise_linux:9::appstream"},
        {"Node.js", "Node.js"},
        {"Nmp", ""},
        {"", ""}})
    EXPECT_EQ(looked_up_as(written), wanted) << written;
}

// "ecosystem package" of a record that names its package by that alone; else the note.
std::string settled(const std::string& purl) {
  Published said;
  said.advisories = {{.id = "FIRST"}, {.id = "MINE-1", .affected = {{.package = purl}}}};
  settle_purls({.name = "mine.json"}, 1, said);
  EXPECT_EQ(said.advisories.front().id, "FIRST");
  if (said.advisories.size() == 1) return said.notes.at(0).what;
  const Affected& one = said.advisories.at(1).affected.at(0);
  return one.ecosystem + " " + one.package + (one.versions.empty() ? "" : "@" + one.versions.at(0)) +
         (one.key == KeyKind::source ? " source" : "");
}

TEST(Spelling, of_a_package_url_is_what_its_package_is_looked_up_by) {
  for (const auto& [purl, wanted] :
       {std::pair("pkg:npm/%40angular/core", "npm @angular/core"),
        {"pkg:maven/org.dom4j/dom4j", "Maven org.dom4j:dom4j"},
        {"pkg:golang/golang.org/x/net", "Go golang.org/x/net"},
        {"pkg:pypi/requests?extra=1", "PyPI requests"},
        {"pkg:deb/debian/curl?distro=debian-12", "Debian:12 curl"},
        {"pkg:deb/debian/curl?arch=source", "Debian curl source"},
        {"pkg:deb/debian/curl?distro=debian", "Debian curl"},
        {"pkg:deb/debian/curl?distro=bookworm", "Debian:12 curl"},
        {"pkg:deb/debian/curl?distro=sid", "Debian:sid curl"},
        {"pkg:deb/debian/curl?distro=unstable", "Debian:unstable curl"},
        {"pkg:apk/alpine/curl?distro=edge", "Alpine:edge curl"},
        {"pkg:pypi/requests@1.2", "PyPI requests@1.2"},
        {"pkg:rpm/rocky/curl@7.1-2?epoch=1&distro=rocky-9.4", "Rocky Linux:9 curl@1:7.1-2"},
        {"pkg:apk/alpine/curl?distro=alpine-3.18.4", "Alpine:v3.18 curl"},
        {"pkg:rpm/rocky/curl?distro=rocky-9.4", "Rocky Linux:9 curl"},
        {"pkg:rpm/redhat/curl?arch=src&distro=redhat-9.2", "Red Hat:enterprise_linux:9 curl source"}})
    EXPECT_EQ(settled(purl), wanted) << purl;
  for (const std::string purl : {"pkg:generic/openssl", "pkg:nothing/a", "pkg:rpm/suse/curl?distro=sles-15.5",
                                 "pkg:deb/debian/curl?distro=nowhere"})
    EXPECT_EQ(settled(purl), "MINE-1: " + purl + ": nobody is known to judge it: want ecosystem and name");
}

TEST(Spelling, of_a_package_url_the_version_is_told_where_the_record_has_others) {
  const auto notes = [](Affected one) {
    one.package = "pkg:pypi/requests@1.2";
    Published said;
    said.advisories = {{.id = "MINE-1", .affected = {std::move(one)}}};
    settle_purls({.name = "mine.json"}, 0, said);
    EXPECT_EQ(said.advisories.size(), 1);
    return said.notes.empty() ? "" : said.notes.front().what;
  };
  const std::string told =
      "MINE-1: pkg:pypi/requests@1.2: its version is not used: the record has versions or ranges beside it";
  EXPECT_EQ(notes({.versions = {"1.1"}}), told);
  EXPECT_EQ(notes({.ranges = {Range{}}}), told);
  EXPECT_EQ(notes({.versions = {"1.1", "1.2"}}), "");
  EXPECT_EQ(notes({}), "");
}

}  // namespace
}  // namespace peekr
