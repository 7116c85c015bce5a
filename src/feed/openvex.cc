// SPDX-License-Identifier: Apache-2.0
// OpenVEX (github.com/openvex/spec), of publishers that say by it what their own packages are:
//   {"@context": "https://openvex.dev/ns/v0.2.0", "author": "Canonical Ltd.", "timestamp": "..", "statements": [
//    {"vulnerability": {"name": "CVE-2023-38545"}, "products": [{"@id": "pkg:deb/ubuntu/curl@7.81.0-1ubuntu1.24?arch=source&
//     distro=jammy"}], "status": "affected", "action_statement": ".. decided to not fix it .."}]}
// Ubuntu: one document a CVE; products are what a release holds today, so "fixed" names no first fixed version, which
// Ubuntu's OSV record has: it is left to that. The sources are taken, not the binaries made of them. distro= is the channel.
// Docker Hardened Images: one document an image; products are its packages and the image itself with them below it. What is
// said holds in those images only, hence ecosystems of their own ("Docker Hardened Images:Debian:13").
// Chainguard's libraries: "fixed" is said of versions that upstream does not have.
// Whoever else writes OpenVEX speaks of somebody's products, not of packages: not a matter for a database.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "feed/feed.h"
#include "feed/json.h"
#include "feed/range.h"
#include "feed/ubuntu.h"
#include "feed/words.h"
#include "model/purl.h"

namespace peekr {
namespace {

using json::element;
using json::Gaps;
using json::object;

struct Author {
  std::string_view begins, publisher, prefix;
};
constexpr std::array kAuthors = {
    Author{"Canonical", "Ubuntu", "UBUNTU-VEX-"},
    Author{"Docker Hardened Images", "Docker", "DHI-VEX-"},
    Author{"Chainguard", "Chainguard", "CHAINGUARD-VEX-"},
};

// purl types and OSV's names of the ecosystems, for packages of languages.
struct Language {
  std::string_view type, ecosystem, separator;
};
constexpr std::array kLanguages = {
    Language{"cargo", "crates.io", "/"}, Language{"composer", "Packagist", "/"},
    Language{"dhi", "DHI", "/"},         Language{"gem", "RubyGems", "/"},
    Language{"golang", "Go", "/"},       Language{"maven", "Maven", ":"},
    Language{"npm", "npm", "/"},         Language{"nuget", "NuGet", "/"},
    Language{"pypi", "PyPI", "/"},
};

// A product in the words of the database. Without an ecosystem: one that others stand for.
struct Product {
  std::string ecosystem, package, version;
  KeyKind key = KeyKind::by_ecosystem;
};

std::optional<Product> ubuntu_product(const Purl& purl) {
  if (purl.type != "deb" || purl.space != "ubuntu") return std::nullopt;
  if (purl.qualifier("arch") != "source") return Product{};
  std::string ecosystem = ubuntu::ecosystem(purl.qualifier("distro"));
  if (ecosystem.empty()) return std::nullopt;
  return Product{std::move(ecosystem), purl.name, "", KeyKind::by_ecosystem};
}

std::optional<Product> language_product(const Purl& purl, const std::string& whose) {
  const auto row = std::ranges::find(kLanguages, purl.type, &Language::type);
  if (row == kLanguages.end()) return std::nullopt;
  const std::string separator(purl.space.empty() ? "" : row->separator);
  const std::string ecosystem = row->type == "dhi" ? "DHI" : whose + std::string(row->ecosystem);
  return Product{ecosystem, purl.space + separator + purl.name, purl.version, KeyKind::by_ecosystem};
}

std::optional<Product> docker_product(const Purl& purl) {
  const std::string whose = "Docker Hardened Images:";
  if (purl.type == "docker" || purl.type == "oci") return Product{};
  if (purl.type != "deb" && purl.type != "apk") return language_product(purl, whose);
  std::string release = purl.qualifier("os_version");
  if (!release.empty()) release = (purl.type == "apk" ? ":v" : ":") + release;
  // A source has a version and a release, its binaries have neither.
  const KeyKind key = purl.version.empty() ? KeyKind::binary : KeyKind::source;
  return Product{whose + (purl.type == "deb" ? "Debian" : "Alpine") + release, purl.name, purl.version, key};
}

std::optional<Product> product_of(const Author& author, const Purl& purl) {
  if (author.publisher == "Ubuntu") return ubuntu_product(purl);
  if (author.publisher == "Docker") return docker_product(purl);
  return language_product(purl, "Chainguard:");
}

// What a statement says of each of its products.
struct Verdict {
  Standing standing = Standing::affected;
  bool fixed = false;
  std::string reason;
};

Standing standing_of_action(std::string_view action) {
  const auto says = [&](std::string_view words) { return action.find(words) != std::string_view::npos; };
  if (says("decided to not fix it")) return Standing::wont_fix;
  if (says("is no longer supported")) return Standing::end_of_life;
  return says("deferred") ? Standing::deferred : Standing::affected;
}

std::optional<Verdict> verdict_of(object statement, const Gaps& gaps) {
  const auto text = [&](std::string_view key) { return json::text(statement, key, gaps); };
  const std::string status = text("status"), action = text("action_statement");
  Verdict verdict;
  for (const std::string& words :
       {text("justification"), text("impact_statement"), action, text("status_notes")}) {
    if (!words.empty()) verdict.reason += (verdict.reason.empty() ? "" : ": ") + words;
  }
  if (status == "not_affected") {
    verdict.standing = Standing::not_affected;
  } else if (status == "under_investigation") {
    verdict.standing = Standing::under_investigation;
  } else if (status == "fixed") {
    verdict.standing = Standing::not_affected;
    verdict.fixed = true;
  } else if (status == "affected") {
    verdict.standing = standing_of_action(action);
  } else {
    gaps.add("status", "unknown: " + printable(status));
    return std::nullopt;
  }
  return verdict;
}

class Reader {
 public:
  using Found = std::map<std::string, Advisory>;
  Reader(const Author& author, Gaps& gaps, Found& found) : author_(author), gaps_(gaps), found_(found) {}

  void statement(element item, const std::string& where) {
    object fields, vulnerability;
    gaps_.record = where;
    if (item.get(fields) != simdjson::SUCCESS || !json::find(fields, "vulnerability", vulnerability)) {
      return gaps_.add("vulnerability", "none");
    }
    const std::string name = json::text(vulnerability, "name", gaps_);
    if (name.empty() || printable(name) != name) return gaps_.add("vulnerability", "without a name");
    gaps_.record += ": " + name;
    const std::optional<Verdict> verdict = verdict_of(fields, gaps_);
    if (!verdict) return;
    Advisory& one = advisory(name, fields, vulnerability);
    for (const element product : json::list(fields, "products", gaps_)) add(product, *verdict, one);
  }

 private:
  // Statements with ids of their own are advisories of their own. Docker has one of an id in the documents of several images.
  Advisory& advisory(const std::string& name, object fields, object vulnerability) {
    const std::vector<std::string> images = images_of(fields);
    std::string id(author_.prefix);
    if (!images.empty()) id += images.front() + "-";
    if (const std::string own = json::text(fields, "@id", gaps_); !own.empty()) id += own + "-";
    id += name;
    Advisory& one = found_[id];
    if (one.id.empty()) {
      one.id = printable(id);
      one.publisher = author_.publisher;
      one.upstream = {name};
      one.details = json::text(vulnerability, "description", gaps_);
      if (!images.empty()) one.details = "In images of " + join(images, ", ");
      for (std::string& alias : json::texts(vulnerability, "aliases", gaps_)) {
        if (alias.find("://") == std::string::npos) {
          one.upstream.push_back(std::move(alias));
        } else {
          one.references.push_back({"WEB", std::move(alias)});
        }
      }
    }
    const std::string time = json::text(fields, "timestamp", gaps_),
                      last = json::text(fields, "last_updated", gaps_);
    if (one.published.empty() || time < one.published) one.published = time;
    one.modified = std::max({one.modified, time, last});
    return one;
  }

  // "minio" of the product "pkg:docker/dhi/minio".
  [[nodiscard]] std::vector<std::string> images_of(object fields) const {
    std::vector<std::string> images;
    for (const element item : json::list(fields, "products", gaps_)) {
      const std::optional<Purl> purl = parse_purl(name_of(item));
      if (purl && purl->type == "docker") images.push_back(printable(purl->name));
    }
    return images;
  }

  static std::string_view name_of(element product) {
    object fields, identifiers;
    std::string_view text;
    const bool named = product.get(fields) == simdjson::SUCCESS &&
                       (json::find(fields, "@id", text) || (json::find(fields, "identifiers", identifiers) &&
                                                            json::find(identifiers, "purl", text)));
    return named ? text : std::string_view();
  }

  void add(element item, const Verdict& verdict, Advisory& one) {
    const std::string_view text = name_of(item);
    const std::optional<Purl> purl = parse_purl(text);
    if (!purl) return gaps_.add("products", "not a package URL: " + printable(text.substr(0, 80)));
    const std::optional<Product> product = product_of(author_, *purl);
    if (!product) {
      // Of a channel or type that is not known there are hundreds: one tells.
      const std::string kind = purl->type + "/" + purl->space + "/" + purl->qualifier("distro");
      if (!unknown_.insert(kind).second) return;
      return gaps_.add("products", "not understood, here and wherever there is one like it: " +
                                       printable(text.substr(0, 120)));
    }
    if (product->ecosystem.empty() || (verdict.fixed && product->version.empty())) return;
    Affected affected{.ecosystem = product->ecosystem, .package = product->package, .key = product->key};
    affected.standing = verdict.standing;
    affected.reason = verdict.reason;
    if (!product->version.empty()) {
      affected.versions = {product->version};
    } else if (verdict.standing != Standing::not_affected) {
      affected.ranges = {below("")};
    }
    one.affected.push_back(std::move(affected));
  }

  const Author& author_;
  Gaps& gaps_;
  Found& found_;
  std::set<std::string> unknown_;
};

void parse_openvex(std::string_view name, std::string_view bytes, Published& out) {
  simdjson::dom::parser parser;
  Gaps gaps{Path(name), "", out.notes};
  element root;
  object document;
  if (!json::parse(parser, bytes, gaps, root)) return;
  if (root.get(document) != simdjson::SUCCESS) return gaps.add("", "not an object");
  const std::string who = json::text(document, "author", gaps);
  const auto author =
      std::ranges::find_if(kAuthors, [&](const Author& one) { return who.starts_with(one.begins); });
  if (author == kAuthors.end())
    return gaps.add("author", "nobody whose packages these are: " + printable(who));
  Reader::Found found;
  Reader reader(*author, gaps, found);
  const std::vector<element> statements = json::list(document, "statements", gaps);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    reader.statement(statements[i], "statements[" + std::to_string(i) + "]");
  }
  if (statements.empty()) gaps.add("statements", "none");
  const std::string time = json::text(document, "timestamp", gaps);
  for (auto& [id, one] : found) {
    if (one.affected.empty()) continue;  // "fixed", and nothing else, of what the archive holds today
    if (author->publisher == "Ubuntu") one.modified = std::max(one.modified, time);
    out.advisories.push_back(std::move(one));
  }
}

bool recognises_openvex(std::string_view /*name*/, std::string_view bytes) {
  while (!bytes.empty() && is_space(bytes.front())) bytes.remove_prefix(1);
  return bytes.starts_with('{') && contains(bytes.substr(0, 4096), "openvex.dev/ns");
}

constexpr Origin kOrigins[] = {
    {.name = "ubuntu-vex",
     .url = "https://security-metadata.canonical.com/vex/vex-all.tar.xz",
     .ecosystems = "Ubuntu",
     .licence = "CC-BY-SA-4.0"},
    // Its OSV records lie in the same archive.
    {.name = "docker-hardened-images",
     .url = "https://github.com/docker-hardened-images/advisories/archive/refs/heads/main.tar.gz",
     .ecosystems = "Docker Hardened Images",
     .licence = "Apache-2.0"},
};

}  // namespace

namespace feeds {
extern const Feed openvex;
constexpr Feed openvex = {
    .name = "openvex",
    .about = "OpenVEX of Ubuntu, Docker Hardened Images and Chainguard's libraries",
    .origins = kOrigins,
    .recognises = recognises_openvex,
    .parse = parse_openvex,
};
}  // namespace feeds

}  // namespace peekr
