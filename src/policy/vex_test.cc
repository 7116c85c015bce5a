// SPDX-License-Identifier: Apache-2.0
// What VEX documents say of a finding in lodash 4.17.4, as they are written by hand and by other tools.
#include <gtest/gtest.h>

#include <string>

#include "model/rhel.h"
#include "policy/test_vex.h"

namespace peekr {
namespace {

bool is_gone(const std::string& document) { return verdict(report(), document) == "gone"; }

// One statement on lodash, with whatever fields of its own.
std::string states(std::string_view status, std::string_view more = "") {
  return R"({"vulnerability": {"name": "CVE-2025-1001"}, "products": [{"@id": "pkg:npm/lodash@4.17.4"}], "status": ")" +
         std::string(status) + "\"" + std::string(more) + "}";
}

std::string openvex(const std::string& statements) {
  return R"({"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-01-01T00:00:00Z", "statements": [)" +
         statements + "]}";
}

std::string at(std::string_view time) { return ", \"timestamp\": \"" + std::string(time) + "\""; }

TEST(OpenVex, a_statement_without_a_time_has_that_of_its_document) {
  EXPECT_FALSE(
      is_gone(openvex(states("not_affected", at("2025-06-01T00:00:00Z")) + "," + states("affected"))));
  EXPECT_FALSE(
      is_gone(openvex(states("affected") + "," + states("not_affected", at("2025-06-01T00:00:00Z")))));
  EXPECT_TRUE(
      is_gone(openvex(states("not_affected") + "," + states("affected", at("2025-06-01T00:00:00Z")))));
  EXPECT_TRUE(is_gone(openvex(
      states("not_affected", at("2025-06-01T00:00:00Z") + R"(, "last_updated": "2026-02-01T00:00:00Z")") +
      "," + states("affected"))));
}

TEST(OpenVex, what_is_no_time_is_a_remark) {
  const Result<Vex> read = read_vex("v.json", openvex(states("not_affected", at("yesterday"))));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->remarks, std::vector<std::string>{"v.json: statement 1: timestamp: no time: yesterday"});
  EXPECT_TRUE(is_gone(openvex(states("not_affected", at("yesterday")))));
  for (const char* other : {"5", "null", "\"\"", "{}"}) {
    const Result<Vex> odd =
        read_vex("v.json", openvex(states("not_affected", R"(, "timestamp": )" + std::string(other))));
    EXPECT_EQ(odd->remarks, std::vector<std::string>{"v.json: statement 1: timestamp: no time"}) << other;
  }
}

TEST(OpenVex, of_two_statements_the_later_moment_counts_however_it_is_written) {
  const auto later = [](std::string_view not_affected, std::string_view affected) {
    const std::string first = states("not_affected", at(not_affected)),
                      second = states("affected", at(affected));
    const bool gone = is_gone(openvex(first + "," + second));
    EXPECT_EQ(gone, is_gone(openvex(second + "," + first)));
    return gone;
  };
  EXPECT_FALSE(later("2026-01-03T01:00:00+02:00", "2026-01-03T00:00:00Z"));
  EXPECT_TRUE(later("2026-01-03T23:00:00-05:00", "2026-01-04T00:00:00Z"));
  EXPECT_TRUE(later("2026-01-03T00:00:00.5Z", "2026-01-03T00:00:00Z"));
  EXPECT_FALSE(later("2026-01-03T00:00:00Z", "2026-01-03T00:00:00.25+00:00"));
  EXPECT_FALSE(later("2026-01-03T01:00:00z", "2026-01-03t02:00:00z"));
}

std::string analysed(std::string_view state, std::string_view more = "") {
  return R"({"id": "CVE-2025-1001", "affects": [{"ref": "r1"}], "analysis": {"state": ")" +
         std::string(state) + "\"" + std::string(more) + "}}";
}

TEST(CycloneDxVex, of_two_analyses_the_later_moment_counts) {
  const std::string old = R"(, "lastUpdated": "2025-06-01T00:00:00Z")",
                    first = R"(, "firstIssued": "2026-02-01T01:00:00+02:00")",
                    last =
                        R"(, "firstIssued": "2024-01-01T00:00:00Z", "lastUpdated": "2026-02-01T00:00:00Z")";
  EXPECT_TRUE(is_gone(cyclonedx(analysed("not_affected", last) + "," + analysed("exploitable", first))));
  EXPECT_FALSE(is_gone(cyclonedx(analysed("exploitable", last) + "," + analysed("not_affected", first))));
  EXPECT_FALSE(is_gone(cyclonedx(analysed("exploitable") + "," + analysed("not_affected", old))));
  EXPECT_TRUE(is_gone(cyclonedx(analysed("not_affected") + "," + analysed("exploitable", old))));
}

std::string of_product(std::string_view product) {
  return verdict(
      image(),
      openvex(
          R"({"vulnerability": {"name": "CVE-2025-1001"}, "status": "not_affected", "products": [{"@id": ")" +
          std::string(product) + R"(", "subcomponents": [{"@id": "pkg:npm/lodash"}]}]})"));
}

TEST(OpenVex, an_image_has_many_spellings) {
  const std::string upper = "SHA256:" + std::string(64, 'A');
  for (const std::string& same :
       {std::string("pkg:oci/app?repository_url=https://registry.example/team/app/&tag=1.2"),
        std::string("pkg:oci/app?repository_url=REGISTRY.example/team/app"),
        std::string("pkg:oci/app?repository_url=registry.example/team&tag=1.2"),
        std::string("pkg:oci/team%2Fapp?repository_url=registry.example&tag=1.2"),
        std::string("pkg:docker/team/app@1.2?repository_url=registry.example"),
        std::string("pkg:docker/team/app@1.2"), "pkg:oci/app@" + upper, "registry.example/team/app@" + upper,
        upper})
    EXPECT_EQ(of_product(same), "gone") << same;
  for (const char* other :
       {"pkg:oci/app?repository_url=registry.example&tag=1.2",
        "pkg:oci/app?repository_url=registry.example/team/app:1.3",
        "pkg:oci/app?repository_url=evil.example/team/app", "pkg:oci/pp?tag=1.2", "pkg:docker/other/app@1.2",
        "pkg:docker/team/app@1.2?repository_url=evil.example"})
    EXPECT_NE(of_product(other), "gone") << other;
}

TEST(OpenVex, docker_s_registry_has_many_names) {
  for (const char* url : {"docker.io", "registry-1.docker.io/library/debian",
                          "https://index.docker.io/library/debian", "docker.io/library/"}) {
    Report debian = image();
    debian.image.tag = "debian:12";
    const std::string product = "pkg:oci/debian?tag=12&repository_url=" + std::string(url);
    EXPECT_EQ(
        verdict(
            debian,
            openvex(
                R"({"vulnerability": {"name": "cve-2025-1001"}, "status": "fixed", "products": [{"@id": ")" +
                product + R"("}]})")),
        "gone")
        << url;
  }
}

TEST(CycloneDxVex, a_bom_link_may_have_its_package_url_encoded) {
  EXPECT_TRUE(is_gone(cyclonedx(
      R"({"id": "cve-2025-1001", "affects": [{"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Anpm%2Flodash%404.17.4"}], "analysis": {"state": "not_affected"}})")));
}

// Of openssl 1:3.0.7-16.el9, and of libssl3 3.0.9-1 of the source openssl.
TEST(OpenVex, an_epoch_and_a_source_that_are_given_must_be_the_package_s) {
  const auto on = [](Package package, std::string_view product) {
    Report one;
    one.inventory.packages = {std::move(package)};
    one.findings.list.push_back({.id = "CVE-1"});
    return verdict(
               one,
               openvex(R"({"vulnerability": {"name": "CVE-1"}, "status": "fixed", "products": [{"@id": ")" +
                       std::string(product) + R"("}]})")) == "gone";
  };
  const Package rpm{.type = "rpm",
                    .name = "openssl",
                    .version = "3.0.7-16.el9",
                    .epoch = 1,
                    .arch = "x86_64",
                    .source = "openssl",
                    .source_version = "3.0.7-16.el9"};
  EXPECT_TRUE(on(rpm, "pkg:rpm/openssl@3.0.7-16.el9?epoch=1"));
  EXPECT_TRUE(on(rpm, "pkg:rpm/openssl@3.0.7-16.el9"));
  EXPECT_FALSE(on(rpm, "pkg:rpm/openssl@3.0.7-16.el9?epoch=0"));
  const Package deb{.type = "deb",
                    .name = "libssl3",
                    .version = "3.0.9-1",
                    .source = "openssl",
                    .source_version = "3.0.9-1"};
  EXPECT_TRUE(on(deb, "pkg:deb/libssl3@3.0.9-1?upstream=openssl%403.0.9-1"));
  EXPECT_TRUE(on(deb, "pkg:deb/libssl3?upstream=openssl"));
  EXPECT_FALSE(on(deb, "pkg:deb/libssl3?upstream=foo"));
}

// As Red Hat writes it: a system by its CPE, a package by its URL, a relationship of both.
std::string csaf_verdict(std::string_view cpe, std::string_view purl,
                         const Distro& image = {.id = "almalinux", .version_id = "9.3"}) {
  Report alma;
  alma.inventory.distro = image;
  alma.inventory.packages = {{.type = "rpm",
                              .name = "openssl",
                              .version = "3.0.7-16.el9",
                              .epoch = 1,
                              .arch = "x86_64",
                              .source = "openssl",
                              .source_version = "3.0.7-16.el9"}};
  alma.findings.list.push_back({.id = "CVE-2025-5001"});
  return verdict(alma, R"({"document": {"csaf_version": "2.0"}, "product_tree": {"full_product_names": [
    {"product_id": "os", "name": "the system", "product_identification_helper": {"cpe": ")" +
                           std::string(cpe) + R"("}},
    {"product_id": "ssl", "name": "openssl", "product_identification_helper": {"purl": ")" +
                           std::string(purl) + R"("}}],
    "relationships": [{"category": "default_component_of", "product_reference": "ssl", "relates_to_product_reference": "os",
                       "full_product_name": {"product_id": "os:ssl", "name": "x"}}]},
    "vulnerabilities": [{"cve": "CVE-2025-5001", "product_status": {"known_not_affected": ["os:ssl"]}}]})");
}

TEST(OpenVex, a_package_in_a_root_file_system_inside_the_image_is_of_the_release_that_is_there) {
  Report two = report();
  two.inventory.distro = Distro{.id = "debian", .version_id = "12", .path = Path("etc/os-release")};
  two.inventory.packages[0] = {.type = "deb",
                               .name = "openssl",
                               .version = "1",
                               .path = Path("srv/chroot/var/lib/dpkg/status"),
                               .purl = "pkg:deb/debian/openssl@1?distro=debian-11"};
  const auto said_of = [&](const std::string& release) {
    return verdict(two, openvex(R"({"vulnerability": {"name": "CVE-2025-1001"}, "status": "not_affected",
      "products": [{"@id": "pkg:deb/debian/openssl@1?distro=debian-)" +
                                release + R"("}]})"));
  };
  EXPECT_EQ(said_of("11"), "gone");
  EXPECT_NE(said_of("12"), "gone");
}

// Whose number all have.
TEST(OpenVex, a_package_of_openeuler_is_of_the_service_pack_that_is_named) {
  Report sp2 = report();
  sp2.inventory.distro =
      Distro{.id = "openeuler", .version_id = "22.03", .name = "openEuler 22.03 (LTS-SP2)"};
  sp2.inventory.packages[0] = {.type = "rpm", .name = "openssl", .version = "1"};
  const auto said_of = [&](const std::string& release) {
    return verdict(sp2, openvex(R"({"vulnerability": {"name": "CVE-2025-1001"}, "status": "not_affected",
      "products": [{"@id": "pkg:rpm/openeuler/openssl@1?distro=openEuler-)" +
                                release + R"("}]})"));
  };
  EXPECT_EQ(said_of("22.03-LTS-SP2"), "gone");
  EXPECT_EQ(said_of("22.03"), "gone");
  EXPECT_NE(said_of("22.03-LTS-SP1"), "gone");
}

TEST(CsafVex, a_package_of_a_system_is_that_of_its_release_only) {
  constexpr const char* kSsl = "pkg:rpm/almalinux/openssl?arch=src";
  EXPECT_EQ(csaf_verdict("cpe:/o:almalinux:almalinux:9", kSsl), "gone");
  EXPECT_EQ(csaf_verdict("cpe:/a:almalinux:almalinux:9::appstream",
                         "pkg:rpm/almalinux/openssl@3.0.7-16.el9?arch=src&epoch=1"),
            "gone");
  EXPECT_EQ(csaf_verdict("cpe:2.3:o:almalinux:almalinux:9:*:*:*:*:*:*:*", kSsl), "gone");
  EXPECT_NE(csaf_verdict("cpe:/o:almalinux:almalinux:8", kSsl), "gone");
  EXPECT_NE(csaf_verdict("cpe:/o:redhat:enterprise_linux:9", kSsl), "gone");
  EXPECT_NE(csaf_verdict("cpe:/o:redhat:enterprise_linux:9", "pkg:rpm/redhat/openssl?arch=src"), "gone");
  EXPECT_NE(csaf_verdict("cpe:/a:redhat:openshift:4.14::el9", kSsl), "gone");
  EXPECT_NE(csaf_verdict("cpe:/o:almalinux:almalinux:9", "pkg:rpm/almalinux/openssl@3.0.7-15.el9?arch=src"),
            "gone");
}

TEST(CsafVex, of_red_hat_every_stream_is_its_enterprise_linux) {
  const auto said = [](const std::string& product, const char* release) {
    return csaf_verdict("cpe:/o:redhat:" + product, "pkg:rpm/redhat/openssl?arch=src",
                        {.id = "rhel", .version_id = release});
  };
  for (const RhelProduct& one : kRhelProducts) {
    const std::string of_9 = std::string(one.name) + ":9.4";
    EXPECT_EQ(said(of_9, "9.4"), "gone") << one.name;
    EXPECT_NE(said(of_9, "9.6"), "gone") << one.name;
  }
  EXPECT_EQ(said("enterprise_linux_eus:10.0", "10.0"), "gone");
  EXPECT_NE(said("openshift:9.4", "9.4"), "gone");
}

TEST(OpenVex, a_package_of_epel_is_none_of_the_system_that_it_is_on) {
  const auto said = [](std::string_view purl, std::string_view vendor) {
    Report alma;
    alma.inventory.distro = Distro{.id = "almalinux", .version_id = "9.3"};
    alma.inventory.packages = {{.type = "rpm",
                                .name = "foo",
                                .version = "1-1.el9",
                                .arch = "x86_64",
                                .source = "foo",
                                .source_version = "1-1.el9",
                                .vendor = std::string(vendor)}};
    alma.findings.list.push_back({.id = "CVE-2025-1001"});
    return verdict(alma, openvex(R"({"vulnerability": {"name": "CVE-2025-1001"}, "status": "not_affected",
      "products": [{"@id": ")" + std::string(purl) +
                                 R"("}]})"));
  };
  EXPECT_EQ(said("pkg:rpm/almalinux/foo?arch=src", "AlmaLinux"), "gone");
  EXPECT_NE(said("pkg:rpm/almalinux/foo?arch=src", "Fedora Project"), "gone");
  EXPECT_EQ(said("pkg:rpm/epel/foo?arch=src", "Fedora Project"), "gone");
  // As peekr writes it.
  EXPECT_EQ(said("pkg:rpm/almalinux/foo@1-1.el9?arch=x86_64&distro=almalinux-9.3", "Fedora Project"), "gone");
}

TEST(CsafVex, a_product_with_a_cpe_of_its_own_is_called_by_its_name) {
  EXPECT_EQ(verdict(image(), R"({"document": {"csaf_version": "2.0"}, "product_tree": {"full_product_names": [
    {"product_id": "app", "name": "registry.example/team/app:1.2",
     "product_identification_helper": {"cpe": "cpe:2.3:a:team:app:1.2:*:*:*:*:*:*:*"}}]},
    "vulnerabilities": [{"cve": "CVE-2025-1001", "product_status": {"known_not_affected": ["app"]}}]})"),
            "gone");
}

TEST(OpenVex, an_image_of_another_architecture_is_another_image) {
  EXPECT_EQ(of_product("pkg:oci/app?tag=1.2&arch=amd64"), "gone");
  EXPECT_EQ(of_product("pkg:oci/app?tag=1.2&arch=x86_64"), "gone");
  EXPECT_EQ(of_product("pkg:oci/app@sha256:" + std::string(64, 'a') + "?arch=arm64"), "gone");
  EXPECT_EQ(of_product("pkg:oci/app?tag=1.2&arch=arm64"),
            "stays; v.json: statement 1: takes out nothing: pkg:oci/app?tag=1.2&arch=arm64, pkg:npm/lodash "
            "is of arm64: this image is of linux/amd64");
  EXPECT_NE(of_product("pkg:oci/app@1.2?arch=s390x"), "gone");
}

TEST(OpenVex, a_package_of_another_architecture_is_said_to_be_that) {
  Report about;
  about.inventory.distro = Distro{.id = "debian", .version_id = "12"};
  about.inventory.packages = {{.type = "deb",
                               .name = "curl",
                               .version = "7.88.1-10",
                               .arch = "amd64",
                               .source = "curl",
                               .path = Path("var/lib/dpkg/status")}};
  about.findings.list.push_back({.id = "CVE-2025-1001"});
  const auto of = [&](const std::string& purl) {
    return verdict(
        about,
        openvex(
            R"({"vulnerability": {"name": "CVE-2025-1001"}, "status": "not_affected", "products": [{"@id": ")" +
            purl + "\"}]}"));
  };
  const std::string curl = "pkg:deb/debian/curl@7.88.1-10?arch=", git = "pkg:deb/debian/git@1?arch=arm64",
                    front = "stays; v.json: statement 1: takes out nothing: ";
  EXPECT_EQ(of(curl + "amd64"), "gone");
  EXPECT_EQ(of(curl + "arm64"),
            front + curl + "arm64 is of another architecture: found is curl 7.88.1-10 of amd64");
  EXPECT_EQ(of(git), front + git + " is not curl 7.88.1-10");
}

TEST(CycloneDxVex, a_document_about_an_image_says_nothing_of_another_one) {
  const auto about = [](std::string_view component) {
    return verdict(image(), cyclonedx(analysed("not_affected"), std::string(component)));
  };
  const std::string a(64, 'a'), b(64, 'b'), c(64, 'c');
  EXPECT_EQ(about(R"({"type": "container", "name": "x", "purl": "pkg:oci/x@sha256%3A)" + a + "\"}"), "gone");
  EXPECT_EQ(about(R"({"type": "container", "name": "x", "purl": "pkg:oci/x@sha256%3A)" + c + "\"}"),
            "stays; v.json: CVE-2025-1001: takes out nothing: pkg:oci/x@sha256%3A" + c +
                ", pkg:npm/lodash@4.17.4 is not this image, which is sha256:" + a);
  EXPECT_EQ(about(R"({"type": "container", "name": "other", "version": "sha256:)" + b + "\"}"), "gone");
  EXPECT_NE(about(R"({"type": "container", "name": "app", "version": "sha256:)" + c + "\"}"), "gone");
  for (const char* same : {R"("app", "version": "1.2")", R"("app:1.2")", R"("registry.example/team/app:1.2")",
                           R"("app", "group": "registry.example/team", "version": "1.2")",
                           R"("registry.example/team/app:1.2", "version": "1.2")"})
    EXPECT_EQ(about(R"({"type": "container", "name": )" + std::string(same) + "}"), "gone") << same;
  for (const char* other : {R"("app", "version": "1.3")", R"("other", "version": "1.2")", R"("other:1.2")",
                            R"("app", "group": "evil.example/team", "version": "1.2")"})
    EXPECT_NE(about(R"({"type": "container", "name": )" + std::string(other) + "}"), "gone") << other;
  // None of them says which image.
  for (const char* none : {R"({"type": "container", "name": "image.tar"})",
                           R"({"type": "application", "name": "other", "version": "1.3"})", "{}"})
    EXPECT_EQ(about(none), "gone") << none;
}

TEST(CycloneDxVex, a_reference_to_the_image_means_all_of_its_packages) {
  const auto of_version = [](const std::string& version) {
    return verdict(
        image(),
        cyclonedx(
            R"({"id": "CVE-2025-1001", "affects": [{"ref": "img"}], "analysis": {"state": "resolved"}})",
            R"({"type": "container", "bom-ref": "img", "name": "app", "version": ")" + version + "\"}"));
  };
  EXPECT_EQ(of_version("1.2"), "gone");
  EXPECT_EQ(of_version("1.3"),
            "stays; v.json: CVE-2025-1001: takes out nothing: app:1.3 is not this image, which is sha256:" +
                std::string(64, 'a'));
}

TEST(OpenVex, before_0_2_the_statement_has_the_subcomponents) {
  const auto on = [](std::string_view part) {
    return verdict(
        image(),
        R"({"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": "CVE-2025-1001", "status": "not_affected", )"
        R"("products": ["pkg:oci/app?tag=1.2"], "subcomponents": [")" +
            std::string(part) + R"("]}]})");
  };
  EXPECT_EQ(on("pkg:npm/lodash"), "gone");
  EXPECT_NE(on("pkg:npm/other"), "gone");
}

TEST(OpenVex, an_image_may_be_named_by_its_hash_or_by_a_digest_that_is_encoded_twice) {
  const auto on = [](const std::string& product) {
    return verdict(
               image(),
               openvex(R"({"vulnerability": {"name": "CVE-2025-1001"}, "status": "fixed", "products": [)" +
                       product + "]}")) == "gone";
  };
  const auto hashed = [&](char digit) {
    return on(R"({"@id": "https://example.com/app", "hashes": {"sha-256": ")" + std::string(64, digit) +
              "\"}}");
  };
  EXPECT_TRUE(hashed('a'));
  EXPECT_FALSE(hashed('c'));
  EXPECT_TRUE(on(R"({"@id": "pkg:oci/app@sha256%253A)" + std::string(64, 'a') + "\"}"));
}

TEST(OpenVex, why_a_statement_on_another_build_of_a_package_does_not_apply_is_told) {
  const auto on = [](std::string_view product) {
    Report one;
    one.inventory.distro = Distro{.id = "debian", .version_id = "12"};
    one.inventory.packages = {{.type = "deb", .name = "libperl5.36", .version = "5.36", .arch = "amd64"},
                              {.type = "deb", .name = "perl-base", .version = "5.36", .arch = "amd64"}};
    one.findings.list = {{.package = 0, .id = "CVE-1"}, {.package = 1, .id = "CVE-1"}};
    return verdict(
        one, openvex(R"({"vulnerability": {"name": "CVE-1"}, "status": "fixed", "products": [{"@id": ")" +
                     std::string(product) + R"("}]})"));
  };
  const std::string head = "stays; v.json: statement 1: takes out nothing: ";
  EXPECT_EQ(on("pkg:deb/debian/perl-base?distro=debian-11"),
            head +
                "pkg:deb/debian/perl-base?distro=debian-11 is of another distribution or release: found is "
                "perl-base 5.36 of debian 12");
  EXPECT_EQ(
      on("pkg:deb/debian/perl-base?arch=arm64"),
      head +
          "pkg:deb/debian/perl-base?arch=arm64 is of another architecture: found is perl-base 5.36 of amd64");
}

std::string with_versions(std::string_view state, std::string_view versions) {
  return verdict(
      report(),
      cyclonedx(R"({"id": "CVE-2025-1001", "affects": [{"ref": "pkg:npm/lodash", "versions": [)" +
                std::string(versions) + R"(]}], "analysis": {"state": ")" + std::string(state) + "\"}}"));
}

TEST(CycloneDxVex, where_versions_are_listed_those_alone_are_meant) {
  const std::string
      head = "stays; v.json: CVE-2025-1001: ",
      none = head + "product pkg:npm/lodash: of the versions that it lists none is in the statement's state";
  EXPECT_EQ(with_versions("resolved", R"({"version": "4.17.4", "status": "unaffected"})"), "gone");
  EXPECT_EQ(with_versions("resolved", R"({"version": "4.17.21", "status": "unaffected"})"),
            head + "takes out nothing: pkg:npm/lodash: another version; found is lodash 4.17.4");
  EXPECT_EQ(with_versions("resolved", R"({"version": "4.17.4"})"), none);
  EXPECT_EQ(with_versions("not_affected", R"({"version": "4.17.4", "status": "affected"})"), none);
  EXPECT_EQ(with_versions("not_affected", R"({"version": "4.17.4", "status": "unknown"})"), none);
  EXPECT_EQ(
      with_versions(
          "not_affected",
          R"({"version": "4.17.4", "status": "unaffected"}, {"version": "4.17.4", "status": "affected"})"),
      none);
  EXPECT_EQ(with_versions("not_affected", ""), "gone");
}

TEST(CycloneDxVex, a_range_is_that_of_the_versions_that_are_in_it) {
  struct Row {
    std::string_view state, versions;
    std::string want;
  };
  const std::string stays = "stays; v.json: CVE-2025-1001: ",
                    nothing = stays + "takes out nothing: pkg:npm/lodash: ";
  const Row rows[] = {
      {"not_affected", R"({"range": "vers:npm/>=4.0.0|<=4.17.4", "status": "unaffected"})", "gone"},
      {"not_affected", R"({"range": "vers:npm/>=4.0.0|<4.17.4", "status": "unaffected"})",
       nothing + "another version; found is lodash 4.17.4"},
      {"resolved",
       R"({"range": "vers:npm/>=4.0.0", "status": "unaffected"}, {"range": "vers:npm/<4.17.4", "status": "affected"})",
       "gone"},
      {"resolved",
       R"({"range": "vers:npm/>=4.0.0", "status": "unaffected"}, {"range": "vers:npm/<4.17.21", "status": "affected"})",
       nothing + "its version is, or may be, among those of another status, too; found is lodash 4.17.4"},
      {"resolved",
       R"({"version": "4.17.4", "status": "unaffected"}, {"range": "<4.17.21", "status": "affected"})",
       stays + "product pkg:npm/lodash: range <4.17.21: it does not begin with vers:; v.json: CVE-2025-1001: "
               "takes out nothing: pkg:npm/lodash: its version is, or may be, among those of another status, "
               "too; "
               "found is lodash 4.17.4"},
      {"not_affected", R"({"range": "vers:deb/<=4.17.4", "status": "unaffected"})",
       stays + "product pkg:npm/lodash: range vers:deb/<=4.17.4: versions of deb are none of npm"},
      {"not_affected", R"({"range": "vers:npm/<=4.17.4"})",
       stays + "product pkg:npm/lodash: of the versions that it lists none is in the statement's state"},
  };
  for (const Row& row : rows) EXPECT_EQ(with_versions(row.state, row.versions), row.want) << row.versions;
}

TEST(CycloneDxVex, what_keeps_a_finding_does_so_for_a_range_too_and_for_all_where_that_cannot_be_read) {
  const auto kept = [](std::string_view versions) {
    const std::string affected =
        R"({"id": "CVE-2025-1001", "affects": [{"ref": "pkg:npm/lodash", "versions": [)" +
        std::string(versions) + R"(]}], "analysis": {"state": "exploitable"}})";
    return !is_gone(cyclonedx(analysed("not_affected") + "," + affected));
  };
  EXPECT_TRUE(kept(R"({"range": "vers:npm/<4.17.21", "status": "affected"})"));
  EXPECT_FALSE(kept(R"({"range": "vers:npm/<4.17.4", "status": "affected"})"));
  EXPECT_TRUE(kept(R"({"range": "before 4.17.21", "status": "affected"})"));
}

TEST(CycloneDxVex, versions_of_an_image_are_its_tag_or_digest) {
  const auto on = [](std::string_view version) {
    return verdict(
        image(),
        cyclonedx(
            R"({"id": "CVE-2025-1001", "affects": [{"ref": "app", "versions": [{)" + std::string(version) +
                R"(, "status": "unaffected"}]}], "analysis": {"state": "not_affected"}})",
            R"({"type": "container", "bom-ref": "app", "name": "registry.example/team/app", "version": "1.2"})"));
  };
  EXPECT_EQ(on(R"("version": "1.2")"), "gone");
  EXPECT_EQ(on(R"("version": "1.3")"),
            "stays; v.json: CVE-2025-1001: product registry.example/team/app:1.2: of the versions that it "
            "lists none is in the "
            "statement's state");
  EXPECT_EQ(on(R"("range": "vers:semver/<2")"),
            "stays; v.json: CVE-2025-1001: product registry.example/team/app:1.2: range vers:semver/<2: an "
            "image's versions have no "
            "order");
}

TEST(CycloneDxVex, versions_that_are_no_list_are_told) {
  EXPECT_EQ(
      verdict(
          report(),
          cyclonedx(
              R"({"id": "CVE-2025-1001", "affects": [{"ref": "pkg:npm/lodash", "versions": )"
              R"({"version": "5.0.0", "status": "unaffected"}}], "analysis": {"state": "not_affected"}})")),
      "stays; v.json: CVE-2025-1001: product pkg:npm/lodash: versions: want a list");
}

}  // namespace
}  // namespace peekr
