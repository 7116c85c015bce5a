// SPDX-License-Identifier: Apache-2.0
// Java runtimes: the file "release" at the top of an installation (openjdk.org/jeps/223, and the JDK's make/ReleaseFile.gmk):
// KEY="value" lines. The full version is JAVA_RUNTIME_VERSION or, of OpenJ9, FULL_VERSION; old ones have JAVA_VERSION only.
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "catalog/cataloger.h"

namespace peekr {
namespace {

std::string_view value(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const auto [name, quoted] = cut(next_line(text), '=');
    if (name != key) continue;
    std::string_view bare = trim(quoted);
    if (bare.starts_with('"')) bare.remove_prefix(1);
    if (bare.ends_with('"')) bare.remove_suffix(1);
    return bare;
  }
  return {};
}

struct Product {
  std::string_view name, vendor;  // vendor: as NVD knows it under that name
};

Product product(std::string_view maker, std::string_view image) {
  if (maker.starts_with("Azul")) return {"zulu", "azul"};
  if (maker.starts_with("IBM")) return {"java", "ibm"};
  if (maker.starts_with("Oracle") || maker.starts_with("Sun"))
    return {image == "JRE" ? "jre" : "jdk", "oracle"};
  return {"openjdk", "oracle"};
}

void run(const File& file, Inventory& found) {
  if (!file.bytes.starts_with("JAVA_VERSION") && file.bytes.find("\nJAVA_VERSION=") == std::string_view::npos)
    return;
  std::string_view version;
  for (const std::string_view key : {"JAVA_RUNTIME_VERSION", "FULL_VERSION", "JAVA_VERSION"}) {
    if (version.empty()) version = value(file.bytes, key);
  }
  if (version.empty()) {
    found.notes.push_back({file.path, Why::damaged, "a Java runtime without a version"});
    return;
  }
  const std::string_view maker = value(file.bytes, "IMPLEMENTOR");
  const Product one = product(maker, value(file.bytes, "IMAGE_TYPE"));
  // Not declared by a database: where a system package brought it, that package answers for it.
  found.add({.type = "generic",
             .name = std::string(one.name),
             .version = std::string(version),
             .vendor = std::string(maker),
             .path = file.path,
             .cpes = {cpe_name(one.vendor, one.name, version)},
             .by_content = true});
}

constexpr std::array<Pattern, 1> kWants = {"**/release"};

}  // namespace

namespace catalogers {
extern const Cataloger jvm;
constexpr Cataloger jvm = {.name = "jvm",
                           .about = "Java runtimes: the release file of an installation",
                           .version = 2,
                           .wants = kWants,
                           .run = run};
}  // namespace catalogers

}  // namespace peekr
