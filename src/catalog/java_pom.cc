// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_pom.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "lib/xml.h"

namespace peekr {
namespace {

constexpr std::size_t kMostReplaced = 16;

class Reader {
 public:
  explicit Reader(XmlNode root) : root_(root) {
    pom_.self = artifact(root);
    const XmlNode parent = root.child("parent");
    if (pom_.self.group.empty()) pom_.self.group = parent.child("groupId").text();
    if (pom_.self.version.empty()) pom_.self.version = parent.child("version").text();
    for (const XmlNode one : root.child("properties").children()) {
      properties_.emplace(std::string(one.name()), one.text());
    }
    for (const std::string prefix : {"project.", "pom.", ""}) {
      properties_.emplace(prefix + "groupId", pom_.self.group);
      properties_.emplace(prefix + "version", pom_.self.version);
    }
    properties_.emplace("project.parent.version", parent.child("version").text());
    properties_.emplace("project.parent.groupId", parent.child("groupId").text());
    resolve(pom_.self);
  }

  Pom read() {
    for (const XmlNode one : root_.child("licenses").children("license")) {
      const std::string name = one.child("name").text(), url = one.child("url").text();
      if (!name.empty() || !url.empty()) pom_.licenses.push_back(name.empty() ? license_of_url(url) : name);
    }
    std::map<std::string, std::string> managed;
    for (const XmlNode one :
         root_.child("dependencyManagement").child("dependencies").children("dependency")) {
      Artifact known = artifact(one);
      resolve(known);
      managed.emplace(known.group + ":" + known.name, known.version);
    }
    for (const XmlNode one : root_.child("dependencies").children("dependency")) {
      Pom::Dependency dependency{.artifact = artifact(one),
                                 .scope = one.child("scope").text(),
                                 .optional = one.child("optional").text() == "true"};
      resolve(dependency.artifact);
      if (dependency.artifact.version.empty()) {
        const auto found = managed.find(dependency.artifact.group + ":" + dependency.artifact.name);
        if (found != managed.end()) dependency.artifact.version = found->second;
      }
      pom_.dependencies.push_back(std::move(dependency));
    }
    return std::move(pom_);
  }

 private:
  static Artifact artifact(XmlNode from) {
    return {from.child("groupId").text(), from.child("artifactId").text(), from.child("version").text()};
  }

  // Texts with ${..} that nothing here explains become empty: they say nothing.
  void resolve(std::string& text) const {
    for (std::size_t i = 0; i < kMostReplaced; ++i) {
      const std::size_t at = text.find("${");
      if (at == std::string::npos) return;
      const std::size_t end = text.find('}', at);
      if (end == std::string::npos) break;
      const auto found = properties_.find(text.substr(at + 2, end - at - 2));
      if (found == properties_.end() || found->second.size() > 1024) break;
      text.replace(at, end - at + 1, found->second);
    }
    if (text.find("${") != std::string::npos) text.clear();
  }
  void resolve(Artifact& artifact) const {
    resolve(artifact.group);
    resolve(artifact.name);
    resolve(artifact.version);
  }

  XmlNode root_;
  Pom pom_;
  std::map<std::string, std::string> properties_;
};

}  // namespace

std::string license_of_url(std::string_view text) {
  struct Known {
    std::string_view part, license;
  };
  constexpr auto kKnown = std::to_array<Known>({{"apache.org/licenses/LICENSE-2.0", "Apache-2.0"},
                                                {"opensource.org/licenses/MIT", "MIT"},
                                                {"opensource.org/licenses/mit", "MIT"},
                                                {"eclipse.org/legal/epl-v10", "EPL-1.0"},
                                                {"eclipse.org/legal/epl-2.0", "EPL-2.0"},
                                                {"gnu.org/licenses/lgpl-2.1", "LGPL-2.1"}});
  const auto found = std::ranges::find_if(
      kKnown, [&](const Known& one) { return text.find(one.part) != std::string_view::npos; });
  return std::string(found == kKnown.end() ? text : found->license);
}

Result<Pom> parse_pom(std::string_view bytes) {
  const Xml xml = TRY(Xml::parse(bytes));
  if (xml.root().name() != "project") return fail(Errc::damaged, "no project");
  return Reader(xml.root()).read();
}

}  // namespace peekr
