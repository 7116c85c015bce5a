// SPDX-License-Identifier: Apache-2.0
#include "service/targets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace peekr {
namespace {

Result<std::string> lists(const std::string& url) {
  if (url.ends_with("ecosystems.txt")) return std::string("npm\nGo\n[EMPTY]\n");
  return fail(Errc::not_found, url);
}

std::vector<std::string> sources(const Wish& wish) {
  const Result<Targets> targets = targets_of(wish, lists);
  EXPECT_TRUE(targets) << targets.error().message;
  std::vector<std::string> out;
  if (targets)
    for (const FetchTarget& one : targets->list) out.push_back(one.source);
  return out;
}

TEST(Targets, no_two_documents_become_one_source) {
  std::set<std::string> seen;
  for (const std::string& one : sources({.today = "2026-11-25T00:00:00Z"}))
    EXPECT_TRUE(seen.insert(one).second) << one << " twice";
  EXPECT_TRUE(seen.contains("alpine/v3.18/main"));
  EXPECT_TRUE(seen.contains("nvd/2026"));
  EXPECT_TRUE(seen.contains("osv/npm"));
}

TEST(Targets, a_name_stands_for_all_that_begins_with_it) {
  EXPECT_EQ(sources({.feeds = {"azurelinux"}, .today = "2026-11-25"}),
            (std::vector<std::string>{"azurelinux/1.0", "azurelinux/2.0", "azurelinux/3.0"}));
  EXPECT_EQ(sources({.feeds = {"amazon/2023"}, .today = "2026-11-25"}),
            std::vector<std::string>{"amazon/2023"});
  EXPECT_EQ(sources({.feeds = {"alpine/edge/main", "kev"}, .today = "2026-11-25"}),
            (std::vector<std::string>{"alpine/edge/main", "kev"}));
}

TEST(Targets, releases_that_no_row_names_are_those_of_the_database_and_those_of_feeds) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(sources({.feeds = {"alpine/v3.99", "suse/micro/6.9", "fedora/99", "alpine/v3.98/main"},
                     .today = "2026-11-25"}),
            (Names{"alpine/v3.98/main", "alpine/v3.99/main", "alpine/v3.99/community", "fedora/99",
                   "suse/micro/6.9"}));
  const std::vector<std::string> all =
      sources({.feeds = {"alpine", "almalinux", "epel"},
               .there = {"alpine/v3.99/main", "almalinux/8", "almalinux/11", "epel/11", "fedora/99"},
               .today = "2026-11-25"});
  for (const char* one : {"alpine/v3.99/main", "alpine/v3.18/main", "almalinux/8", "almalinux/11"})
    EXPECT_EQ(std::ranges::count(all, one), 1) << one;
  for (const char* one : {"epel/11", "fedora/99"}) EXPECT_EQ(std::ranges::count(all, one), 0) << one;
  for (const char* one : {"alpine/v3.18/other", "epel/11", "amazon/9"})
    EXPECT_FALSE(targets_of({.feeds = {one}, .today = "2026-11-25"}, lists)) << one;
}

TEST(Targets, an_image_asks_for_its_release_and_what_every_image_needs) {
  const Inventory image{.distro = Distro{.id = "alpine", .version_id = "3.18.4"},
                        .packages = {{.type = "apk", .name = "zlib"}, {.type = "npm", .name = "ms"}}};
  EXPECT_EQ(
      sources({.ecosystems = wanted_ecosystems(image), .today = "2026-11-25"}),
      (std::vector<std::string>{"alpine-rejections/main", "alpine-rejections/community", "alpine/v3.18/main",
                                "alpine/v3.18/community", "epss", "kev", "osv/Alpine", "osv/npm"}));
}

TEST(Targets, of_amazon_linux_2_the_topics_of_the_extras_are_asked_for) {
  const Inventory image{.distro = Distro{.id = "amzn", .version_id = "2"},
                        .packages = {{.type = "rpm", .name = "curl"}}};
  const std::vector<std::string> all =
      sources({.ecosystems = wanted_ecosystems(image), .today = "2026-11-25"});
  for (const std::string topic : {"core", "docker", "java-openjdk11", "corretto8", "python3.8", "mariadb10.5",
                                  "postgresql12", "firefox", "squid4", "golang1.19", "unbound1.17"})
    EXPECT_NE(std::ranges::find(all, "amazon/2/" + topic), all.end()) << topic;
}

TEST(Targets, suse_s_documents_are_those_of_the_service_pack_at_hand) {
  const auto of = [](std::string id, std::string version) {
    const Inventory image{.distro = Distro{.id = std::move(id), .version_id = std::move(version)},
                          .packages = {{.type = "rpm", .name = "curl"}}};
    std::vector<std::string> all = sources({.ecosystems = wanted_ecosystems(image), .today = "2026-11-25"});
    std::erase_if(all, [](const std::string& one) { return !one.starts_with("suse/"); });
    return all;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(of("sles", "12"), Names{"suse/12"});
  EXPECT_EQ(of("sles", "12.5"), Names{"suse/12"});
  EXPECT_EQ(of("sles", "15"), Names{"suse/15"});
  EXPECT_EQ(of("sles_sap", "15.6"), Names{"suse/15"});
  EXPECT_EQ(of("sles", "16.0"), Names{});
  EXPECT_EQ(of("sl-micro", "6.1"), Names{});
  EXPECT_EQ(of("sle-micro", "5.5"), Names{"suse/micro/5.5"});
  EXPECT_EQ(of("opensuse-leap", "15.6"), Names{"suse/leap/15.6"});
}

TEST(Targets, without_a_list_it_is_what_images_ask_for_and_what_is_named) {
  const auto of_osv = [](Errc code, const std::vector<std::string>& feeds) {
    const Result<Targets> targets =
        targets_of({.feeds = feeds, .today = "2026-11-25"},
                   [&](const std::string& url) -> Result<std::string> { return fail(code, url); });
    EXPECT_TRUE(targets) << targets.error().message;
    std::vector<std::string> out;
    if (!targets) return out;
    for (const FetchTarget& one : targets->list) out.push_back(one.source);
    for (const Targets::Unlisted& one : targets->unlisted) out.push_back(one.origin + ": " + one.why);
    return out;
  };
  const std::string url = "https://osv-vulnerabilities.storage.googleapis.com/ecosystems.txt";
  EXPECT_EQ(of_osv(Errc::not_found, {"osv/npm", "osv/Own"}),
            (std::vector<std::string>{"osv/Own", "osv/npm"}));
  EXPECT_EQ(of_osv(Errc::io, {"osv", "kev"}), (std::vector<std::string>{"kev", "osv: " + url}));
  EXPECT_EQ(of_osv(Errc::io, {"osv/npm", "kev"}), (std::vector<std::string>{"kev", "osv/npm"}));
  EXPECT_GT(of_osv(Errc::io, {}).size(), 30U);
}

TEST(Targets, what_only_rates_judges_nothing) {
  const Wish wish{.ecosystems = {{"Debian:12", "npm", "CPE"}}, .today = "2026-11-25"};
  const Result<Targets> targets = targets_of(wish, lists);
  ASSERT_TRUE(targets);
  std::vector<std::string> judging, others;
  for (const FetchTarget& one : targets->list) (one.judges ? judging : others).push_back(one.source);
  EXPECT_EQ(judging, (std::vector<std::string>{"debian-advisories/DSA", "debian-advisories/DLA",
                                               "debian-advisories/DTSA", "debian-tracker", "nvd/overrides",
                                               "osv/npm"}));
  EXPECT_EQ(others, (std::vector<std::string>{"epss", "kev", "osv/Debian"}));
}

TEST(Targets, so_are_the_distributions_of_root_file_systems_inside_it_and_of_what_wheels_bring_along) {
  const Inventory image{.distro = Distro{.id = "debian", .version_id = "12"},
                        .packages = {{.type = "apk",
                                      .name = "zlib",
                                      .path = Path("opt/root/lib/apk/db/installed"),
                                      .purl = "pkg:apk/alpine/zlib@1.3-r0?distro=alpine-3.19.1"},
                                     {.type = "rpm",
                                      .name = "openssl-libs",
                                      .version = "1.1.1k-12.el8_9",
                                      .path = Path("usr/lib/python3/a.dist-info/sboms/auditwheel.cdx.json"),
                                      .purl = "pkg:rpm/almalinux/openssl-libs@1.1.1k-12.el8_9",
                                      .claimed = true},
                                     {.type = "deb", .name = "zlib1g", .path = Path("var/lib/dpkg/status")}}};
  const std::vector<std::string> all =
      sources({.ecosystems = wanted_ecosystems(image), .today = "2026-11-25"});
  for (const char* one : {"alpine/v3.19/main", "almalinux/8", "debian-tracker"})
    EXPECT_NE(std::ranges::find(all, one), all.end()) << one << " of " << join(all, " ");
}

TEST(Targets, epel_is_asked_for_where_an_image_has_a_package_of_it) {
  const auto asked = [](const std::string& version, std::string vendor) {
    const Inventory image{.distro = Distro{.id = "rocky", .version_id = version},
                          .packages = {{.type = "rpm",
                                        .name = "htop",
                                        .version = "3.3.0-1.el" + std::string(cut(version, '.').first),
                                        .vendor = std::move(vendor)}}};
    std::vector<std::string> out = sources({.ecosystems = wanted_ecosystems(image), .today = "2026-11-25"});
    std::erase_if(out, [](const std::string& one) { return !one.starts_with("epel/"); });
    return out;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(asked("9.4", "Rocky Enterprise Software Foundation"), Names{});
  EXPECT_EQ(asked("9.4", "Fedora Project"), Names{"epel/9"});
  EXPECT_EQ(asked("10.1", "Fedora Project"), (Names{"epel/10", "epel/10z"}));
  EXPECT_EQ(asked("7.9", "Fedora Project"), Names{"epel/7"});
  EXPECT_EQ(asked("9.4", ""), Names{"epel/9"}) << "who has made it is not said";
  EXPECT_EQ(sources({.feeds = {"epel"}, .today = "2026-11-25"}),
            (Names{"epel/10", "epel/8", "epel/9", "epel/10z", "epel/7"}));
}

TEST(Targets, root_is_asked_for_where_it_has_built_a_package) {
  Inventory image{.distro = Distro{.id = "debian", .version_id = "12"},
                  .packages = {{.type = "deb", .name = "libxml2", .version = "2.9.14+dfsg-1.3~deb12u1"}}};
  const auto asked = [&] {
    const std::vector<std::string> all =
        sources({.ecosystems = wanted_ecosystems(image), .today = "2026-11-25"});
    return std::ranges::find(all, "root") != all.end();
  };
  EXPECT_FALSE(asked());
  image.packages[0].version += ".root.io.3";
  EXPECT_TRUE(asked());
}

}  // namespace
}  // namespace peekr
