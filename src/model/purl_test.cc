// SPDX-License-Identifier: Apache-2.0
#include "model/purl.h"

#include <gtest/gtest.h>

#include "model/end_of_life.h"
#include "model/release.h"

namespace peekr {
namespace {

TEST(Purl, its_parts_are_decoded) {
  const std::optional<Purl> purl =
      parse_purl("pkg:DEB/ubuntu/libstdc%2B%2B6@1:2.0%2Bb1?arch=amd64&Distro=esm-infra/focal#sub/path");
  ASSERT_TRUE(purl);
  EXPECT_EQ(purl->type, "deb");
  EXPECT_EQ(purl->space, "ubuntu");
  EXPECT_EQ(purl->name, "libstdc++6");
  EXPECT_EQ(purl->version, "1:2.0+b1");
  EXPECT_EQ(purl->qualifier("distro"), "esm-infra/focal");
  EXPECT_EQ(purl->qualifier("os"), "");
}

TEST(Purl, a_scope_is_a_namespace_and_a_path_may_be_long) {
  EXPECT_EQ(parse_purl("pkg:npm/%40babel/core@7.0.0")->space, "@babel");
  EXPECT_EQ(parse_purl("pkg:npm/@babel/core")->name, "core");
  EXPECT_EQ(parse_purl("pkg:golang/golang.org/x/crypto@v0.1.0")->space, "golang.org/x");
  EXPECT_EQ(parse_purl("pkg:oci/dhi%2Fredis")->name, "dhi/redis");
}

TEST(Purl, an_at_that_begins_a_part_is_no_version) {
  EXPECT_EQ(parse_purl("pkg:golang/example.com/@scope/x")->space, "example.com/@scope");
  EXPECT_EQ(parse_purl("pkg:golang/example.com/@scope/x")->version, "");
  EXPECT_EQ(parse_purl("pkg:npm/@babel/core@7.0.0")->version, "7.0.0");
  EXPECT_EQ(parse_purl("pkg:golang/example.com/x@feature/y")->version, "feature/y");
}

TEST(Purl, its_scheme_may_be_in_capitals) {
  EXPECT_EQ(parse_purl("PKG:npm/a@1")->name, "a");
  EXPECT_TRUE(is_purl("Pkg:"));
  EXPECT_FALSE(is_purl("pk"));
  EXPECT_EQ(with_scheme("PKG:npm/A@1"), "pkg:npm/A@1");
}

TEST(Purl, slashes_with_nothing_between_them_say_nothing) {
  const auto parts = [](std::string_view text) {
    const std::optional<Purl> purl = parse_purl(text);
    return purl ? purl->type + "|" + purl->space + "|" + purl->name + "|" + purl->version : "";
  };
  EXPECT_EQ(parts("pkg:npm//angular@1.5.0/"), "npm||angular|1.5.0");
  EXPECT_EQ(parts("pkg://golang/golang.org//x/crypto@v0.1.0//?a=b"), "golang|golang.org/x|crypto|v0.1.0");
  EXPECT_EQ(parts("pkg:deb/debian/"), "deb||debian|");
  EXPECT_EQ(parts("pkg:npm/%40a%2Fb/c@1%2F"), "npm|@a/b|c|1/");
}

TEST(Purl, what_is_none_is_nothing) {
  for (const char* text : {"", "pkg:", "pkg:deb", "pkg:deb/", "pkg:deb//", "http://example.org", "pkg:#",
                           "pkg:?", "pkg:/x", "deb/debian/curl"}) {
    EXPECT_FALSE(parse_purl(text)) << text;
  }
  EXPECT_EQ(parse_purl("pkg:a/b%")->name, "b%");
  EXPECT_EQ(parse_purl("pkg:a/b%4")->name, "b%4");
}

// What purl() writes of a package names that package.
void round(const Package& package, const std::optional<Distro>& distro) {
  const std::string text = purl(package, distro);
  const std::optional<Purl> parsed = parse_purl(text);
  ASSERT_TRUE(parsed) << text;
  const Package back = package_of(*parsed);
  EXPECT_EQ(back.type, package.type) << text;
  EXPECT_EQ(back.name, package.name) << text;
  EXPECT_EQ(back.version, package.version) << text;
  EXPECT_EQ(back.arch, package.arch) << text;
  EXPECT_EQ(back.epoch, package.epoch) << text;
  EXPECT_EQ(back.modularity, package.modularity) << text;
  if (distro) {
    EXPECT_EQ(back.source, package.source) << text;
    EXPECT_EQ(back.source_version, text.contains("upstream=") ? package.source_version : "") << text;
    EXPECT_EQ(distro_of(*parsed)->id, distro->id) << text;
    EXPECT_EQ(distro_of(*parsed)->version_id, distro->version_id) << text;
  }
}

TEST(PackageOf, reads_what_is_written_here) {
  const auto system = [](const char* type, const char* name, const char* version) {
    return Package{.type = type, .name = name, .version = version, .source = name, .source_version = version};
  };
  Package libc = system("deb", "libc6", "2.19-18+deb8u2");
  libc.arch = "amd64";
  libc.source = "glibc";
  round(libc, Distro{.id = "debian", .version_id = "8"});
  libc.source_version = "1:2.20";
  round(libc, Distro{.id = "ubuntu", .id_like = {"debian"}, .version_id = "22.04"});
  Package rpm = system("rpm", "glibc-common", "2.17-326.el7_9");
  rpm.epoch = 3;
  rpm.source = "glibc";
  round(rpm, Distro{.id = "rhel", .version_id = "7.9"});
  rpm.modularity = "nodejs:16:8080020230818:rhel8";
  round(rpm, Distro{.id = "opensuse-leap", .id_like = {"suse", "opensuse"}, .version_id = "15.5"});
  round(system("apk", "musl-utils", "1.2.4-r1"), Distro{.id = "alpine", .version_id = "3.18.4"});
  round({.type = "npm", .name = "@babel/core", .version = "7.0.0"}, std::nullopt);
  round({.type = "npm", .name = "left-pad"}, std::nullopt);
  round({.type = "maven", .name = "org.apache.logging.log4j:log4j-core", .version = "2.14.1"}, std::nullopt);
  round({.type = "golang", .name = "github.com/gogo/protobuf", .version = "v1.3.1"}, std::nullopt);
  round({.type = "ebuild", .name = "dev-libs/openssl", .version = "3.0.9-r1"}, std::nullopt);
  round({.type = "pypi", .name = "django", .version = "1.11.1+local"}, std::nullopt);
}

TEST(PackageOf, a_system_package_may_name_its_distribution_in_parts) {
  EXPECT_EQ(distro_of(*parse_purl("pkg:deb/debian/curl@7.50.3-1?distro=jessie"))->codename, "jessie");
  EXPECT_EQ(distro_of(*parse_purl("pkg:deb/debian/curl@7.50.3-1?distro=jessie"))->id, "debian");
  const auto release = [](std::string_view qualifier) {
    return distro_of(*parse_purl("pkg:deb/ubuntu/curl@1?distro=" + std::string(qualifier)))->version_id;
  };
  EXPECT_EQ(release("jammy"), "22.04");
  EXPECT_EQ(release("ubuntu-jammy"), "22.04");
  EXPECT_EQ(release("bookworm"), "");  // Debian's, not Ubuntu's
  EXPECT_EQ(release("devel"), "");
  EXPECT_EQ(distro_of(*parse_purl("pkg:deb/curl@1?distro=debian-bookworm"))->version_id, "12");
  EXPECT_EQ(distro_of(*parse_purl("pkg:DEB/Debian/curl"))->id, "debian");
  EXPECT_FALSE(distro_of(*parse_purl("pkg:apk/musl@1.2")));
  EXPECT_EQ(package_of(*parse_purl("pkg:npm/%40a/b@1#sub/path")).name, "@a/b");
}

// Trivy's families, Docker Scout's qualifiers, a release alone.
TEST(PackageOf, a_distribution_has_other_names_with_others) {
  const auto named = [](std::string_view text) {
    const std::optional<Distro> distro = distro_of(*parse_purl(text));
    return distro ? distro->id + " " + distro->version_id : "";
  };
  EXPECT_EQ(named("pkg:apk/alpine/musl@1.2?distro=3.18.4"), "alpine 3.18.4");
  EXPECT_EQ(named("pkg:apk/alpine/musl@1.2?distro=v3.11"), "alpine 3.11");
  EXPECT_EQ(named("pkg:apk/alpine/musl@1.2?distro=alpine-v3.11"), "alpine 3.11");
  EXPECT_EQ(named("pkg:apk/alpine/musl@1.2?distro=v"), "alpine ");
  EXPECT_EQ(named("pkg:rpm/alma/bash@5?distro=alma-9.3"), "almalinux 9.3");
  EXPECT_EQ(named("pkg:rpm/alma/bash@5"), "almalinux ");
  EXPECT_EQ(named("pkg:rpm/amazon/bash@5?distro=amazon-2%20%28Karoo%29"), "amzn 2");
  EXPECT_EQ(named("pkg:rpm/amazon/bash@5?distro=amazon-2023.3.20240304%20(Amazon%20Linux)"),
            "amzn 2023.3.20240304");
  EXPECT_EQ(named("pkg:rpm/oracle/bash@5?distro=oracle-8.5"), "ol 8.5");
  EXPECT_EQ(named("pkg:rpm/redhat/bash@5?distro=redhat-9.3"), "rhel 9.3");
  EXPECT_EQ(named("pkg:rpm/suse/bash@5?distro=suse%20linux%20enterprise%20server-15.5"), "sles 15.5");
  EXPECT_EQ(named("pkg:rpm/opensuse/bash@5?distro=opensuse-leap-15.5"), "opensuse-leap 15.5");
  EXPECT_EQ(named("pkg:rpm/cbl-mariner/bash@5?distro=cbl-mariner-2.0.20231130"), "mariner 2.0.20231130");
  EXPECT_EQ(named("pkg:deb/debian/bash@5?os_name=debian&os_version=12"), "debian 12");
  EXPECT_EQ(named("pkg:deb/debian/bash@5?os_name=debian&os_version=12&distro=debian-11"), "debian 11");
  EXPECT_EQ(named("pkg:apk/musl@1.2?distro=3.18.4"), "");  // of whom?
}

TEST(PackageOf, what_fedora_has_built_for_enterprise_linux_is_epel_s) {
  const auto vendor = [](std::string_view text) { return package_of(*parse_purl(text)).vendor; };
  EXPECT_EQ(vendor("pkg:rpm/fedora/htop@3.3.0-1.el9?distro=rocky-9.4"), "Fedora Project");
  EXPECT_EQ(vendor("pkg:rpm/fedora/htop@3.3.0-1.fc40"), "");
  EXPECT_EQ(vendor("pkg:rpm/rocky/htop@3.3.0-1.el9?distro=rocky-9.4"), "");
}

TEST(PackageOf, a_release_may_go_by_a_name) {
  const auto named = [](const std::string& text) {
    const std::optional<Distro> distro = distro_of(*parse_purl("pkg:" + text));
    return distro->id + " " + distro->version_id + " " + distro->codename +
           (says_release(*distro) ? "" : " (which?)");
  };
  EXPECT_EQ(named("deb/debian/a@1?distro=debian-sid"), "debian  sid");
  EXPECT_EQ(named("deb/debian/a@1?distro=debian-unstable"), "debian  unstable");
  EXPECT_EQ(named("deb/debian/a@1?distro=debian-trixie%2Fsid"), "debian  trixie/sid");
  EXPECT_EQ(named("deb/a@1?distro=debian-sid"), "debian  sid");
  EXPECT_EQ(named("deb/debian/a@1?distro=debian-trixie"), "debian 13 trixie");
  EXPECT_EQ(named("deb/debian/a@1?distro=debian-testing"), "debian-testing   (which?)");
  EXPECT_EQ(named("apk/alpine/a@1?distro=alpine-edge"), "alpine  edge");
  EXPECT_EQ(named("apk/alpine/a@1?distro=edge"), "alpine  edge");
  EXPECT_EQ(named("rpm/opensuse/a@1?distro=opensuse-tumbleweed"), "opensuse-tumbleweed  ");
  EXPECT_EQ(named("rpm/opensuse/a@1?distro=tumbleweed"), "opensuse-tumbleweed  ");
  EXPECT_EQ(named("rpm/opensuse/a@1?distro=opensuse-tumbleweed-20240101"), "opensuse-tumbleweed 20240101 ");
  EXPECT_EQ(named("rpm/fedora/a@1?distro=fedora-rawhide"), "fedora  rawhide (which?)");
  EXPECT_EQ(named("alpm/arch/a@1?distro=arch"), "arch  ");
  EXPECT_EQ(named("alpm/arch/a@1?distro=arch-rolling"), "arch  ");
  EXPECT_EQ(named("alpm/arch/a@1?distro=arch-core"), "arch-core   (which?)");
  EXPECT_EQ(named("deb/ubuntu/a@1?distro=ubuntu-jammy"), "ubuntu 22.04 jammy");
}

// Others write the number alone, with capitals or without.
TEST(PackageOf, the_service_pack_of_openeuler_is_part_of_its_release) {
  const Distro sp2{.id = "openeuler", .version_id = "22.03", .name = "openEuler 22.03 (LTS-SP2)"};
  const Package rpm{.type = "rpm", .name = "curl", .version = "7.79.1-24.oe2203sp2"};
  EXPECT_EQ(purl(rpm, sp2), "pkg:rpm/openeuler/curl@7.79.1-24.oe2203sp2?distro=openeuler-22.03-LTS-SP2");
  const auto release = [](const std::string& text) {
    const std::optional<Distro> distro = distro_of(*parse_purl("pkg:rpm/" + text));
    return distro ? distro->id + " " + distro->version_id + " " + full_release(*distro) : "";
  };
  EXPECT_EQ(release("openeuler/a@1?distro=openeuler-22.03-LTS-SP2"), "openeuler 22.03 22.03-LTS-SP2");
  EXPECT_EQ(release("openEuler/a@1?distro=openEuler-22.03-LTS-SP2"), "openeuler 22.03 22.03-LTS-SP2");
  EXPECT_EQ(release("a@1?distro=openEuler-22.03%20%28LTS-SP2%29"), "openeuler 22.03 22.03-LTS-SP2");
  EXPECT_EQ(release("openeuler/a@1?distro=22.03-LTS"), "openeuler 22.03 22.03-LTS");
  EXPECT_EQ(release("openeuler/a@1?distro=openeuler-22.03"), "openeuler 22.03 22.03");
  EXPECT_EQ(release("openeuler/a@1"), "openeuler  ");
}

TEST(PackageOf, a_build_of_openeuler_names_its_release) {
  EXPECT_EQ(open_euler_of_build("7.79.1-24.oe2203sp2"), "22.03-LTS-SP2");
  EXPECT_EQ(open_euler_of_build("7.79.1-24.oe2203"), "22.03-LTS");
  EXPECT_EQ(open_euler_of_build("7.79.1-24.oe2309"), "23.09");
  for (const char* none :
       {"1-2.oe1", "1-2", "1-2.oe2203spx", "1-2.oe2203.1", "1-2.oe2309sp1", "1-2.oe220311"})
    EXPECT_EQ(open_euler_of_build(none), "") << none;
}

TEST(PackageOf, names_of_debian_and_arch_are_in_lower_case) {
  EXPECT_EQ(package_of(*parse_purl("pkg:deb/debian/OpenSSL@1")).name, "openssl");
  EXPECT_EQ(package_of(*parse_purl("pkg:deb/debian/OpenSSL@1")).source, "openssl");
  EXPECT_EQ(package_of(*parse_purl("pkg:alpm/arch/Bash@1")).name, "bash");
  EXPECT_EQ(package_of(*parse_purl("pkg:rpm/fedora/ImageMagick@1")).name, "ImageMagick");
  EXPECT_EQ(package_of(*parse_purl("pkg:apk/alpine/R@4.3.1-r0")).name, "R");
}

TEST(PackageOf, the_standard_library_of_go_has_another_name_with_cyclonedx_gomod) {
  EXPECT_EQ(package_of(*parse_purl("pkg:golang/std@v1.20.0")).name, "stdlib");
  EXPECT_EQ(package_of(*parse_purl("pkg:golang/example.com/std@v1.20.0")).name, "example.com/std");
  EXPECT_EQ(package_of(*parse_purl("pkg:npm/std@1.20.0")).name, "std");
}

TEST(PackageOf, a_swift_package_may_be_named_by_its_address) {
  const auto name = [](std::string_view purl) { return package_of(*parse_purl(purl)).name; };
  EXPECT_EQ(name("pkg:swift/github.com/apple/swift-nio-http2.git@1.19.1"),
            "github.com/apple/swift-nio-http2");
  EXPECT_EQ(name("pkg:swift/github.com/apple/swift-nio-http2@1.19.1"), "github.com/apple/swift-nio-http2");
  EXPECT_EQ(name("pkg:golang/github.com/a/b.git@1"), "github.com/a/b.git");
}

TEST(PackageOf, a_source_that_is_not_said_has_no_version) {
  const auto source = [](std::string_view text) {
    const Package package = package_of(*parse_purl(text));
    return package.source + " " + package.source_version;
  };
  EXPECT_EQ(source("pkg:deb/debian/libssl3@3.0.9-1"), "libssl3 ");
  EXPECT_EQ(source(with_qualifier("pkg:deb/debian/libssl3@3.0.9-1", "upstream", "openssl")),
            "openssl 3.0.9-1");
  EXPECT_EQ(source(with_qualifier("pkg:deb/debian/libssl3@3.0.9-1?a=b#c", "upstream", "a@1:2+3")), "a 1:2+3");
  EXPECT_EQ(with_qualifier("pkg:deb/a@1?a=b#c", "upstream", "a@1+2"), "pkg:deb/a@1?a=b&upstream=a%401%2B2#c");
  EXPECT_EQ(source(with_qualifier("pkg:rpm/rocky/bash-doc@5.1-2.el9", "upstream", "bash@3:5.1-2.el9")),
            "bash 5.1-2.el9");
}

TEST(PackageOf, an_rpm_may_name_its_module) {
  const auto module = [](std::string_view purl) { return package_of(*parse_purl(purl)).modularity; };
  EXPECT_EQ(module("pkg:rpm/redhat/perl-FCGI@0.78-11?arch=x86_64&rpmmod=perl-FCGI:0.78"), "perl-FCGI:0.78");
  EXPECT_EQ(module("pkg:rpm/alma/nodejs@16?modularitylabel=nodejs%3A16%3A80%3Aab"), "nodejs:16:80:ab");
  EXPECT_EQ(module("pkg:deb/debian/nodejs@16?rpmmod=nodejs:16"), "");
  EXPECT_EQ(module("pkg:rpm/redhat/firefox-flatpak@1?rpmmod=rhel10"), "");  // no stream
}

TEST(PackageOf, what_is_no_package_url_is_an_error) {
  EXPECT_EQ(package_of_purl("deb/debian/curl").error().code, Errc::usage);
  EXPECT_EQ(package_of_purl("pkg:npm/%40a/b@1?x=y")->qualifiers.at("x"), "y");
}

}  // namespace
}  // namespace peekr
