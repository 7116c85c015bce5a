// SPDX-License-Identifier: Apache-2.0
// Alpine's rejections (gitlab.alpinelinux.org/alpine/security/security-rejections, main.yaml and community.yaml): what its
// packages do not have, in any release:
//   bind:
//     - CVE-2019-6470
// What comes out is one Advisory a repository and id, "ALPINE-REJECTED-main-CVE-2019-6470", of the ecosystem "Alpine".
#include <map>

#include "base/text.h"
#include "feed/feed.h"
#include "lib/yaml.h"

namespace peekr {
namespace {

// "main" of ".../main.yaml".
std::string repository_of(std::string_view name) {
  name = name.substr(name.find_last_of("/!") + 1);
  return printable(name.substr(0, name.rfind('.')));
}

class Reader {
 public:
  Reader(std::string_view document, Published& out) : document_(document), out_(out) {}

  void package(const std::string& name, const Yaml& ids) {
    if (ids.kind == Yaml::Kind::null) return;
    if (name.empty() || ids.kind != Yaml::Kind::list) return note(name, "not a list of ids");
    for (const Yaml& item : ids.items) {
      const std::string id(cut(trim(item.text), ' ').first);
      if (id.empty() || printable(id) != id) {
        note(name, "an item is no id");
        continue;
      }
      Advisory& one = found_[id];
      one.id = "ALPINE-REJECTED-" + repository_of(document_) + "-" + id;
      one.publisher = "Alpine";
      one.upstream = {id};
      one.affected.push_back({.ecosystem = "Alpine",
                              .package = name,
                              .standing = Standing::not_affected,
                              .reason = "rejected by Alpine's security team"});
    }
  }
  void finish() {
    if (found_.empty()) note("", "no rejection in it");
    for (auto& [id, one] : found_) out_.advisories.push_back(std::move(one));
  }
  void note(const std::string& package, const std::string& what) {
    out_.notes.push_back(
        {Path(document_), Why::damaged, package.empty() ? what : printable(package) + ": " + what});
  }

 private:
  std::string_view document_;
  Published& out_;
  std::map<std::string, Advisory> found_;
};

void parse_rejections(std::string_view name, std::string_view bytes, Published& out) {
  Reader reader(name, out);
  const Result<Yaml> root = parse_yaml(bytes);
  if (!root) return reader.note("", root.error().message);
  if (root->kind != Yaml::Kind::map) return reader.note("", "not a map of packages");
  for (const auto& [package, ids] : root->fields) reader.package(package, ids);
  reader.finish();
}

// A key alone on its line, and an id below it.
bool recognises_rejections(std::string_view name, std::string_view bytes) {
  if (!name.ends_with(".yaml") && !name.ends_with(".yml")) return false;
  std::string_view key, item;
  while (!bytes.empty() && item.empty()) {
    const std::string_view line = next_line(bytes), words = trim(line);
    if (words.empty() || words.starts_with('#') || words == "---") continue;
    (key.empty() ? key : item) = line;
  }
  const std::string_view id = trim(item);
  return key.ends_with(':') && !is_space(key.front()) && id.starts_with("- ") &&
         trim(id.substr(2)).starts_with("CVE-");
}

constexpr Origin kOrigins[] = {
    {.name = "alpine-rejections",
     .url = "https://gitlab.alpinelinux.org/alpine/security/security-rejections/-/raw/master/"
            "{main,community}.yaml",
     .ecosystems = "Alpine"},
};

}  // namespace

namespace feeds {
extern const Feed alpine_rejections;
constexpr Feed alpine_rejections = {
    .name = "alpine-rejections",
    .about = "Alpine's rejections: what its packages do not have",
    .origins = kOrigins,
    .recognises = recognises_rejections,
    .parse = parse_rejections,
};
}  // namespace feeds

}  // namespace peekr
