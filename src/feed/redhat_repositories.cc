// SPDX-License-Identifier: Apache-2.0
// Red Hat's map of repositories to products (security.access.redhat.com/data/metrics/repository-to-cpe.json). An image says which
// repositories a layer was built from (root/buildinfo/content_manifests); Red Hat's VEX speaks of products, by CPE:
//   {"data": {"rhel-9-for-x86_64-appstream-rpms": {"cpes": ["cpe:/a:redhat:enterprise_linux:9::appstream"],
//                                                  "repo_relative_urls": ["content/dist/rhel9/9/x86_64/appstream/os"]}}}
// What comes out is one informational record: a repository is a package of the ecosystem "Red Hat repository", and its
// `versions` are the ecosystems of its products, "Red Hat:enterprise_linux:9::appstream".
#include <simdjson.h>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/words.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

constexpr std::string_view kCpe = "cpe:/", kVendor = ":redhat:";

void read_repository(std::string_view name, object fields, const Gaps& gaps, Advisory& out) {
  Affected one{
      .ecosystem = "Red Hat repository", .package = std::string(name), .standing = Standing::not_affected};
  for (const std::string& cpe : json::texts(fields, "cpes", gaps)) {
    if (!cpe.starts_with(kCpe) || cpe.find(kVendor) != kCpe.size() + 1) {
      gaps.add("cpes", "none of Red Hat's: " + printable(cpe));
      continue;
    }
    one.versions.push_back("Red Hat" + cpe.substr(kCpe.size() + kVendor.size()));
  }
  if (!one.versions.empty()) out.affected.push_back(std::move(one));
}

void parse_repositories(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element document;
  object root, data;
  if (!json::parse(parser, bytes, gaps, document)) return;
  if (document.get(root) != simdjson::SUCCESS || !json::find(root, "data", data))
    return gaps.add("data", "none");
  Advisory all{.kind = Advisory::Kind::informational,
               .id = "REDHAT-REPOSITORIES",
               .publisher = "Red Hat",
               .summary = "which products the packages of a repository are of"};
  for (const auto field : data) {
    object fields;
    gaps.record = field.key;
    if (field.key.empty() || printable(field.key) != field.key ||
        field.value.get(fields) != simdjson::SUCCESS) {
      gaps.add("", "not a repository");
    } else {
      read_repository(field.key, fields, gaps, all);
    }
  }
  gaps.record.clear();
  if (all.affected.empty()) return gaps.add("data", "no repository in it");
  out.advisories.push_back(std::move(all));
}

bool recognises_repositories(std::string_view /*name*/, std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 4096);
  const auto has = [&](std::string_view key) { return contains(head, key); };
  return has("\"data\"") && has("\"cpes\"") && has("\"cpe:/");
}

constexpr Origin kOrigins[] = {
    {.name = "redhat-repositories",
     .url = "https://security.access.redhat.com/data/metrics/repository-to-cpe.json",
     .ecosystems = "Red Hat",
     .licence = "CC-BY-4.0"},
};

}  // namespace

namespace feeds {
extern const Feed redhat_repositories;
constexpr Feed redhat_repositories = {
    .name = "redhat-repositories",
    .about = "Red Hat's map of repositories to products",
    .origins = kOrigins,
    .recognises = recognises_repositories,
    .parse = parse_repositories,
};
}  // namespace feeds

}  // namespace peekr
