// SPDX-License-Identifier: Apache-2.0
// Amazon Linux (cdn.amazonlinux.com): the updateinfo of each repository; which release a build is of says its dist tag:
// ".amzn1", ".amzn2", ".amzn2023". The repositories of one release are alike but for their architecture, and hold advisories
// of the same ids: what says only x86_64 in one is true of aarch64.
//
// Amazon Linux 2 "extras" are repositories of their own, one for each topic ("kernel-5.10", "postgresql14"), with newer
// packages under the names that core has. What an installed package came from is not in its rpm (yum knows: catalog/yumdb.cc); its version tells: an
// advisory of topic kernel-5.10 speaks of kernels from 5.10 on ("ALASKERNEL-5.10-2022-005", in newer ones "ALAS2KERNEL-...").
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "feed/updateinfo.h"

namespace peekr {
namespace {

using updateinfo::Build;
using updateinfo::Update;

// "2023" of "3.amzn2023.0.2".
std::string_view dist_release(std::string_view release) {
  const std::size_t at = release.find("amzn");
  if (at == std::string_view::npos) return {};
  std::string_view number = release.substr(at + 4);
  std::size_t end = 0;
  while (end < number.size() && is_digit(number[end])) ++end;
  return number.substr(0, end);
}

std::string ecosystem(const Update& update, const Build& build) {
  std::string_view release = dist_release(build.release);
  if (release.empty()) {
    for (const std::string_view known : {"2023", "2022", "2"}) {
      if (release.empty() && update.id.starts_with("ALAS" + std::string(known))) release = known;
    }
    if (release.empty() && update.id.starts_with("ALAS-")) release = "1";
  }
  return release.empty() ? std::string() : "Amazon Linux:" + std::string(release);
}

// "5.10" of "ALASKERNEL-5.10-2022-005", "14" of "ALAS2POSTGRESQL14-2023-001"; empty: of no topic, or of one without a number.
std::string_view topic_version(std::string_view id) {
  if (!id.starts_with("ALAS")) return {};
  id.remove_prefix(4);
  if (id.size() > 1 && id[0] == '2' && is_alpha(id[1])) id.remove_prefix(1);
  if (id.empty() || !is_alpha(id.front())) return {};
  for (int part = 0; part < 2; ++part) id = id.substr(0, std::min(id.rfind('-'), id.size()));  // "-2022-005"
  const std::size_t digit = id.find_first_of("0123456789");
  if (digit == std::string_view::npos) return {};
  const std::string_view version = id.substr(digit);
  const std::size_t end = version.find_first_not_of("0123456789.");
  return end == std::string_view::npos ? version : version.substr(0, version.find_first_of(".X"));
}

// "2.1" of "2.1.0.4", "1.8" of "1.8.0_372".
std::string_view two_numbers(std::string_view version) {
  std::size_t at = 0;
  for (int dots = 0; at < version.size(); ++at) {
    if (!is_digit(version[at]) && (version[at] != '.' || ++dots == 2)) break;
  }
  return version.substr(0, at);
}

// Whether no package of core can have that name: "python38-pip" of topic python3.8, "kernel-livepatch-5.10.59-52.142".
bool is_named_after(std::string_view name, std::string_view version) {
  std::string digits(version);
  std::erase(digits, '.');
  return name.contains(version) || name.contains(digits);
}

// The topic's version where the build is of that version. A topic has packages with numbers of their own, too (a gem that Ruby
// brings); core has some of them, older ones: of these it speaks from the line of two numbers on that the build is of.
std::string introduced(const Update& update, const Build& build) {
  const std::string_view version = topic_version(update.id);
  const std::string_view built = build.version;
  if (version.empty()) return "0";
  const bool of_topic =
      built.starts_with(version) && (built.size() == version.size() || built[version.size()] == '.');
  if (!of_topic && is_named_after(build.name, version)) return "0";
  const std::string_view first = of_topic ? version : two_numbers(built);
  if (first.empty()) return "0";
  return (build.epoch.empty() ? "0" : build.epoch) + ":" + std::string(first);
}

constexpr updateinfo::Publisher kAmazon = {.name = "Amazon",
                                           .prefix = "ALAS",
                                           .ecosystem = ecosystem,
                                           .introduced = introduced,
                                           .arches = updateinfo::Publisher::Arches::where_several};

// The repositories of x86_64 speak for all. Topics of the extras: many of Amazon's catalogue (extras-catalog.json), not all. Left out are
// those without a number in their name that have other versions of what core has, too (dnsmasq, BCC, selinux-ng, testing): their
// advisories would speak of core's; and some others (php7.4, postgresql9.6, awscli1, httpd_modules, ...). Some topics have had no advisory:
// their updateinfo is empty or missing.
constexpr Origin kOrigins[] = {
    {.name = "amazon/1",
     .url = "https://repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list",
     .ecosystems = "Amazon Linux:1",
     .delta = Delta::repomd},
    {.name = "amazon/2/core",
     .url = "https://cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list",
     .ecosystems = "Amazon Linux:2",
     .delta = Delta::repomd},
    {.name = "amazon/2",
     .url = "https://cdn.amazonlinux.com/2/extras/{}/latest/x86_64/mirror.list",
     .values = "ansible2|aws-nitro-enclaves-cli|collectd|collectd-python3|corretto8|dnsmasq2.85|docker|ecs|"
               "firefox|gimp|golang1.19|GraphicsMagick1.3|haproxy2|java-openjdk11|kernel-5.4|kernel-5.10|"
               "kernel-5.15|libreoffice|livepatch|lynis|mariadb10.5|memcached1.5|mock2|mono|nginx1|php8.0|"
               "php8.1|php8.2|postgresql10|postgresql11|postgresql12|postgresql13|postgresql14|python3.8|"
               "R3.4|R4|redis4.0|redis6|ruby2.6|ruby3.0|rust1|squid4|tomcat8.5|tomcat9|unbound1.13|"
               "unbound1.17|vim",
     .ecosystems = "Amazon Linux:2",
     .delta = Delta::repomd},
    {.name = "amazon/2023",
     .url = "https://cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list",
     .ecosystems = "Amazon Linux:2023",
     .delta = Delta::repomd},
};

}  // namespace

namespace feeds {
extern const Feed amazon;
constexpr Feed amazon = {
    .name = "amazon",
    .about = "Amazon Linux's updateinfo: 1, 2 with its extras, 2022, 2023",
    .origins = kOrigins,
    .recognises =
        [](std::string_view name, std::string_view bytes) {
          return updateinfo::recognises(bytes, kAmazon.prefix) ||
                 (name.contains("2/extras/") && updateinfo::is_empty(bytes));
        },
    .parse = [](std::string_view name, std::string_view bytes,
                Published& out) { updateinfo::parse(name, bytes, kAmazon, out); },
    .revision = 2,  // from 2 on with what of a topic speaks of no package of core's
};
}  // namespace feeds

}  // namespace peekr
